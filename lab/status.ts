import { hostsWithData, type Lab, readFleet } from "./fleet";
import type { HostControl } from "./host-control";
import type { HostKind } from "./host-kind";
import { hostOf } from "./hosts";
import { validateLabName } from "./names";
import { requireOwnership } from "./ownership";
import { LabPaths } from "./paths";

export interface HostStatus {
  readonly name: string;
  readonly kind: HostKind;
  readonly uri: string;
  /** Whether its libvirtd answers. */
  readonly alive: boolean;
  /** The number of its domains, whether running or not. Unset if its libvirtd does not answer. */
  readonly domains?: number;
}

export interface LabStatus {
  readonly name: string;
  /** Whether its last `up` was completed after the last boot of this machine. */
  readonly up: boolean;
  /** All hosts that were created, whether up or not. */
  readonly hosts: readonly HostStatus[];
}

/** Reads the state of the lab after its last `up`. */
export function load(name: string): Lab {
  validateLabName(name);
  const paths = new LabPaths(name);
  requireOwnership(paths);
  const lab = readFleet(paths);
  if (!lab) throw new Error(`lab '${name}' is not up; bring it up with 'kvm-fleet lab up --name ${name}'`);
  return lab;
}

/** Asks the hosts of the lab for its current state. */
export async function status(name: string): Promise<LabStatus> {
  validateLabName(name);
  const paths = new LabPaths(name);
  requireOwnership(paths);
  const hosts = hostsWithData(paths).map((host) => hostOf(paths, host));
  return { name, up: readFleet(paths) !== undefined, hosts: await Promise.all(hosts.map(hostStatus)) };
}

async function hostStatus(host: HostControl): Promise<HostStatus> {
  const { name, kind, uri } = host;
  if (!(await host.answers())) return { name, kind, uri, alive: false };
  return { name, kind, uri, alive: true, domains: (await host.domains()).length };
}
