import { Pool } from "@cdktf/provider-libvirt";
import { Construct } from "constructs";
import { checkName } from "../core/names";
import { checkAddress } from "../core/resource-address";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { setVolumeSource } from "./pool-volumes";
import {
  cephOrigin,
  checkOrigin,
  directoryOrigin,
  diskOrigin,
  filesystemOrigin,
  iscsiOrigin,
  lvmOrigin,
  multipathOrigin,
  type PoolOrigin,
  scsiOrigin,
  zfsOrigin,
} from "./private/pool-source";
import { shareStorage } from "./shared-storage";
import type {
  CephStoragePoolProps,
  DiskStoragePoolProps,
  FilesystemStoragePoolProps,
  GlusterStoragePoolProps,
  IscsiStoragePoolProps,
  LvmStoragePoolProps,
  MultipathStoragePoolProps,
  NfsStoragePoolProps,
  ScsiStoragePoolProps,
  StoragePoolBaseProps,
  StoragePoolProps,
  ZfsStoragePoolProps,
} from "./storage-pool-props";
import type { IStoragePool, PoolVolumes, SharedStorage } from "./types";

/** An existing storage pool that this app does not manage. */
export interface StoragePoolAttributes {
  /** The host that the pool is on. */
  readonly host: IHost;

  /** Name of the pool on its host. */
  readonly poolName: string;
}

/** The key under which the static methods of StoragePool give its constructor what the pool consists of. */
const ORIGIN = Symbol("origin");

interface OriginProps extends StoragePoolProps {
  readonly [ORIGIN]?: PoolOrigin;
}

function withOrigin(props: StoragePoolBaseProps, origin: PoolOrigin): StoragePoolProps {
  return { ...props, [ORIGIN]: origin } as OriginProps;
}

/**
 * A storage pool: by default a directory on a host in which volumes are stored.
 *
 * It is removed only after the machines that use it have migrated away, and its replacement is created before it is
 * removed.
 *
 * @example
 * new StoragePool(this, "images", { host, path: "/var/lib/libvirt/images/fleet" });
 *
 * @see https://libvirt.org/storage.html#directory-pool
 */
export class StoragePool extends Construct implements IStoragePool {
  /** Refers to an existing pool, which Terraform does not manage. */
  public static fromStoragePoolAttributes(
    scope: Construct,
    id: string,
    attributes: StoragePoolAttributes,
  ): IStoragePool {
    return new ExistingStoragePool(scope, id, attributes);
  }

  /**
   * A directory that an NFS server exports, mounted on the host.
   *
   * Create one on each host with the same name and path: machines then migrate between these hosts without copying
   * their disks.
   *
   * @see https://libvirt.org/storage.html#network-filesystem-pool
   */
  public static nfs(scope: Construct, id: string, { server, directory, ...props }: NfsStoragePoolProps): StoragePool {
    const storage = { protocol: "nfs", server, directory, path: props.path } as const;
    return new StoragePool(scope, id, withOrigin(props, directoryOrigin(props.path, props.deleteData, storage)));
  }

  /**
   * A GlusterFS volume, mounted on the host. As with `nfs`, machines migrate without copying their disks.
   *
   * @see https://libvirt.org/storage.html#network-filesystem-pool
   */
  public static gluster(scope: Construct, id: string, props: GlusterStoragePoolProps): StoragePool {
    const { server, volume, path } = props;
    const storage = { protocol: "glusterfs", server, directory: volume, path } as const;
    return new StoragePool(scope, id, withOrigin(props, directoryOrigin(path, props.deleteData, storage)));
  }

  /**
   * A file system on a device of the host, which libvirt mounts. It is created only if `build` is set.
   *
   * @see https://libvirt.org/storage.html#filesystem-pool
   */
  public static filesystem(scope: Construct, id: string, props: FilesystemStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, filesystemOrigin(props)));
  }

  /**
   * An LVM volume group, whose volumes are devices. It is created only if `build` is set.
   *
   * @see https://libvirt.org/storage.html#logical-volume-pool
   */
  public static lvm(scope: Construct, id: string, props: LvmStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, lvmOrigin(props)));
  }

  /**
   * A disk, whose partitions are the volumes.
   *
   * @see https://libvirt.org/storage.html#disk-pool
   */
  public static disk(scope: Construct, id: string, props: DiskStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, diskOrigin(props)));
  }

  /**
   * An iSCSI target, whose logical units are the volumes. They are created on the server. Create a pool with the same
   * name on each host.
   *
   * @see https://libvirt.org/storage.html#iscsi-pool
   */
  public static iscsi(scope: Construct, id: string, props: IscsiStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, iscsiOrigin(props)));
  }

  /**
   * A SCSI or Fibre Channel adapter, whose devices are the volumes.
   *
   * @see https://libvirt.org/storage.html#scsi-pool
   */
  public static scsi(scope: Construct, id: string, props: ScsiStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, scsiOrigin(props)));
  }

  /**
   * The multipath devices of the host. A host has one such pool.
   *
   * @see https://libvirt.org/storage.html#multipath-pool
   */
  public static multipath(scope: Construct, id: string, props: MultipathStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, multipathOrigin(props)));
  }

  /**
   * A Ceph pool, whose images QEMU opens directly. Create a pool with the same name, and a Secret with the same name,
   * on each host.
   *
   * @see https://libvirt.org/storage.html#rbd-pool
   */
  public static ceph(scope: Construct, id: string, props: CephStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, cephOrigin(props)));
  }

  /**
   * A zpool, or a dataset in one, whose volumes are devices.
   *
   * @see https://libvirt.org/storage.html#zfs-pool
   */
  public static zfs(scope: Construct, id: string, props: ZfsStoragePoolProps): StoragePool {
    return new StoragePool(scope, id, withOrigin(props, zfsOrigin(props)));
  }

  public readonly host: IHost;
  public readonly poolName: string;
  public readonly poolReference: string;
  public readonly storage?: SharedStorage;
  public readonly volumes: PoolVolumes;

  constructor(scope: Construct, id: string, props: StoragePoolProps) {
    super(scope, id);
    const { path, deleteData, [ORIGIN]: origin = directoryOrigin(path, deleteData) } = props as OriginProps;
    const { config, storage, volumes = "files" } = origin;
    this.host = props.host;
    this.poolName = props.poolName ?? this.node.id;
    this.storage = storage;
    this.volumes = volumes;

    checkHost(this, this.host);
    checkName(this, "poolName", this.poolName);
    reserveOnHost(this, "pool", this.poolName, this.host);
    checkOrigin(this, this.host, origin);
    shareStorage(this);
    setVolumeSource(this, origin.volumeSource);

    const resource = new Pool(this, "Default", {
      host: this.host.hostName,
      name: this.poolName,
      ...config,
      autostart: props.autostart,
      lifecycle: { createBeforeDestroy: true },
    });
    checkAddress(resource);
    this.poolReference = resource.name;
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
