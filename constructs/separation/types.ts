import type { IConstruct } from "constructs";
import type { IVirtualMachine } from "../machine/types";
import type { INetworkZone } from "../network/types";

/** A machine between zones, as other constructs refer to it. */
export interface IGateway extends IConstruct {
  /** The machine. */
  readonly vm: IVirtualMachine;

  /** The zones that it stands between. */
  readonly zones: readonly INetworkZone[];

  /** What it forwards. */
  readonly forwards: readonly AllowedFlow[];
}

/** What is spoken between two ends of a flow; `any` is every protocol over IP. */
export type FlowProtocol = "tcp" | "udp" | "sctp" | "icmp" | "any";

/** Something that a policy allows. */
export interface AllowedFlow {
  /** Its name in filters and reports. */
  readonly name: string;
}

/** What a policy has to say of a whole app. */
export interface ISeparationPolicy extends IConstruct {
  /** What it allows, in the order in which that was said. */
  readonly rules: readonly AllowedFlow[];
}
