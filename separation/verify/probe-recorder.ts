import type { Endpoint } from "./expected-traffic";
import type { Flow, ForgedFrame } from "./probe-protocol";
import type { Service } from "./services";

/** A packet or connection that is sent, and what should happen to it. */
export interface Probe {
  readonly id: number;
  /** Path of the sender. */
  readonly from: string;
  /** Name of the sender's zone. */
  readonly zone: string;
  /** Path of the receiver; undefined for an address that no machine has, and for broadcasts. */
  readonly to?: string;
  /** What is sent, for messages: `tcp 443`, `a frame with a VLAN tag`. */
  readonly what: string;
  /** `answered`: it must be answered. `denied`: no machine may receive it. `known`: it is known to arrive (decisions/0009). */
  readonly expectation: "answered" | "denied" | "known";
  /** Whether it looks like an answer to an allowed flow unless connections are tracked. */
  readonly isLikeAnswer?: boolean;
  /** Name of the rule that allows it. */
  readonly rule?: string;
  /** For something that opens a flow: name of the receiver's zone, and the flow. */
  readonly toZone?: string;
  readonly flow?: string;
}

/** Collects what a probe sends, and assigns the ids. */
export class ProbeRecorder {
  public readonly flows: Flow[] = [];
  public readonly frames: ForgedFrame[] = [];
  public readonly probes: Probe[] = [];
  private lastId = 0;

  public flow(
    probe: Omit<Probe, "id" | "from" | "zone">,
    from: Endpoint,
    flow: Pick<Flow, "target" | "hold"> & Service,
  ): void {
    const id = this.record(probe, from);
    const { target, hold, protocol, port } = flow;
    const ends = { from: from.machine.path, interface: from.nic.name, source: from.address, to: probe.to ?? "" };
    const expected = probe.expectation === "answered";
    this.flows.push({ id, ...ends, target, protocol, port, hold, expected });
  }

  public frame(
    probe: Omit<Probe, "id" | "from" | "zone">,
    from: Omit<Endpoint, "family">,
    frame: Pick<ForgedFrame, "kind"> & Partial<ForgedFrame>,
  ): void {
    const id = this.record(probe, from);
    const ends = { id, from: from.machine.path, interface: from.nic.name, to: probe.to ?? "", source: from.address };
    const unless = { sourceMAC: "", target: "", targetMAC: "", via: [], port: 0, sourcePort: 0, vlan: 0 };
    this.frames.push({ ...unless, ...ends, ...frame });
  }

  private record(probe: Omit<Probe, "id" | "from" | "zone">, { machine, group }: Omit<Endpoint, "family">): number {
    const id = ++this.lastId;
    this.probes.push({ ...probe, id, from: machine.path, zone: group.zone?.name ?? "" });
    return id;
  }
}
