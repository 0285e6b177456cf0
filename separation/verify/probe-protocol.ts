import type { Service } from "./services";

/**
 * What `terraform-provider-libvirt probe` is asked to send, in JSON. The addresses of the hosts are added to it.
 *
 * The field names are a contract with the provider: a `flow` is a connection or an exchange of datagrams by a guest's own network stack,
 * and `frames` are forged.
 */
export interface ProbeRequest {
  readonly machines: readonly ProbedMachine[];
  readonly flows: readonly Flow[];
  readonly frames: readonly ForgedFrame[];
  /** For how many seconds everything is sent again and again; 0 to send it once. */
  readonly for: number;
}

/** A machine that sends or receives. */
export interface ProbedMachine {
  /** Path of the construct. */
  readonly name: string;
  readonly domain: string;
  /** Names of the hosts that the machine may be on, the most likely one first. */
  readonly hosts: readonly string[];
  readonly interfaces: readonly {
    readonly name: string;
    readonly mac: string;
    readonly addresses: readonly string[];
    readonly addresses6: readonly string[];
  }[];
  /** Ports that the machine listens on during the probe. */
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

/** A connection or exchange that a guest's own network stack initiates from one of its addresses. */
export interface Flow {
  readonly id: number;
  readonly from: string;
  readonly interface: string;
  readonly source: string;
  /** Path of the target machine; empty for an address that no machine has. */
  readonly to: string;
  readonly target: string;
  readonly protocol: Service["protocol"];
  readonly port: number;
  /** Whether one connection stays open for the whole time. */
  readonly hold: boolean;
  /** Whether an answer is expected: without one, it is tried for longer. */
  readonly expected: boolean;
}

/** A frame that is forged in a guest, without its network stack. */
export interface ForgedFrame {
  readonly id: number;
  readonly from: string;
  readonly interface: string;
  readonly to: string;
  readonly kind: FrameKind;
  readonly source: string;
  /** Empty for the interface's own MAC address. */
  readonly sourceMAC: string;
  readonly target: string;
  /** Empty to resolve the MAC address of each next hop in `via`, or for the broadcast address if there is none. */
  readonly targetMAC: string;
  readonly via: readonly string[];
  readonly port: number;
  readonly sourcePort: number;
  readonly vlan: number;
}

/** The kinds of forged frames. */
export type FrameKind =
  | "tcp-syn"
  | "tcp-ack"
  | "udp"
  | "icmp"
  | "fragments"
  | "late-fragment"
  | "gre"
  | "arp-spoof"
  | "ip-spoof"
  | "mac-spoof"
  | "vlan"
  | "broadcast"
  | "multicast"
  | "router-advertisement"
  | "redirect"
  | "neighbour-advertisement"
  | "dhcp-offer"
  | "dhcp6-advertise"
  | "lldp"
  | "stp";

/** The frame that opens a flow, by protocol. */
export const openingFrames = { tcp: "tcp-syn", udp: "udp", icmp: "icmp" } as const satisfies Record<
  Service["protocol"],
  FrameKind
>;

/** What the provider reports after a probe, in JSON. */
export interface ProbeReport {
  readonly machines: readonly { readonly name: string; readonly host: string; readonly error: string }[];
  readonly flows: readonly FlowResult[];
  readonly arrived: readonly Arrival[];
  readonly sent: readonly { readonly id: number; readonly frames: number; readonly error: string }[];
  readonly seconds: number;
}

/** The result of one flow. */
export interface FlowResult {
  readonly id: number;
  readonly tries: number;
  readonly answered: number;
  /** How often the target received it. */
  readonly arrived: number;
  /** The longest time without an answer, in milliseconds. */
  readonly longestGap: number;
  /** Whether a service of the target's own has the port, so that a connection counts as an answer. */
  readonly service: boolean;
  readonly error: string;
}

/** A forged frame that a machine received. */
export interface Arrival {
  readonly id: number;
  /** Path of the machine that received it. */
  readonly at: string;
  /** MAC address of the interface that received it. */
  readonly interface: string;
  readonly count: number;
  /** How many of them were addressed to another MAC address. */
  readonly overheard: number;
}
