import { problemOf } from "./check";
import {
  type Assignment,
  domainOf,
  type HostNode,
  type MachineNode,
  mostIn,
  type PlacementModel,
  type Rule,
} from "./model";
import { quantity } from "./quantity";

/** A host of a machine's fleet, and whether the machine could be there with all others where they are. */
export interface Possibility {
  readonly host: string;
  readonly isChosen: boolean;
  /** Why the machine cannot be there; empty if it can. */
  readonly obstacles: readonly string[];
  /** Preferences that would not be met there. */
  readonly unmet: readonly string[];
  /** The share of the capacity that would be in use there, by resource. */
  readonly use: Readonly<Record<string, number>>;
}

/** Why a machine is on its host, and what else would be possible. */
export interface Explanation {
  readonly machine: MachineNode;
  readonly possibilities: readonly Possibility[];
}

/**
 * Explains the host of a machine.
 *
 * @param name the path of a machine, or the end of it after a '/'
 * @returns the paths that the name fits, if it does not fit exactly one
 */
export function explain(
  model: PlacementModel,
  assignment: Assignment,
  name: string,
): Explanation | { readonly matches: readonly string[] } {
  const found = model.machines.filter(({ path }) => path === name || path.endsWith(`/${name}`));
  const [machine] = found;
  if (machine === undefined || found.length > 1) return { matches: found.map(({ path }) => path) };
  const fleet = model.fleets.find(({ path }) => path === machine.fleet);
  const chosen = assignment.get(machine.path);
  const possibilities = model.hosts
    .filter((host) => fleet?.hosts.includes(host.name) ?? host.name === chosen)
    .map((host) => possibility(model, assignment, machine, host));
  return { machine, possibilities };
}

function possibility(model: PlacementModel, assignment: Assignment, machine: MachineNode, host: HostNode): Possibility {
  const own = problemOf(machine, host);
  const others = model.machines.filter(({ path }) => path !== machine.path && assignment.get(path) === host.name);
  const use: Record<string, number> = {};
  const obstacles = own === undefined ? [] : [own];
  for (const [resource, needed] of Object.entries(machine.demand)) {
    const used = others.reduce((sum, { demand }) => sum + (demand[resource] ?? 0), 0);
    const capacity = host.capacity[resource] ?? 0;
    if (needed > 0) use[resource] = (used + needed) / capacity;
    if (needed > 0 && used + needed > capacity) {
      obstacles.push(
        `needs ${quantity(resource, needed)}, ${quantity(resource, Math.max(0, capacity - used))} is left`,
      );
    }
  }
  const unmet = Object.entries(machine.prefers)
    .filter(([label, value]) => host.labels[label] !== value)
    .map(([label, value]) => `label ${label}=${value}`);
  for (const rule of model.rules.filter(({ machines }) => machines.includes(machine.path))) {
    const problem = ruleProblem(model, assignment, rule, machine, host);
    if (problem !== undefined) (rule.required ? obstacles : unmet).push(problem);
  }
  return { host: host.name, isChosen: assignment.get(machine.path) === host.name, obstacles, unmet, use };
}

function ruleProblem(
  model: PlacementModel,
  assignment: Assignment,
  rule: Rule,
  machine: MachineNode,
  host: HostNode,
): string | undefined {
  const hosts = new Map(model.hosts.map((each) => [each.name, each]));
  const there = domainOf(host, rule.domain);
  if (there === undefined) return `${rule.path}: the host has no label '${rule.domain ?? ""}'`;
  const others = rule.machines.filter((path) => path !== machine.path);
  const isThere = (path: string) => {
    const its = hosts.get(assignment.get(path) ?? "");
    return its !== undefined && domainOf(its, rule.domain) === there;
  };
  if (rule.kind === "together") {
    const elsewhere = others.filter((path) => assignment.has(path) && !isThere(path));
    return elsewhere.length === 0 ? undefined : `${rule.path}: ${elsewhere.join(", ")} must be together with it`;
  }
  const domains = new Set(model.hosts.map((each) => domainOf(each, rule.domain)));
  domains.delete(undefined);
  const near = others.filter(isThere);
  return near.length < mostIn(rule, domains.size) ? undefined : `${rule.path}: ${near.join(", ")} is there`;
}
