import { type Lab, readFleet } from "./fleet";
import { Host } from "./host";
import { validateLabName } from "./names";
import { requireOwnership } from "./ownership";
import { LabPaths } from "./paths";

export interface HostStatus {
  readonly name: string;
  readonly uri: string;
  /** Whether its libvirtd answers. */
  readonly alive: boolean;
  /** How many domains it has, running or not; unset when its libvirtd doesn't answer. */
  readonly domains?: number;
}

export interface LabStatus {
  readonly name: string;
  /** Whether there is such a lab. */
  readonly up: boolean;
  /** In the order in which they were added; empty when the lab is not up. */
  readonly hosts: readonly HostStatus[];
}

/** The lab as its last `up` left it. */
export function load(name: string): Lab {
  validateLabName(name);
  const paths = new LabPaths(name);
  requireOwnership(paths);
  const lab = readFleet(paths);
  if (!lab) throw new Error(`lab '${name}' is not up: bring it up with 'kvm-fleet lab up --name ${name}'`);
  return lab;
}

/** The lab as it is now, asked of its hosts. */
export async function status(name: string): Promise<LabStatus> {
  validateLabName(name);
  const paths = new LabPaths(name);
  requireOwnership(paths);
  const hosts = readFleet(paths)?.hosts ?? [];
  return {
    name,
    up: hosts.length > 0,
    hosts: await Promise.all(hosts.map(({ name: host }) => hostStatus(new Host(paths, host)))),
  };
}

async function hostStatus(host: Host): Promise<HostStatus> {
  const { name, uri } = host;
  if (!(await host.answers())) return { name, uri, alive: false };
  return { name, uri, alive: true, domains: (await host.domains()).length };
}
