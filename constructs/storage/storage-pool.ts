import { Pool } from "@cdktf/provider-libvirt";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { movedFrom } from "../core/formerly";
import { Late } from "../core/late";
import { checkName } from "../core/names";
import { checkAddress } from "../core/resource-address";
import { XmlElements } from "../core/xml-elements";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { checkPermissions, type FilePermissions } from "./permissions";
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
import { setDeletesVolumes } from "./protection";
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
import type { StoragePoolXml } from "./xml";

/** An existing storage pool that this app does not manage. */
export interface StoragePoolAttributes {
  /** The host that the pool is on. */
  readonly host: IHost;

  /** Name of the pool on its host. */
  readonly poolName: string;

  /**
   * The owner and the mode of what this app creates in the pool.
   *
   * @default - not managed
   */
  readonly volumePermissions?: FilePermissions;
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
  public readonly volumePermissions?: FilePermissions;

  private readonly elements: XmlElements;

  constructor(scope: Construct, id: string, props: StoragePoolProps) {
    super(scope, id);
    movedFrom(this, props.formerly);
    const { path, deleteData, [ORIGIN]: origin = directoryOrigin(path, deleteData) } = props as OriginProps;
    const { config, storage, volumes = "files" } = origin;
    this.host = props.host;
    this.poolName = props.poolName ?? originalId(this);
    this.storage = storage;
    this.volumes = volumes;
    this.volumePermissions = checkPermissions(this, props.volumePermissions, "volumePermissions");

    checkHost(this, this.host);
    checkName(this, "poolName", this.poolName);
    reserveOnHost(this, "pool", this.poolName, this.host);
    checkOrigin(this, this.host, origin);
    shareStorage(this);
    setVolumeSource(this, origin.volumeSource);
    this.validateProtection(props.protect, origin);
    this.elements = new XmlElements(this, props.xml);

    const resource = new Pool(this, "Default", {
      host: this.host.hostName,
      name: this.poolName,
      ...config,
      permissions: checkPermissions(this, props.permissions),
      autostart: props.autostart,
      protect: props.protect,
      xml: new Late(() => this.elements.rendered),
      lifecycle: { createBeforeDestroy: true },
    });
    checkAddress(resource);
    this.poolReference = resource.name;
  }

  /**
   * Adds an element or attributes to libvirt's XML that no property represents.
   *
   * @example
   * const images = new StoragePool(this, "images", { host, path: "/var/lib/libvirt/images/fleet" });
   * images.addXml("cow", { element: '<features><cow state="no"/></features>' });
   *
   * @param name name of the element in plans: letters, digits, '-' and '_'
   * @see https://libvirt.org/formatstorage.html#storage-pool-xml
   */
  public addXml(name: string, xml: StoragePoolXml): void {
    this.elements.add(name, xml);
  }

  private validateProtection(protect: boolean | undefined, { config }: PoolOrigin): void {
    if (config.deleteData !== true) {
      return;
    }
    if (protect === true) {
      addError(
        this,
        "'deleteData' cannot be combined with 'protect', which refuses to destroy the pool; remove one of them",
      );
    }
    // libvirt deletes a directory only if it is empty.
    if (config.type === "logical" || config.type === "zfs") {
      setDeletesVolumes(this);
    }
  }
}

class ExistingStoragePool extends Construct implements IStoragePool {
  public readonly host: IHost;
  public readonly poolName: string;
  public readonly poolReference: string;
  public readonly volumePermissions?: FilePermissions;

  constructor(scope: Construct, id: string, attributes: StoragePoolAttributes) {
    super(scope, id);
    this.host = attributes.host;
    this.poolName = attributes.poolName;
    this.poolReference = attributes.poolName;
    this.volumePermissions = checkPermissions(this, attributes.volumePermissions, "volumePermissions");

    checkHost(this, this.host);
    checkName(this, "poolName", this.poolName);
  }
}
