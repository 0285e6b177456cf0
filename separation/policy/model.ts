/**
 * What is known of an app's networks before anything is deployed, in names and addresses alone: constructs are called by
 * their paths, hosts by their uris.
 */
export interface Model {
  readonly zones: readonly Zone[];
  readonly hosts: readonly HostNode[];
  readonly networks: readonly NetworkNode[];
  readonly machines: readonly MachineNode[];
  /** Paths of the policies; there is to be one. */
  readonly policies: readonly string[];
  readonly rules: readonly Rule[];
  readonly gateways: readonly GatewayNode[];
}

export interface Zone {
  readonly path: string;
  readonly name: string;
  readonly trust: number;
  readonly internet: boolean;
  /** Bridges and devices of hosts that lead to the zone's own machines and nowhere else. */
  readonly uplinks: readonly string[];
}

export interface HostNode {
  readonly uri: string;
  readonly name: string;
  readonly path: string;
  /** Its own addresses, beside those that it has on its networks. */
  readonly addresses: readonly string[];
}

export interface NetworkNode {
  readonly path: string;
  readonly name: string;
  /** Uri of its host. */
  readonly host: string;
  /** Path of its zone. */
  readonly zone?: string;
  readonly mode?: NetworkMode;
  /** Bridges or devices of the host by which its guests get out. */
  readonly uplinks: readonly string[];
  /** The bridge of its own, where it has one that was given a name. */
  readonly bridge?: string;
  /** Whether libvirt's filters see what goes through it. */
  readonly filtered: boolean;
  /** Tags of its VLANs; none where frames have none. */
  readonly vlans: readonly string[];
  /** Those of its groups of guests that have others. */
  readonly groupVlans: Readonly<Record<string, readonly string[]>>;
  readonly cidr?: string;
  readonly cidr6?: string;
  /** The host's own addresses on it. */
  readonly gateway?: string;
  readonly gateway6?: string;
  readonly dhcp: boolean;
  readonly dhcp6: boolean;
  readonly dns: boolean;
  readonly forwarders: readonly string[];
  /** Ways by guests, as the host knows them. */
  readonly staticRoutes: readonly { readonly destination: string; readonly gateway: string }[];
}

/** How the guests of a network reach what is beyond it: the forward modes of libvirt, and no forwarding at all. */
export type NetworkMode = "isolated" | "nat" | "route" | "open" | "bridge" | "direct" | "sriov";

export interface MachineNode {
  readonly path: string;
  readonly name: string;
  /** Uri of its host. */
  readonly host: string;
  /** Path of its stack: what is made for it is made there. */
  readonly stack: string;
  readonly tags: readonly string[];
  readonly interfaces: readonly InterfaceNode[];
  /** Directories of the host that it sees. */
  readonly directories: readonly string[];
  /** Disks that others may write to as well. */
  readonly sharedDisks: readonly string[];
  /** PCI and mediated devices of the host that it has. */
  readonly devices: readonly string[];
}

/** One of a machine's interfaces. */
export interface InterfaceNode {
  readonly name: string;
  /** Path of its network; undefined where it is on none of the app's. */
  readonly network?: string;
  /** What it is on, for people. */
  readonly connectedTo: string;
  readonly mac?: string;
  readonly addresses: readonly string[];
  readonly addresses6: readonly string[];
  /** A filter that somebody chose by hand. */
  readonly filter?: string;
  readonly portGroup?: string;
  readonly vlans?: readonly string[];
}

/** Some machines, or what is beyond the hosts' networks. */
export type Selector =
  | { readonly kind: "zone" | "network" | "machine"; readonly path: string; readonly label: string }
  | { readonly kind: "tag"; readonly tag: string; readonly label: string }
  | { readonly kind: "outside"; readonly cidrs: readonly string[]; readonly label: string };

export type Protocol = "tcp" | "udp" | "sctp" | "icmp" | "any";

/** The first and the last of some ports. */
export type PortSpan = readonly [start: number, end: number];

/** What a policy allows. */
export interface Rule {
  readonly name: string;
  /** Path of the policy. */
  readonly path: string;
  readonly from: Selector;
  readonly to: Selector;
  readonly protocol: Protocol;
  /** Empty where all ports are meant, or there are none. */
  readonly ports: readonly PortSpan[];
  readonly reason?: string;
}

export interface GatewayNode {
  readonly path: string;
  /** Path of the machine. */
  readonly machine: string;
  /** Paths of the zones that it stands between. */
  readonly zones: readonly string[];
  /** Names of the rules whose traffic it forwards. */
  readonly forwards: readonly string[];
}

/** What selectors, cells and explanations call everything that is beyond the networks of the app. */
export const outside = "outside";

/** Something that must not be deployed. */
export interface Violation {
  /** Path of the construct. */
  readonly at: string;
  readonly message: string;
}

/** The selector as a key. */
export function selectorKey(selector: Selector): string {
  switch (selector.kind) {
    case "tag":
      return `tag:${selector.tag}`;
    case "outside":
      return `outside:${selector.cidrs.join(",")}`;
    default:
      return `${selector.kind}:${selector.path}`;
  }
}

/** `tcp 443`, `udp 1000-2000`, `icmp`. */
export function flowText({ protocol, ports }: Pick<Rule, "protocol" | "ports">): string {
  const spelled = ports.map(([start, end]) => (start === end ? String(start) : `${start}-${end}`)).join(",");
  return spelled === "" ? protocol : `${protocol} ${spelled}`;
}
