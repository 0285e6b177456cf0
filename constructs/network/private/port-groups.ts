import type { NetworkPortgroups } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { makeBandwidth } from "../bandwidth";
import type { PortGroup } from "../settings";
import { makeVlan } from "../vlan";

/** Renders the port groups of a network. */
export function makePortGroups(
  at: IConstruct,
  groups: Readonly<Record<string, PortGroup>> | undefined,
): Record<string, NetworkPortgroups> | undefined {
  if (groups === undefined) {
    return undefined;
  }
  const standard = Object.keys(groups).filter((name) => groups[name]?.isDefault === true);
  if (standard.length > 1) {
    addError(
      at,
      `'portGroups' must have at most one default, got '${standard.join("' and '")}'; remove 'isDefault' from the others`,
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
          bandwidth: makeBandwidth(at, `${property}.bandwidth`, bandwidth),
        },
      ];
    }),
  );
}

function checkGroupName(at: IConstruct, property: string, name: string): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    addError(
      at,
      `names in '${property}' must be letters, digits, '-', '_' and '.', got '${name}'; remove other characters`,
    );
  }
}
