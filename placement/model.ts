import type { CpuDemand, HostCpus } from "./cpus";

/**
 * Amounts by resource: `memory` in KiB, `vcpus`, and memory in huge pages in KiB, by size (`pages 2048`) and by size and NUMA
 * node (`pages 2048 on node 1`).
 */
export type Resources = Readonly<Record<string, number>>;

/** A host, and what its machines may use together. */
export interface HostNode {
  readonly name: string;
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether machines have to leave the host, and none may come. */
  readonly maintenance: boolean;
  readonly capacity: Resources;
  /** The CPUs that machines can have alone. Undefined if it declares none. */
  readonly cpus?: HostCpus;
}

/** A machine, and what it needs of its host. */
export interface MachineNode {
  readonly path: string;
  /** The path of the fleet that it is placed in. Undefined for a machine whose host the app states. */
  readonly fleet?: string;
  /** The hosts that it may be on, as far as its own properties say, by name. */
  readonly candidates: readonly string[];
  /** Why the other hosts of its fleet are no candidates, by the name of the host. */
  readonly excluded: Readonly<Record<string, string>>;
  /** Labels that its host must have. */
  readonly requires: Readonly<Record<string, string>>;
  /** Labels that its host should have. */
  readonly prefers: Readonly<Record<string, string>>;
  /** The host that was decided before. */
  readonly current?: string;
  readonly demand: Resources;
  /** The CPUs of its host that it is to have alone. Undefined for a machine that shares CPUs. */
  readonly cpus?: CpuDemand;
  /** Whether the machine must have room elsewhere after its host is lost. */
  readonly mustSurvive: boolean;
}

/**
 * A rule about several machines.
 *
 * - `together`: all machines are in one domain
 * - `apart`: no two machines are in one domain
 * - `spread`: no domain has more than an equal share of the machines, rounded up
 */
export interface Rule {
  readonly path: string;
  readonly kind: "together" | "apart" | "spread";
  /** Paths of machines. */
  readonly machines: readonly string[];
  /** The label of hosts whose values are the domains. Undefined if each host is a domain of its own. */
  readonly domain?: string;
  /** Whether the rule is required, and not only preferred. */
  readonly required: boolean;
}

/** How machines are distributed: evenly, or on as few hosts as possible. */
export type Strategy = "spread" | "pack";

/** A group of hosts that machines are placed on. */
export interface FleetNode {
  readonly path: string;
  readonly hosts: readonly string[];
  readonly strategy: Strategy;
  /** The failures after which everything still has to fit. */
  readonly survives?: { readonly failures: number; readonly domain?: string };
}

/** All that a placement follows from. The hosts are in the order of their names, and the machines in that of their paths. */
export interface PlacementModel {
  readonly hosts: readonly HostNode[];
  readonly machines: readonly MachineNode[];
  readonly rules: readonly Rule[];
  readonly fleets: readonly FleetNode[];
}

/** The host of each machine, by path. */
export type Assignment = ReadonlyMap<string, string>;

/** Something that is not as it must be, and where. */
export interface Finding {
  readonly at: string;
  readonly message: string;
}

/** The domain that a host is in, for a rule or a failure; undefined if the host lacks the label. */
export function domainOf(host: HostNode, label: string | undefined): string | undefined {
  return label === undefined ? host.name : host.labels[label];
}

/** Whether a host has all of these labels. */
export function hasLabels(host: HostNode, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([label, value]) => host.labels[label] === value);
}

/** How many machines of a rule a domain may have, when there are so many domains. */
export function mostIn({ kind, machines }: Rule, domains: number): number {
  return kind === "apart" ? 1 : kind === "spread" ? Math.ceil(machines.length / Math.max(1, domains)) : machines.length;
}
