import { DeepHost } from "./deep/host";
import { DEEP } from "./deep/image";
import { Host } from "./host";
import type { HostControl } from "./host-control";
import { kindOf } from "./host-kind";
import type { LabPaths } from "./paths";

/** Returns a host of a lab, whatever its kind is. */
export function hostOf(paths: LabPaths, name: string): HostControl {
  return kindOf(paths, name) === DEEP ? new DeepHost(paths, name) : new Host(paths, name);
}
