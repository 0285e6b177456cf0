import type { DomainInterfacesBandwidth } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { checkNotEmpty, checkUnits } from "../core/numbers";
import type { NetworkBandwidth } from "./settings";

/** Renders the limits on a bandwidth. */
export function makeBandwidth(
  machine: IConstruct,
  property: string,
  bandwidth: NetworkBandwidth | undefined,
): DomainInterfacesBandwidth | undefined {
  if (bandwidth === undefined) {
    return undefined;
  }
  checkNotEmpty(machine, property, bandwidth);
  for (const direction of ["inbound", "outbound"] as const) {
    for (const rate of ["average", "peak", "burst"] as const) {
      checkUnits(machine, `${property}.${direction}.${rate}`, bandwidth[direction]?.[rate], "KiB");
    }
  }
  const { inbound, outbound } = bandwidth;
  return {
    inboundAverage: inbound?.average.toKibibytes("up"),
    inboundPeak: inbound?.peak?.toKibibytes("up"),
    inboundBurst: inbound?.burst?.toKibibytes("up"),
    outboundAverage: outbound?.average.toKibibytes("up"),
    outboundPeak: outbound?.peak?.toKibibytes("up"),
    outboundBurst: outbound?.burst?.toKibibytes("up"),
  };
}
