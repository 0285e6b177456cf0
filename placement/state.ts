import { domainOf, hasLabels, type MachineNode, mostIn, type PlacementModel } from "./model";

/** Conditions that a search leaves out, to find those that cannot hold together: see `conflictIn`. */
export interface Relaxed {
  /** Paths of rules. */
  readonly rules?: ReadonlySet<string>;
  /** Paths of machines whose own conditions do not count. */
  readonly machines?: ReadonlySet<string>;
  /** Names of hosts whose maintenance does not count. */
  readonly maintenance?: ReadonlySet<string>;
  /** Resources that do not count. */
  readonly resources?: ReadonlySet<string>;
}

/** A rule with its domains as numbers. */
interface IndexedRule {
  readonly required: boolean;
  readonly together: boolean;
  readonly most: number;
  /** The domain of each host; -1 for a host without the label. */
  readonly domains: Int32Array;
  /** How many machines each domain has. */
  readonly counts: Int32Array;
  readonly members: readonly number[];
  placed: number;
}

/** No host. */
export const NOWHERE = -1;

/**
 * Which machine is on which host, with the sums that follow. Machines, hosts and resources are numbers here, so that a question
 * takes the same time in a fleet of any size.
 */
export class State {
  public readonly resources: readonly string[];
  /** The host of each machine. */
  public readonly hostOf: Int32Array;
  public readonly machinesOn: readonly Set<number>[];
  public readonly rulesOf: readonly (readonly IndexedRule[])[];
  public readonly candidates: readonly (readonly number[])[];
  /** The demand of each machine: as many numbers as there are resources. */
  public readonly demand: Float64Array;
  public readonly capacity: Float64Array;
  public readonly load: Float64Array;
  private readonly isCandidate: readonly Uint8Array[];

  constructor(
    public readonly model: PlacementModel,
    relaxed: Relaxed = {},
  ) {
    const { hosts, machines } = model;
    const names = new Set([...machines.flatMap(({ demand }) => Object.keys(demand))]);
    this.resources = [...names].sort();
    this.hostOf = new Int32Array(machines.length).fill(NOWHERE);
    this.machinesOn = hosts.map(() => new Set());
    this.demand = tabulate(
      machines.length,
      this.resources,
      (machine, resource) => machines[machine]?.demand[resource] ?? 0,
    );
    this.capacity = tabulate(hosts.length, this.resources, (host, resource) =>
      relaxed.resources?.has(resource) === true ? Infinity : (hosts[host]?.capacity[resource] ?? 0),
    );
    this.load = new Float64Array(hosts.length * this.resources.length);
    const sets = new CandidateSets(model, relaxed);
    const found = machines.map((machine) => sets.of(machine));
    this.candidates = found.map(({ list }) => list);
    this.isCandidate = found.map(({ flags }) => flags);
    this.rulesOf = this.indexRules(relaxed);
  }

  /** Whether a machine may be on a host, with all that is placed now. */
  public fits(machine: number, host: number): boolean {
    return this.isCandidate[machine]?.[host] === 1 && this.hasRoom(machine, host) && this.obeysRules(machine, host);
  }

  public mayBeOn(machine: number, host: number): boolean {
    return this.isCandidate[machine]?.[host] === 1;
  }

  public hasRoom(machine: number, host: number): boolean {
    const { length } = this.resources;
    for (let each = 0; each < length; each++) {
      const needed = this.demand[machine * length + each] ?? 0;
      // What needs nothing of a resource also fits where there is too little of it already.
      if (needed > 0 && (this.load[host * length + each] ?? 0) + needed > (this.capacity[host * length + each] ?? 0)) {
        return false;
      }
    }
    return true;
  }

  public obeysRules(machine: number, host: number): boolean {
    return (this.rulesOf[machine] ?? []).every((rule) => !rule.required || obeys(rule, host));
  }

  /** How many preferences a machine on a host would not meet. */
  public unmet(machine: number, host: number): number {
    let count = 0;
    for (const rule of this.rulesOf[machine] ?? []) {
      if (!rule.required && !obeys(rule, host)) count++;
    }
    const { prefers } = this.model.machines[machine] ?? {};
    for (const label in prefers) {
      if (this.model.hosts[host]?.labels[label] !== prefers[label]) count++;
    }
    return count;
  }

  /** The use of a host after a machine has come: the share of the resource that is used most. */
  public useWith(machine: number, host: number): number {
    const { length } = this.resources;
    let most = 0;
    for (let each = 0; each < length; each++) {
      const used = (this.load[host * length + each] ?? 0) + (this.demand[machine * length + each] ?? 0);
      if (used > 0) most = Math.max(most, used / (this.capacity[host * length + each] ?? 0));
    }
    return most;
  }

  /** The use of a host. */
  public use(host: number): number {
    return this.useWith(NOWHERE, host);
  }

  public add(machine: number, host: number): void {
    this.count(machine, host, 1);
    this.hostOf[machine] = host;
    this.machinesOn[host]?.add(machine);
  }

  /** @returns the host that the machine was on */
  public remove(machine: number): number {
    const host = this.hostOf[machine] ?? NOWHERE;
    if (host !== NOWHERE) {
      this.count(machine, host, -1);
      this.hostOf[machine] = NOWHERE;
      this.machinesOn[host]?.delete(machine);
    }
    return host;
  }

  private count(machine: number, host: number, sign: 1 | -1): void {
    const { length } = this.resources;
    for (let each = 0; each < length; each++) {
      const at = host * length + each;
      this.load[at] = (this.load[at] ?? 0) + sign * (this.demand[machine * length + each] ?? 0);
    }
    for (const rule of this.rulesOf[machine] ?? []) {
      const domain = rule.domains[host] ?? -1;
      if (domain >= 0) rule.counts[domain] = (rule.counts[domain] ?? 0) + sign;
      rule.placed += sign;
    }
  }

  private indexRules({ rules: left }: Relaxed): IndexedRule[][] {
    const { hosts, machines, rules } = this.model;
    const numbers = new Map(machines.map(({ path }, machine) => [path, machine]));
    const rulesOf: IndexedRule[][] = machines.map(() => []);
    for (const rule of rules) {
      if (left?.has(rule.path) === true) continue;
      const members = rule.machines.map((path) => numbers.get(path)).filter((number) => number !== undefined);
      const values = new Map<string, number>();
      const domains = Int32Array.from(hosts, (host) => {
        const value = domainOf(host, rule.domain);
        if (value === undefined) return -1;
        if (!values.has(value)) values.set(value, values.size);
        return values.get(value) ?? -1;
      });
      const usable = new Set(
        members.flatMap((machine) => this.candidates[machine] ?? []).map((host) => domains[host] ?? -1),
      );
      usable.delete(-1);
      const indexed: IndexedRule = {
        required: rule.required,
        together: rule.kind === "together",
        most: mostIn(rule, usable.size),
        domains,
        counts: new Int32Array(values.size),
        members,
        placed: 0,
      };
      for (const machine of members) rulesOf[machine]?.push(indexed);
    }
    return rulesOf;
  }
}

function obeys(rule: IndexedRule, host: number): boolean {
  const domain = rule.domains[host] ?? -1;
  if (domain < 0) return false;
  const there = rule.counts[domain] ?? 0;
  return rule.together ? there === rule.placed : there < rule.most;
}

function tabulate(
  rows: number,
  resources: readonly string[],
  amount: (row: number, resource: string) => number,
): Float64Array {
  const table = new Float64Array(rows * resources.length);
  for (let row = 0; row < rows; row++) {
    resources.forEach((resource, column) => (table[row * resources.length + column] = amount(row, resource)));
  }
  return table;
}

interface CandidateSet {
  readonly list: readonly number[];
  readonly flags: Uint8Array;
}

/** The hosts that machines may be on. Machines with the same conditions share a set. */
class CandidateSets {
  private readonly sets = new Map<string, CandidateSet>();
  private readonly fleets;

  constructor(
    private readonly model: PlacementModel,
    private readonly relaxed: Relaxed,
  ) {
    this.fleets = new Map(model.fleets.map((fleet) => [fleet.path, fleet]));
  }

  public of(machine: MachineNode): CandidateSet {
    const isFree = this.relaxed.machines?.has(machine.path) === true;
    const key = JSON.stringify([machine.fleet, machine.candidates, machine.requires, isFree]);
    const known = this.sets.get(key);
    if (known !== undefined) return known;
    const set = this.find(machine, isFree);
    this.sets.set(key, set);
    return set;
  }

  private find(machine: MachineNode, isFree: boolean): CandidateSet {
    const names = new Set(isFree ? this.fleets.get(machine.fleet ?? "")?.hosts : machine.candidates);
    const flags = Uint8Array.from(this.model.hosts, (host) =>
      names.has(host.name) &&
      (machine.fleet === undefined || !host.maintenance || this.relaxed.maintenance?.has(host.name) === true) &&
      (isFree || hasLabels(host, machine.requires))
        ? 1
        : 0,
    );
    return { flags, list: [...flags.keys()].filter((host) => flags[host] === 1) };
  }
}
