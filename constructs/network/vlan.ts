import type { NetworkVlan as VlanResource } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import { checkWhole } from "../core/numbers";
import type { NetworkVlan } from "./settings";

/** Renders VLANs for a network or a domain. */
export function makeVlan(at: IConstruct, property: string, vlan: NetworkVlan | undefined): VlanResource | undefined {
  if (vlan === undefined) {
    return undefined;
  }
  const { tags, trunk } = vlan;
  if (tags.length === 0) {
    addError(at, `'${property}.tags' must have at least one tag, got none; remove '${property}' for no VLAN`);
  }
  for (const tag of tags) {
    checkWhole(at, `${property}.tags`, tag, { least: 0, most: 4095 });
  }
  if (trunk === false && tags.length > 1) {
    addError(at, `'${property}.trunk' must not be false for several tags, which always form a trunk; remove it`);
  }
  return { tags: tags.map(String), trunk: trunk === true && tags.length === 1 ? true : undefined };
}
