import type { Strategy } from "./model";
import { NOWHERE, type State } from "./state";

/** Chooses hosts for single machines: the fewest unmet preferences first, then what the strategy of the fleet says, then the name. */
export class Chooser {
  private readonly strategies: readonly Strategy[];
  /** The share of an average host that each machine takes. */
  public readonly shares: Float64Array;

  constructor(private readonly state: State) {
    const { machines, fleets } = state.model;
    const strategyOf = new Map(fleets.map(({ path, strategy }) => [path, strategy]));
    this.strategies = machines.map(({ fleet }) => strategyOf.get(fleet ?? "") ?? "spread");
    this.shares = sharesOf(state);
  }

  /** The best host that a machine fits on; NOWHERE if there is none. */
  public best(machine: number, except = NOWHERE): number {
    const { state } = this;
    let [best, unmet, score] = [NOWHERE, Infinity, Infinity];
    for (const host of state.candidates[machine] ?? []) {
      if (host === except || !state.fits(machine, host) || !this.leavesRoom(machine, host)) continue;
      const own = state.unmet(machine, host);
      if (own > unmet) continue;
      const value = this.score(machine, host);
      if (own < unmet || value < score) [best, unmet, score] = [host, own, value];
    }
    return best;
  }

  /** How a host suits the strategy of a machine's fleet: less is better. */
  private score(machine: number, host: number): number {
    const use = this.state.useWith(machine, host);
    if (this.strategies[machine] === "spread") return use;
    // An empty host comes after all others, and the fullest of these first.
    return (this.state.machinesOn[host]?.size === 0 ? 2 : 0) - use;
  }

  /** Whether the first of several machines that stay together leaves a place for the others in its domain. */
  private leavesRoom(machine: number, host: number): boolean {
    const { state } = this;
    const { length } = state.resources;
    for (const { required, together, placed, domains, members } of state.rulesOf[machine] ?? []) {
      if (!required || !together || placed > 0) continue;
      const near = [...domains.keys()].filter((other) => domains[other] === domains[host]);
      const mayCome = (member: number) =>
        near.some((other) => state.mayBeOn(member, other) && state.obeysRules(member, other));
      if (!members.every(mayCome)) return false;
      for (let each = 0; each < length; each++) {
        let [needed, free] = [0, 0];
        for (const member of members) needed += state.demand[member * length + each] ?? 0;
        for (const other of near) {
          free += Math.max(0, (state.capacity[other * length + each] ?? 0) - (state.load[other * length + each] ?? 0));
        }
        if (needed > free) return false;
      }
    }
    return true;
  }
}

/** The share of the whole capacity that each machine takes: of the resource that it needs most of. */
function sharesOf({ model, resources, demand, capacity }: State): Float64Array {
  const totals = resources.map((_, each) => {
    let total = 0;
    for (let at = each; at < capacity.length; at += resources.length) total += capacity[at] ?? 0;
    return total;
  });
  return Float64Array.from(model.machines, (_, machine) =>
    totals.reduce((most, total, each) => {
      const needed = demand[machine * resources.length + each] ?? 0;
      return needed === 0 ? most : Math.max(most, needed / total);
    }, 0),
  );
}
