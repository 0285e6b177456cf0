import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** The checkout or the npm package that contains this code. */
export const CHECKOUT = path.dirname(__dirname);

/** Whether this code is an npm package. */
export const IS_PACKAGE = !fs.existsSync(path.join(CHECKOUT, "lab", "setup.sh"));

/** The folder in which labs keep their data. npm replaces the folder of a package, so a package's labs have another one. */
export const DATA_ROOT = IS_PACKAGE
  ? path.join(process.env.XDG_STATE_HOME ?? path.join(os.homedir(), ".local", "state"), "kvm-fleet")
  : CHECKOUT;

/** The name that the fabric's namespace has in the place of a host's name. */
export const FABRIC = "fabric";

/** The directory in which `ip netns` keeps its namespaces. */
export const NETNS_DIRECTORY = "/run/netns";

/** The paths of one lab. The class only computes names, and does not read or write the disk. */
export class LabPaths {
  /** The hosts' files: configuration, domains, images, logs. */
  readonly data: string;
  /**
   * Sockets and namespaces.
   *
   * The path is short, because the path of a unix socket is limited. It does not survive a reboot.
   */
  readonly runtime: string;

  constructor(
    readonly lab: string,
    readonly checkout = DATA_ROOT,
  ) {
    this.data = path.join(checkout, ".lab", lab);
    this.runtime = path.join(RUNTIME_ROOT, lab);
  }

  get fleetFile(): string {
    return path.join(this.data, "fleet.json");
  }

  /** The file that is /etc/hosts on every host. */
  get hostsFile(): string {
    return path.join(this.data, "hosts");
  }

  /** The files of the shared storage. */
  get sharedData(): string {
    return path.join(this.data, "shared");
  }

  /** The file with the checkout that owns a running lab. */
  get ownerFile(): string {
    return path.join(this.runtime, "owner");
  }

  /** The fabric's network namespace. */
  get fabricNetns(): string {
    return this.netns(FABRIC);
  }

  netns(host: string): string {
    return `kf-${this.lab}-${host}`;
  }

  /** The directory of one host's own files: 'etc/libvirt', 'var/lib/libvirt', ... */
  hostData(host: string): string {
    return path.join(this.data, host);
  }

  /** The directory that is /run/libvirt on the host. */
  hostRuntime(host: string): string {
    return path.join(this.runtime, host);
  }

  hostSocket(host: string): string {
    return path.join(this.hostRuntime(host), "libvirt-sock");
  }

  /** The files that keep a host's mount, UTS and cgroup namespaces open. */
  hostNamespaces(host: string): string {
    return path.join(this.runtime, ".namespaces", host);
  }
}

/** The directory that contains the runtime directories of all labs of this machine. */
export const RUNTIME_ROOT = "/run/kvm-fleet";

/** Returns the lab and the host of a network namespace, or undefined if it is not part of a lab. */
export function parseNetns(name: string): { lab: string; host: string } | undefined {
  const match = /^kf-([a-z0-9-]+)-([a-z0-9]+)$/.exec(name);
  return match?.[1] && match[2] ? { lab: match[1], host: match[2] } : undefined;
}
