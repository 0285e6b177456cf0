import type { DomainRollout } from "@cdktf/provider-libvirt";
import type { RollingGroup } from "../rolling-group";

/** Renders the rolling group of a machine. */
export function makeRollout(group: RollingGroup | undefined): DomainRollout | undefined {
  return group && { group: group.groupName, maxUnavailable: group.maxUnavailable, minAvailable: group.minAvailable };
}
