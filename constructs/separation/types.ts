import type { IConstruct } from "constructs";
import type { IVirtualMachine } from "../machine/types";
import type { INetworkZone } from "../network/types";

/** A machine that forwards traffic between zones, as other constructs refer to it. */
export interface IGateway extends IConstruct {
  /** The machine. */
  readonly vm: IVirtualMachine;

  /** The zones that the gateway connects. */
  readonly zones: readonly INetworkZone[];

  /** The flows that the gateway forwards. */
  readonly forwards: readonly AllowedFlow[];
}

/** The protocol of a flow. `any` is every protocol over IP. */
export type FlowProtocol = "tcp" | "udp" | "sctp" | "icmp" | "any";

/** A flow that a policy allows. */
export interface AllowedFlow {
  /** The flow's name in filters and reports. */
  readonly name: string;
}

/** The policy of an app, as other constructs refer to it. */
export interface ISeparationPolicy extends IConstruct {
  /** The allowed flows, in the order of the calls of `allow`. */
  readonly rules: readonly AllowedFlow[];
}
