import { Pool } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { IHost } from "./host";
import { claim } from "./private/claims";
import { refuse } from "./private/findings";
import { checkHost } from "./private/host-agreement";
import { checkName, claimOnHost } from "./private/names";
import { checkAddress } from "./private/resource-address";
import { shareStorage } from "./private/shared-storage";

/** What a pool mounts that other hosts can mount too. */
export interface SharedStorage {
  /** How it is served. */
  readonly protocol: "nfs" | "glusterfs";

  /** The name or address of the machine that serves it. */
  readonly server: string;

  /** What it serves: a directory of NFS, a volume of GlusterFS. */
  readonly directory: string;

  /** Where it is mounted on the host. */
  readonly path: string;
}

/** A storage pool, as other constructs refer to it. */
export interface IStoragePool extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly poolName: string;

  /** The name as other resources give it: a reference, by which Terraform makes the pool first. */
  readonly poolReference: string;

  /**
   * What it mounts that other hosts can mount too; undefined where it is the host's own.
   *
   * Pools of one name that mount the same at the same path are one to the machines on their hosts: a machine may use an
   * image or a volume that was made on another of them, and moves between them without its disks being copied.
   */
  readonly storage?: SharedStorage;
}

/** A pool that is there already. */
export interface StoragePoolAttributes {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly poolName: string;
}

/** Properties of a storage pool. */
export interface StoragePoolProps {
  /** The host it is on. */
  readonly host: IHost;

  /**
   * Absolute path of its directory on the host, which is made when it is missing. With another one it is started again
   * there; nothing is moved.
   */
  readonly path: string;

  /**
   * Its name on the host. A change replaces the pool, and needs another `path` with it: the new one is made first.
   *
   * @default - the construct's id
   */
  readonly poolName?: string;

  /**
   * Whether libvirt starts it with the host.
   *
   * @default true
   */
  readonly autostart?: boolean;
}

/** Properties of a storage pool on a directory that an NFS server exports. */
export interface NfsStoragePoolProps extends StoragePoolProps {
  /** The name or address of the server. With another one it is mounted anew from there. */
  readonly server: string;

  /** Absolute path of the directory that it exports. With another one that is mounted instead. */
  readonly directory: string;
}

/** Properties of a storage pool on a GlusterFS volume. */
export interface GlusterStoragePoolProps extends StoragePoolProps {
  /** The name or address of one of its servers. With another one it is mounted anew from there. */
  readonly server: string;

  /** Name of the volume. With another one that is mounted instead. */
  readonly volume: string;
}

/**
 * A directory on a host, where volumes are kept.
 *
 * It is removed after the machines that use it have moved away, and what replaces it is made before.
 *
 * @example
 * new StoragePool(this, "images", { host, path: "/var/lib/libvirt/images/fleet" });
 *
 * @see https://libvirt.org/storage.html#directory-pool
 */
export class StoragePool extends Construct implements IStoragePool {
  /** Refers to a pool that is there already and stays as it is. */
  public static fromStoragePoolAttributes(
    scope: Construct,
    id: string,
    attributes: StoragePoolAttributes,
  ): IStoragePool {
    return new ExistingStoragePool(scope, id, attributes);
  }

  /**
   * A directory that an NFS server exports, mounted on the host. Make one on each host, called the same and at the same
   * path, and machines move between them without their disks.
   *
   * @see https://libvirt.org/storage.html#network-filesystem-pool
   */
  public static nfs(scope: Construct, id: string, { server, directory, ...props }: NfsStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, props, { protocol: "nfs", server, directory, path: props.path });
  }

  /**
   * A GlusterFS volume, mounted on the host; as with `nfs`.
   *
   * @see https://libvirt.org/storage.html#network-filesystem-pool
   */
  public static gluster(scope: Construct, id: string, props: GlusterStoragePoolProps): StoragePool {
    const { server, volume, ...others } = props;
    return new StoragePool(scope, id, others, { protocol: "glusterfs", server, directory: volume, path: props.path });
  }

  public readonly host: IHost;
  public readonly poolName: string;
  public readonly poolReference: string;
  public readonly storage?: SharedStorage;

  /** @param storage what is mounted there: see `nfs` and `gluster` */
  constructor(scope: Construct, id: string, props: StoragePoolProps, storage?: SharedStorage) {
    super(scope, id);
    this.host = props.host;
    this.poolName = props.poolName ?? this.node.id;
    this.storage = storage;

    checkHost(this, this.host);
    checkName(this, "poolName", this.poolName);
    claimOnHost(this, "pool", this.poolName, this.host);
    this.validatePath(props.path);
    this.validateStorage(storage);
    shareStorage(this);

    const resource = new Pool(this, "Default", {
      host: this.host.hostName,
      name: this.poolName,
      type: storage && "netfs",
      path: props.path,
      source: storage && { host: storage.server, dir: storage.directory, format: storage.protocol },
      autostart: props.autostart,
      lifecycle: { createBeforeDestroy: true },
    });
    checkAddress(resource);
    this.poolReference = resource.name;
  }

  private validateStorage(storage: SharedStorage | undefined): void {
    if (storage === undefined) {
      return;
    }
    const { protocol, server, directory } = storage;
    if (!Token.isUnresolved(server) && !/^[^\s:/]+$|^\[?[0-9A-Fa-f:]+\]?$/.test(server)) {
      refuse(this, `'server' must be a name or an IP address, got '${server}'; leave out what else a uri has`);
    }
    if (protocol === "nfs" && !Token.isUnresolved(directory) && !directory.startsWith("/")) {
      refuse(this, `'directory' must be absolute, got '${directory}'; write it as the server exports it`);
    }
    if (protocol === "glusterfs" && !Token.isUnresolved(directory) && !/^[A-Za-z0-9_-]+$/.test(directory)) {
      refuse(
        this,
        `'volume' must be letters, digits, '-' and '_', got '${directory}'; give its name in 'gluster volume list'`,
      );
    }
  }

  private validatePath(path: string): void {
    if (!Token.isUnresolved(path) && !path.startsWith("/")) {
      refuse(this, `'path' must be absolute, got '${path}'; write it from the root of the host, '/'`);
    }
    const holder = claim(this, this.host.uri, "pool path", path);
    if (holder !== undefined) {
      refuse(
        this,
        `'path' must be of this pool alone on host '${this.host.hostName}', got '${path}' as for ${holder.node.path}; ` +
          "choose another directory, or use that pool",
      );
    }
  }
}

class ExistingStoragePool extends Construct implements IStoragePool {
  public readonly host: IHost;
  public readonly poolName: string;
  public readonly poolReference: string;

  constructor(scope: Construct, id: string, attributes: StoragePoolAttributes) {
    super(scope, id);
    this.host = attributes.host;
    this.poolName = attributes.poolName;
    this.poolReference = attributes.poolName;

    checkHost(this, this.host);
    checkName(this, "poolName", this.poolName);
  }
}
