import type { FleetNode, PlacementModel } from "./model";

/**
 * What no placement of a fleet can be better than, whatever the rules say: the fewest hosts in use, and the lowest use of the
 * host that is used most.
 */
export interface Bound {
  readonly hosts: number;
  /** A share of the capacity: 1 is all of it. */
  readonly use: number;
}

/** Computes the bound from the sums of what the machines need, as if each could be divided among hosts. */
export function boundOf(model: PlacementModel, fleet: FleetNode): Bound {
  const hosts = model.hosts.filter(({ name, maintenance }) => fleet.hosts.includes(name) && !maintenance);
  const machines = model.machines.filter((machine) => machine.fleet === fleet.path);
  const resources = [...new Set(machines.flatMap(({ demand }) => Object.keys(demand)))];
  const bounds = resources.map((resource) => {
    const needed = machines.reduce((sum, { demand }) => sum + (demand[resource] ?? 0), 0);
    const capacities = hosts.map(({ capacity }) => capacity[resource] ?? 0).sort((one, other) => other - one);
    let rest = needed;
    const enough = capacities.findIndex((capacity) => (rest -= capacity) <= 0);
    return {
      hosts: needed === 0 ? 0 : enough < 0 ? Infinity : enough + 1,
      use: needed === 0 ? 0 : needed / capacities.reduce((sum, capacity) => sum + capacity, 0),
    };
  });
  return {
    hosts: Math.max(0, ...bounds.map((bound) => bound.hosts)),
    use: Math.max(0, ...bounds.map((bound) => bound.use)),
  };
}

/** The hosts in use by a placement of a fleet, and the use of the host that is used most. */
export function useOf(model: PlacementModel, fleet: FleetNode, assignment: ReadonlyMap<string, string>): Bound {
  const sums = new Map<string, Map<string, number>>();
  for (const { path, demand } of model.machines) {
    const name = assignment.get(path);
    if (name === undefined || !fleet.hosts.includes(name)) continue;
    const sum = sums.get(name) ?? new Map<string, number>();
    sums.set(name, sum);
    for (const [resource, amount] of Object.entries(demand)) sum.set(resource, (sum.get(resource) ?? 0) + amount);
  }
  const capacities = new Map(model.hosts.map(({ name, capacity }) => [name, capacity]));
  const shares = [...sums].flatMap(([name, sum]) =>
    [...sum].map(([resource, amount]) => (amount === 0 ? 0 : amount / (capacities.get(name)?.[resource] ?? 0))),
  );
  return { hosts: sums.size, use: Math.max(0, ...shares) };
}
