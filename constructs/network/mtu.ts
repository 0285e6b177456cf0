import type { IConstruct } from "constructs";
import { checkWhole } from "../core/numbers";

/** Checks the size of the largest packet: what IPv4 needs at least, and what libvirt takes at most. */
export function checkMtu(at: IConstruct, property: string, mtu: number | undefined): number | undefined {
  checkWhole(at, property, mtu, { least: 68, most: 65_535 });
  return mtu;
}
