import path from "node:path";

/** The checkout that this lab code is part of. */
export const CHECKOUT = path.dirname(__dirname);

/** What the fabric's namespace is called among the hosts'. */
export const FABRIC = "fabric";

/** Where `ip netns` keeps its namespaces. */
export const NETNS_DIRECTORY = "/run/netns";

/** Where everything of one lab lies; no more than names, nothing here touches the disk. */
export class LabPaths {
  /** What the hosts keep: configuration, domains, images, logs. */
  readonly data: string;
  /** Sockets and namespaces, short because a unix socket's path is limited; gone after a reboot, as they should be. */
  readonly runtime: string;

  constructor(
    readonly lab: string,
    readonly checkout = CHECKOUT,
  ) {
    this.data = path.join(checkout, ".lab", lab);
    this.runtime = path.join(RUNTIME_ROOT, lab);
  }

  get fleetFile(): string {
    return path.join(this.data, "fleet.json");
  }

  /** Every host's /etc/hosts. */
  get hostsFile(): string {
    return path.join(this.data, "hosts");
  }

  /** What the storage that the hosts share keeps. */
  get sharedData(): string {
    return path.join(this.data, "shared");
  }

  /** Names the checkout that a running lab belongs to. */
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

  /** One host's own file system: 'etc/libvirt', 'var/lib/libvirt', ... */
  hostData(host: string): string {
    return path.join(this.data, host);
  }

  /** What is /run/libvirt on the host. */
  hostRuntime(host: string): string {
    return path.join(this.runtime, host);
  }

  hostSocket(host: string): string {
    return path.join(this.hostRuntime(host), "libvirt-sock");
  }

  /** The files that hold a host's mount, UTS and cgroup namespaces open. */
  hostNamespaces(host: string): string {
    return path.join(this.runtime, ".namespaces", host);
  }
}

/** Where all labs of this machine have their runtime directories. */
export const RUNTIME_ROOT = "/run/kvm-fleet";

/** The lab and host that a network namespace belongs to; undefined for one that is no lab's. */
export function parseNetns(name: string): { lab: string; host: string } | undefined {
  const match = /^kf-([a-z0-9-]+)-([a-z0-9]+)$/.exec(name);
  return match?.[1] && match[2] ? { lab: match[1], host: match[2] } : undefined;
}
