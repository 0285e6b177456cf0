import type { DomainDisksSource } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { parseServers } from "./private/servers";

/** An image in Ceph, as QEMU itself reaches it. */
export interface CephDisk {
  /** The image: its pool, and its name there, such as `vms/web-1`. */
  readonly image: string;

  /**
   * The monitors, as `host` or `host:port`.
   *
   * @default - those of `config`
   */
  readonly monitors?: readonly string[];

  /**
   * Absolute path of a `ceph.conf` on the machine's host.
   *
   * @default - none
   */
  readonly config?: string;

  /**
   * Who logs in.
   *
   * @default - nobody
   */
  readonly login?: DiskLogin;
}

/** Who logs in at a server, and which secret of the machine's host has the key or password. */
export interface DiskLogin {
  /** The user's name. */
  readonly user: string;

  /** The UUID of libvirt's secret. */
  readonly secretUuid: string;
}

/** A unit of an iSCSI target, as QEMU itself reaches it. */
export interface IscsiDisk {
  /** Where the target is, as `host` or `host:port`. */
  readonly portal: string;

  /** The target's IQN. */
  readonly target: string;

  /**
   * The number of the unit.
   *
   * @default 0
   */
  readonly lun?: number;

  /**
   * The IQN under which the target knows the machine's host.
   *
   * @default - QEMU's own
   */
  readonly initiator?: string;

  /**
   * Who logs in (CHAP).
   *
   * @default - nobody
   */
  readonly login?: DiskLogin;
}

/** An export of an NBD server. */
export interface NbdDisk {
  /** Where the server is, as `host` or `host:port`. */
  readonly server: string;

  /**
   * Which of its exports.
   *
   * @default - the one without a name
   */
  readonly exportName?: string;

  /**
   * Whether it is encrypted, with the certificates that the host's `qemu.conf` names.
   *
   * @default false
   */
  readonly tls?: boolean;
}

/** A file of a Gluster volume, as QEMU itself reaches it. */
export interface GlusterDisk {
  /** The servers, as `host` or `host:port`. */
  readonly servers: readonly string[];

  /** The volume, and the path of the file in it, such as `vms/web-1.img`. */
  readonly file: string;
}

/** Something on a web server. */
export interface WebDisk {
  /**
   * Whether the server's certificate is checked.
   *
   * @default true
   */
  readonly verify?: boolean;
}

/**
 * What a machine's disk is where it is no volume in a pool.
 *
 * What is on the network can be reached from every host: it stays where it is when the machine moves.
 *
 * @example
 * const login = { user: "vms", secretUuid: "2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01" };
 * const disks = [
 *   { source: Disk.device("/dev/disk/by-id/wwn-0x5000c500a1b2c3d4") },
 *   { source: Disk.ceph({ image: "vms/web-1", monitors: ["10.0.0.1", "10.0.0.2"], login }) },
 * ];
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export class Disk {
  /** A block device of the machine's host, by its absolute path. It moves with no machine: its hosts must share it. */
  public static device(path: string): Disk {
    checkAbsolute("a device", path, "/dev/sdb");
    return new Disk({ block: path });
  }

  /** An image in Ceph. */
  public static ceph({ image, monitors = [], config, login }: CephDisk): Disk {
    if (!Token.isUnresolved(image) && !/^[^/]+\/.+$/.test(image)) {
      throw new Error(`an image in Ceph must be a pool and a name in it, got '${image}'; write it like 'vms/web-1'`);
    }
    if (config !== undefined) {
      checkAbsolute("a Ceph configuration", config, "/etc/ceph/ceph.conf");
    } else if (monitors.length === 0) {
      throw new Error(`image '${image}' in Ceph must have 'monitors' or a 'config', got neither; say where it is`);
    }
    const hosts = monitors.length > 0 ? parseServers(monitors) : undefined;
    return new Disk({ protocol: "rbd", name: image, hosts, config, ...credentials(login) });
  }

  /** A unit of an iSCSI target. */
  public static iscsi({ portal, target, lun = 0, initiator, login }: IscsiDisk): Disk {
    if (!Number.isInteger(lun) || lun < 0) {
      throw new Error(`a unit of an iSCSI target must be a whole number of at least 0, got ${lun}; raise or round it`);
    }
    const hosts = parseServers([portal]);
    return new Disk({ protocol: "iscsi", name: `${target}/${lun}`, hosts, initiator, ...credentials(login) });
  }

  /** An export of an NBD server. */
  public static nbd({ server, exportName, tls }: NbdDisk): Disk {
    return new Disk({ protocol: "nbd", name: exportName, hosts: parseServers([server]), tls });
  }

  /** A file of a Gluster volume. */
  public static gluster({ servers, file }: GlusterDisk): Disk {
    if (servers.length === 0) {
      throw new Error(`'${file}' in Gluster must have 'servers', got none; say where it is`);
    }
    return new Disk({ protocol: "gluster", name: file, hosts: parseServers(servers) });
  }

  /** What is at a URL of `http`, `https`, `ftp` or `ftps`. It can only be read. */
  public static web(url: string, { verify }: WebDisk = {}): Disk {
    const [, protocol, server, path] = /^(https?|ftps?):\/\/([^/?#@]+)\/([^?#]+)$/.exec(url) ?? [];
    if (protocol === undefined || server === undefined || path === undefined) {
      throw new Error(
        `a disk on the web must be a URL of http, https, ftp or ftps without user, query and fragment, got '${url}'; ` +
          "write it like 'https://mirror.example.org/live.iso'",
      );
    }
    return new Disk({ protocol, name: path, hosts: parseServers([server]), verify }, true);
  }

  private constructor(
    /** As the domain is given it. */
    public readonly source: DomainDisksSource,
    /** Whether it can only be read. */
    public readonly readOnly = false,
  ) {}
}

function checkAbsolute(what: string, path: string, example: string): void {
  if (!Token.isUnresolved(path) && !path.startsWith("/")) {
    throw new Error(`${what} must be an absolute path on the host, got '${path}'; write it like '${example}'`);
  }
}

function credentials(login: DiskLogin | undefined): Pick<DomainDisksSource, "username" | "secret"> {
  return { username: login?.user, secret: login?.secretUuid };
}
