import { type Endpoint, type ExpectedTraffic, shareSegment, type Service } from "./expected";

/** What the provider is asked to probe, beside the addresses of the hosts. */
export interface ProbeRequest {
  readonly machines: readonly ProbedMachine[];
  readonly talks: readonly Talk[];
  readonly raw: readonly RawFrame[];
  /** Seconds; 0 for once. */
  readonly for: number;
}

export interface ProbedMachine {
  /** Path of the construct. */
  readonly name: string;
  readonly domain: string;
  /** Names of the hosts where it may be, likeliest first. */
  readonly hosts: readonly string[];
  readonly legs: readonly {
    readonly name: string;
    readonly mac: string;
    readonly addresses: readonly string[];
    readonly addresses6: readonly string[];
  }[];
  /** Ports that are listened on. */
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

/** Something that a guest's own network stack begins, from one of its addresses. */
export interface Talk {
  readonly id: number;
  readonly from: string;
  readonly leg: string;
  readonly source: string;
  /** Path of a machine; empty for an address that is none of theirs. */
  readonly to: string;
  readonly target: string;
  readonly protocol: Service["protocol"];
  readonly port: number;
  /** Whether it is one connection for the whole time. */
  readonly hold: boolean;
}

/** A frame that is made in a guest, past its network stack. */
export interface RawFrame {
  readonly id: number;
  readonly from: string;
  readonly leg: string;
  readonly to: string;
  readonly kind: FrameKind;
  readonly source: string;
  /** Empty for its own. */
  readonly sourceMAC: string;
  readonly target: string;
  /** Empty where that of each of `via` is asked for; without any, everybody's. */
  readonly targetMAC: string;
  readonly via: readonly string[];
  readonly port: number;
  readonly sourcePort: number;
  readonly vlan: number;
}

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

/** What is known of something that is sent, to judge what became of it. */
export interface Probe {
  readonly id: number;
  /** Path of the machine that sends it. */
  readonly from: string;
  /** The zone that it is sent from. */
  readonly zone: string;
  /** Path of the machine that it is for; undefined where it is for an address, or for all. */
  readonly to?: string;
  /** What is sent, for people: `tcp 443`, `a frame with a VLAN tag`. */
  readonly what: string;
  /** Whether it has to be answered, must arrive at nobody, or is known to arrive. */
  readonly expectation: "answered" | "denied" | "known";
  /** Whether all but what knows connections takes it for an answer to an allowed flow. */
  readonly isLikeAnswer?: boolean;
  /** Name of the rule that lets it through. */
  readonly rule?: string;
  /** The zone that it is for, and what is spoken, of something that begins a flow. */
  readonly toZone?: string;
  readonly flow?: string;
}

/** Gives out ids, and keeps what is sent under each. */
export class ProbeRecorder {
  public readonly talks: Talk[] = [];
  public readonly raw: RawFrame[] = [];
  public readonly probes: Probe[] = [];
  private lastId = 0;

  public talk(
    probe: Omit<Probe, "id" | "from" | "zone">,
    from: Endpoint,
    talk: Pick<Talk, "target" | "hold"> & Service,
  ): void {
    const id = this.record(probe, from);
    const { target, hold, protocol, port } = talk;
    const ends = { from: from.machine.path, leg: from.nic.name, source: from.address, to: probe.to ?? "" };
    this.talks.push({ id, ...ends, target, protocol, port, hold });
  }

  public frame(
    probe: Omit<Probe, "id" | "from" | "zone">,
    from: Omit<Endpoint, "family">,
    frame: Pick<RawFrame, "kind"> & Partial<RawFrame>,
  ): void {
    const id = this.record(probe, from);
    const ends = { id, from: from.machine.path, leg: from.nic.name, to: probe.to ?? "", source: from.address };
    const unless = { sourceMAC: "", target: "", targetMAC: "", via: [], port: 0, sourcePort: 0, vlan: 0 };
    this.raw.push({ ...unless, ...ends, ...frame });
  }

  private record(probe: Omit<Probe, "id" | "from" | "zone">, { machine, group }: Omit<Endpoint, "family">): number {
    const id = ++this.lastId;
    this.probes.push({ ...probe, id, from: machine.path, zone: group.zone?.name ?? "" });
    return id;
  }
}

/**
 * Every way that a guest could try: to the other end itself, where frames get there; by the host's address on its network; and
 * by each gateway that has an interface there.
 */
export function nextHops(
  expected: ExpectedTraffic,
  from: Endpoint,
  to: Endpoint | undefined,
): Pick<RawFrame, "targetMAC" | "via"> {
  const isNear = to !== undefined && shareSegment(from.group, to.group);
  const { gateway, gateway6 } = from.group.network;
  const gateways = expected.endpoints.filter(
    ({ group, machine }) =>
      group.gateway !== undefined &&
      machine !== from.machine &&
      machine !== to?.machine &&
      shareSegment(group, from.group),
  );
  const hops = [
    isNear && to.nic.mac === undefined ? to.address : undefined,
    expected.family === 4 ? gateway : gateway6,
    ...gateways.map(({ address }) => address),
  ];
  return {
    targetMAC: isNear ? (to.nic.mac ?? "") : "",
    via: [...new Set(hops.filter((hop) => hop !== undefined))],
  };
}
