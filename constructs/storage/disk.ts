import type { DomainDisksSource } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { parseServers } from "./private/servers";

/** An image in Ceph that QEMU opens directly. */
export interface CephDisk {
  /** The pool in Ceph and the image in it, such as `vms/web-1`. */
  readonly image: string;

  /**
   * The monitors, as `host` or `host:port`.
   *
   * @default - the monitors in `config`; required without it
   */
  readonly monitors?: readonly string[];

  /**
   * Absolute path of a `ceph.conf` on the machine's host.
   *
   * @default - no configuration file
   */
  readonly config?: string;

  /**
   * The credentials for Ceph.
   *
   * @default - no login
   */
  readonly login?: DiskLogin;
}

/** Credentials for a storage server: a user, and the secret on the machine's host that holds the key or password. */
export interface DiskLogin {
  /** Name of the user. */
  readonly user: string;

  /** The UUID of the libvirt secret. */
  readonly secretUuid: string;
}

/** A logical unit (LUN) of an iSCSI target that QEMU opens directly. */
export interface IscsiDisk {
  /** The target's portal, as `host` or `host:port`. */
  readonly portal: string;

  /** The IQN of the target. */
  readonly target: string;

  /**
   * Number of the logical unit.
   *
   * @default 0
   */
  readonly lun?: number;

  /**
   * The IQN by which the machine's host identifies itself to the target.
   *
   * @default - QEMU's own IQN
   */
  readonly initiator?: string;

  /**
   * The credentials for CHAP.
   *
   * @default - no login
   */
  readonly login?: DiskLogin;
}

/** An export of an NBD server. */
export interface NbdDisk {
  /** The server, as `host` or `host:port`. */
  readonly server: string;

  /**
   * Name of the export.
   *
   * @default - the export without a name
   */
  readonly exportName?: string;

  /**
   * Whether the connection is encrypted, with the certificates that the host's `qemu.conf` names.
   *
   * @default false
   */
  readonly tls?: boolean;
}

/** A file of a GlusterFS volume that QEMU opens directly. */
export interface GlusterDisk {
  /** The servers, as `host` or `host:port`. */
  readonly servers: readonly string[];

  /** The volume and the path of the file in it, such as `vms/web-1.img`. */
  readonly file: string;
}

/** Options of a disk on a web or FTP server. */
export interface WebDisk {
  /**
   * Whether the server's certificate is verified.
   *
   * @default true
   */
  readonly verify?: boolean;
}

/**
 * The source of a disk that is not a volume of a pool.
 *
 * Sources on the network are reachable from every host: they stay where they are when the machine migrates.
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
  /**
   * A block device of the machine's host, by its absolute path. It does not migrate: the hosts of the machine must
   * share it.
   */
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
      throw new Error(`image '${image}' in Ceph requires 'monitors' or 'config'; set one of them`);
    }
    const hosts = monitors.length > 0 ? parseServers(monitors) : undefined;
    return new Disk({ protocol: "rbd", name: image, hosts, config, ...credentials(login) });
  }

  /** A logical unit (LUN) of an iSCSI target. */
  public static iscsi({ portal, target, lun = 0, initiator, login }: IscsiDisk): Disk {
    if (!Number.isInteger(lun) || lun < 0) {
      throw new Error(`'lun' of an iSCSI target must be a whole number of at least 0, got ${lun}; raise or round it`);
    }
    const hosts = parseServers([portal]);
    return new Disk({ protocol: "iscsi", name: `${target}/${lun}`, hosts, initiator, ...credentials(login) });
  }

  /** An export of an NBD server. */
  public static nbd({ server, exportName, tls }: NbdDisk): Disk {
    return new Disk({ protocol: "nbd", name: exportName, hosts: parseServers([server]), tls });
  }

  /** A file of a GlusterFS volume. */
  public static gluster({ servers, file }: GlusterDisk): Disk {
    if (servers.length === 0) {
      throw new Error(`'${file}' in GlusterFS requires 'servers'; list at least one`);
    }
    return new Disk({ protocol: "gluster", name: file, hosts: parseServers(servers) });
  }

  /** A file at an http, https, ftp or ftps URL. It is read-only. */
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
    /** The rendered source. */
    public readonly source: DomainDisksSource,
    /** Whether the disk is read-only. */
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
