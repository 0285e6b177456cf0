import type { NetworkBandwidth as Rates, NetworkPortgroups, NetworkVlan as Vlan } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import type { NetworkVlan, PortGroup } from "../settings";
import type { NetworkBandwidth } from "../../machine/network-interfaces";
import { refuse } from "../../core/errors";
import { makeBandwidth } from "../../machine/private/disk-throttle";
import { checkWhole } from "../../core/numbers";

/** How fast a network's guests may be, as the network is given it. */
export function checkBandwidth(
  at: IConstruct,
  property: string,
  bandwidth: NetworkBandwidth | undefined,
): Rates | undefined {
  return makeBandwidth(at, property, bandwidth);
}

/** VLANs, as networks and domains are given them. */
export function makeVlan(at: IConstruct, property: string, vlan: NetworkVlan | undefined): Vlan | undefined {
  if (vlan === undefined) {
    return undefined;
  }
  const { tags, trunk } = vlan;
  if (tags.length === 0) {
    refuse(at, `'${property}.tags' must name at least one, got none; leave '${property}' out to have none`);
  }
  for (const tag of tags) {
    checkWhole(at, `${property}.tags`, tag, { least: 0, most: 4095 });
  }
  if (trunk === false && tags.length > 1) {
    refuse(at, `'${property}.trunk' must be left out for several tags, which always are one, got false`);
  }
  return { tags: tags.map(String), trunk: trunk === true && tags.length === 1 ? true : undefined };
}

/** A network's groups, as it is given them. */
export function makePortGroups(
  at: IConstruct,
  groups: Readonly<Record<string, PortGroup>> | undefined,
): Record<string, NetworkPortgroups> | undefined {
  if (groups === undefined) {
    return undefined;
  }
  const standard = Object.keys(groups).filter((name) => groups[name]?.isDefault === true);
  if (standard.length > 1) {
    refuse(
      at,
      `'portGroups' must have one default, got '${standard.join("' and '")}'; take 'isDefault' out of all others`,
    );
  }
  return Object.fromEntries(
    Object.entries(groups).map(([name, { isDefault, vlan, bandwidth }]) => {
      checkGroupName(at, "portGroups", name);
      const property = `portGroups.${name}`;
      return [
        name,
        {
          default: isDefault === true ? true : undefined,
          vlan: makeVlan(at, `${property}.vlan`, vlan),
          bandwidth: checkBandwidth(at, `${property}.bandwidth`, bandwidth),
        },
      ];
    }),
  );
}

function checkGroupName(at: IConstruct, property: string, name: string): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    refuse(at, `a name in '${property}' must be letters, digits, '-', '_' and '.', got '${name}'; leave the rest out`);
  }
}
