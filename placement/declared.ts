import { capacityOf, CORES, demandOf, type DomainDemand, type HostFacts, type HostLimits } from "./capacity";
import type { FleetNode, HostNode, MachineNode, PlacementModel, Resources, Rule } from "./model";

/** What an app declares about the placement of its machines. */
export interface DeclaredModel {
  readonly hosts: readonly (Omit<HostNode, "capacity"> & { readonly limits: HostLimits })[];
  readonly machines: readonly DeclaredMachine[];
  readonly rules: readonly Rule[];
  readonly fleets: readonly FleetNode[];
}

/** A machine as the app declares it. What it needs follows from its domain. */
export type DeclaredMachine = Omit<MachineNode, "demand">;

/** A domain of the app, and what it needs. */
export interface DeclaredDomain {
  /** The path of its machine, or of the domain itself if no machine has declared it. */
  readonly path: string;
  readonly host: string;
  readonly arch?: string;
  readonly type?: string;
  readonly demand: DomainDemand;
}

/**
 * Puts together what an app declares and what its hosts have.
 *
 * @param facts the facts of each host, by name; without them, a host has no room
 */
export function modelOf(
  declared: DeclaredModel,
  domains: readonly DeclaredDomain[],
  facts: ReadonlyMap<string, HostFacts>,
): PlacementModel {
  // A host of several stacks is one host.
  const hosts = new Map(declared.hosts.map((host) => [host.name, host]));
  const machines = new Map(declared.machines.map((machine) => [machine.path, machine]));
  return {
    hosts: [...hosts.values()]
      .map(({ limits, ...host }) => {
        const own = facts.get(host.name);
        const cores: Resources = host.cpus === undefined ? {} : { [CORES]: host.cpus.cores.length };
        return { ...host, capacity: own === undefined ? {} : { ...capacityOf(own, limits), ...cores } };
      })
      .sort((one, other) => compare(one.name, other.name)),
    machines: domains
      .map((domain) => withKinds(machineOf(domain, machines.get(domain.path)), domain, facts))
      .sort((one, other) => compare(one.path, other.path)),
    rules: declared.rules,
    fleets: declared.fleets,
  };
}

function machineOf({ path, host, demand }: DeclaredDomain, machine: DeclaredMachine | undefined): MachineNode {
  const stated = { path, candidates: [host], excluded: {}, requires: {}, prefers: {}, mustSurvive: true };
  const { cpus } = machine ?? {};
  // A core has two threads where machines use all of them, as far as is known before the host is.
  const cores: Resources = cpus === undefined ? {} : { [CORES]: Math.ceil(cpus.count / (cpus.threads ? 2 : 1)) };
  return { ...(machine ?? stated), demand: { ...demandOf(demand), ...cores } };
}

/** Takes hosts away that cannot run machines of this architecture. */
function withKinds(
  machine: MachineNode,
  { arch, type }: DeclaredDomain,
  facts: ReadonlyMap<string, HostFacts>,
): MachineNode {
  if (machine.fleet === undefined) return machine;
  const cannot = machine.candidates.filter((name) => {
    const own = facts.get(name);
    return (
      own !== undefined &&
      !own.guests.some((kind) => kind.arch === (arch ?? own.arch) && kind.types.includes(type ?? ""))
    );
  });
  const reason = `it runs no machines with architecture ${arch ?? "of the host"} and accelerator '${type ?? ""}'`;
  return {
    ...machine,
    candidates: machine.candidates.filter((name) => !cannot.includes(name)),
    excluded: { ...machine.excluded, ...Object.fromEntries(cannot.map((name) => [name, reason])) },
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
