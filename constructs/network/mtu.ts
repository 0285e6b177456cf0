import type { IConstruct } from "constructs";
import { checkWhole } from "../core/numbers";

/** Checks an MTU: at least the minimum of IPv4, and at most the maximum of libvirt. */
export function checkMtu(at: IConstruct, property: string, mtu: number | undefined): number | undefined {
  checkWhole(at, property, mtu, { least: 68, most: 65_535 });
  return mtu;
}
