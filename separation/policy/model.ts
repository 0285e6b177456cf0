/**
 * The networks, machines and policy of an app before it is deployed.
 *
 * It is plain data: constructs are identified by their paths, hosts by their URIs.
 */
export interface Model {
  readonly zones: readonly Zone[];
  readonly hosts: readonly HostNode[];
  readonly networks: readonly NetworkNode[];
  readonly machines: readonly MachineNode[];
  /** Paths of the policies. An app with zones has exactly one. */
  readonly policies: readonly string[];
  /** What the names of filters begin with. Undefined if there is no policy. */
  readonly filterPrefix?: string;
  readonly rules: readonly Rule[];
  readonly gateways: readonly GatewayNode[];
}

/** A class of networks with the same level of trust. */
export interface Zone {
  readonly path: string;
  readonly name: string;
  readonly trust: number;
  readonly internet: boolean;
  /** Bridges and devices of hosts that lead only to machines of this zone. */
  readonly uplinks: readonly string[];
}

/** A KVM host. */
export interface HostNode {
  readonly uri: string;
  readonly name: string;
  readonly path: string;
  /** The host's addresses, without those on the networks that libvirt runs there. */
  readonly addresses: readonly string[];
}

/** A libvirt network on one host. */
export interface NetworkNode {
  readonly path: string;
  readonly name: string;
  /** URI of the network's host. */
  readonly host: string;
  /** Path of the network's zone. */
  readonly zone?: string;
  readonly mode?: NetworkMode;
  /** Bridges or devices of the host that carry the traffic of guests out of the network. */
  readonly uplinks: readonly string[];
  /** Name of the bridge that libvirt creates for the network, if the app sets one. */
  readonly bridge?: string;
  /** Whether libvirt's filters (nwfilter) see the traffic of the network. */
  readonly filtered: boolean;
  /** VLAN tags of the network. Empty for untagged frames. */
  readonly vlans: readonly string[];
  /** VLAN tags by port group, for port groups with tags of their own. */
  readonly groupVlans: Readonly<Record<string, readonly string[]>>;
  readonly cidr?: string;
  readonly cidr6?: string;
  /** The host's addresses on the network. */
  readonly gateway?: string;
  readonly gateway6?: string;
  readonly dhcp: boolean;
  readonly dhcp6: boolean;
  readonly dns: boolean;
  readonly forwarders: readonly string[];
  /** Static routes of the host whose next hop is a guest. */
  readonly staticRoutes: readonly { readonly destination: string; readonly gateway: string }[];
}

/** How the guests of a network reach what is beyond it: the forward modes of libvirt, and no forwarding at all. */
export type NetworkMode = "isolated" | "nat" | "route" | "open" | "bridge" | "direct" | "sriov";

/** A virtual machine. */
export interface MachineNode {
  readonly path: string;
  readonly name: string;
  /** URI of the machine's host. */
  readonly host: string;
  /** Path of the machine's stack, which also gets the machine's filters. */
  readonly stack: string;
  readonly tags: readonly string[];
  readonly interfaces: readonly InterfaceNode[];
  /** Directories of the host that are shared with the guest. */
  readonly directories: readonly string[];
  /** Disks that other machines can write to, too. */
  readonly sharedDisks: readonly string[];
  /** PCI and mediated devices of the host that are passed through to the guest. */
  readonly devices: readonly string[];
}

/** A network interface of a machine. Variables are called `nic`, because `interface` is a reserved word. */
export interface InterfaceNode {
  readonly name: string;
  /** Path of the interface's network; undefined if the app does not define that network. */
  readonly network?: string;
  /** Name of the network, bridge or device that the interface is connected to, for messages. */
  readonly connectedTo: string;
  readonly mac?: string;
  readonly addresses: readonly string[];
  readonly addresses6: readonly string[];
  /** A filter that the stack sets itself. */
  readonly filter?: string;
  readonly portGroup?: string;
  readonly vlans?: readonly string[];
}

/** One end of a rule: interfaces of the app, or addresses outside the app's networks. */
export type Selector =
  | { readonly kind: "zone" | "network" | "machine"; readonly path: string; readonly label: string }
  | { readonly kind: "tag"; readonly tag: string; readonly label: string }
  | { readonly kind: "outside"; readonly cidrs: readonly string[]; readonly label: string };

export type Protocol = "tcp" | "udp" | "sctp" | "icmp" | "any";

/** A range of ports, both ends included. */
export type PortSpan = readonly [start: number, end: number];

/** A flow that the policy allows: traffic that `from` may initiate to `to`, and the answers. */
export interface Rule {
  readonly name: string;
  /** Path of the policy that has the rule. */
  readonly path: string;
  readonly from: Selector;
  readonly to: Selector;
  readonly protocol: Protocol;
  /** The destination ports. Empty for all ports, and for a protocol without ports. */
  readonly ports: readonly PortSpan[];
  readonly reason?: string;
}

/** A machine that forwards traffic between zones. */
export interface GatewayNode {
  readonly path: string;
  /** Path of the machine that is the gateway. */
  readonly machine: string;
  /** Paths of the zones that the gateway connects. */
  readonly zones: readonly string[];
  /** Names of the rules whose traffic the gateway forwards. */
  readonly forwards: readonly string[];
}

/** What selectors, cells and explanations call the addresses that belong to no network of the app. */
export const outside = "outside";

/** A mistake in the model that prevents its deployment. */
export interface Violation {
  /** Path of the construct to change. */
  readonly at: string;
  readonly message: string;
}

/** A key that two selectors share if they select the same interfaces or addresses. */
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

/** Formats a flow for people: `tcp 443`, `udp 1000-2000`, `icmp`. */
export function flowText({ protocol, ports }: Pick<Rule, "protocol" | "ports">): string {
  const portList = ports.map(([start, end]) => (start === end ? String(start) : `${start}-${end}`)).join(",");
  return portList === "" ? protocol : `${protocol} ${portList}`;
}

/** Reports whether a value that was read from JSON has the fields of this version's model. */
export function isModel(value: unknown): value is Model {
  const { machines, networks } = (value ?? {}) as Partial<Model>;
  const haveField = (nodes: readonly object[] | undefined, field: string) =>
    Array.isArray(nodes) && nodes.every((node: object) => field in node);
  return haveField(machines, "interfaces") && haveField(networks, "staticRoutes");
}
