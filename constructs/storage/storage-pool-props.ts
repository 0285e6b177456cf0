import type { IHost } from "../host/types";
import type { ISecret } from "./types";

/** Properties of every storage pool. */
export interface StoragePoolBaseProps {
  /** The host it is on. */
  readonly host: IHost;

  /**
   * Its name on the host. A change replaces the pool, and needs another `path` with it, where it has one: the new one is
   * made first.
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

/** Properties of a storage pool. */
export interface StoragePoolProps extends StoragePoolBaseProps {
  /**
   * Absolute path of its directory on the host, which is made when it is missing. With another one it is started again
   * there; nothing is moved.
   */
  readonly path: string;

  /**
   * Whether destroying the pool also deletes its directory. That must be empty by then: no volume is deleted with it.
   *
   * It must be applied before the pool is destroyed.
   *
   * @default false
   */
  readonly deleteData?: boolean;
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
 * What is written to devices when a pool is made: `new` only where nothing is found on them, `overwrite` DESTROYS what is
 * there.
 */
export type StoragePoolBuild = "new" | "overwrite";

/** Properties of a storage pool on a file system. */
export interface FilesystemStoragePoolProps extends StoragePoolProps {
  /** Absolute path of the device, one that stays the same: `/dev/disk/by-id/...`. It is mounted at `path`. */
  readonly device: string;

  /**
   * The file system on it: `ext4`, `xfs`.
   *
   * @default - mount(8) finds out
   */
  readonly format?: string;

  /**
   * Whether the file system is made when the pool is.
   *
   * @default - it is there already
   */
  readonly build?: StoragePoolBuild;
}

/** Properties of a storage pool on a volume group of LVM. */
export interface LvmStoragePoolProps extends StoragePoolBaseProps {
  /** Name of the volume group. */
  readonly volumeGroup: string;

  /**
   * Absolute paths of the devices that it is built of.
   *
   * @default - those that it has
   */
  readonly devices?: readonly string[];

  /**
   * Whether the volume group is made of `devices` when the pool is.
   *
   * @default - it is there already
   */
  readonly build?: StoragePoolBuild;

  /**
   * Whether destroying the pool also deletes the volume group WITH ALL ITS VOLUMES, unless a machine has one as a disk.
   *
   * It must be applied before the pool is destroyed.
   *
   * @default false
   */
  readonly deleteData?: boolean;
}

/** Properties of a storage pool whose volumes are the partitions of a disk. */
export interface DiskStoragePoolProps extends StoragePoolBaseProps {
  /** Absolute path of the disk. */
  readonly device: string;

  /**
   * The kind of partition table.
   *
   * @default - what is there
   */
  readonly label?: "gpt" | "dos";

  /**
   * Where its partitions are named.
   *
   * @default "/dev"
   */
  readonly path?: string;

  /**
   * Whether the partition table is made when the pool is.
   *
   * @default - it is there already
   */
  readonly build?: StoragePoolBuild;
}

/** How a host logs in at a storage server. */
export interface StorageLogin {
  /** The user; of Ceph without `client.`. */
  readonly username: string;

  /** The secret with the password or key, on the pool's host. */
  readonly secret: ISecret;
}

/** Properties of a storage pool whose volumes are the units of an iSCSI target. */
export interface IscsiStoragePoolProps extends StoragePoolBaseProps {
  /** The name or address of the portal. */
  readonly server: string;

  /**
   * Its port.
   *
   * @default 3260
   */
  readonly port?: number;

  /** The target's qualified name: `iqn.2013-06.com.example:san`. */
  readonly target: string;

  /**
   * The qualified name that the host calls itself by.
   *
   * @default - the host's own; to be given with `direct`
   */
  readonly initiator?: string;

  /**
   * How the host logs in by CHAP.
   *
   * @default - it does not
   */
  readonly chap?: StorageLogin;

  /**
   * Whether QEMU itself logs in, machine by machine, rather than the host's kernel.
   *
   * @default false
   */
  readonly direct?: boolean;

  /**
   * Where the host names its devices; not with `direct`.
   *
   * @default "/dev/disk/by-path"
   */
  readonly path?: string;
}

/** A SCSI adapter that the host has. */
export interface ScsiHostAdapter {
  /** PCI address of its controller: `0000:00:1f.2`. */
  readonly address: string;

  /** Which of the controller's hosts it is, in `/sys/class/scsi_host/hostN/unique_id`. */
  readonly uniqueId: number;
}

/** A virtual Fibre Channel adapter, by its world wide names of 16 hexadecimal digits. */
export interface FibreChannelAdapter {
  /** Its node name. */
  readonly wwnn: string;

  /** Its port name. */
  readonly wwpn: string;

  /**
   * The host's adapter that it is made on: `scsi_host3`.
   *
   * @default - one that libvirt finds
   */
  readonly parent?: string;
}

/** Properties of a storage pool whose volumes are the devices of an adapter. */
export interface ScsiStoragePoolProps extends StoragePoolBaseProps {
  /** The adapter: a name like `scsi_host1`, which may change with a restart of the host, or what stays. */
  readonly adapter: string | ScsiHostAdapter | FibreChannelAdapter;

  /**
   * Where the host names its devices.
   *
   * @default "/dev/disk/by-path"
   */
  readonly path?: string;
}

/** Properties of a storage pool whose volumes are the multipath devices of the host: all that it has. */
export interface MultipathStoragePoolProps extends StoragePoolBaseProps {
  /**
   * Where the host names them.
   *
   * @default "/dev/mapper"
   */
  readonly path?: string;
}

/** Properties of a storage pool on a pool of Ceph. */
export interface CephStoragePoolProps extends StoragePoolBaseProps {
  /** The monitors: names or addresses, with a port where it is not Ceph's own (`mon-1`, `mon-2:6790`). */
  readonly monitors: readonly string[];

  /** Name of the pool in Ceph. */
  readonly cephPool: string;

  /**
   * How the host and QEMU log in.
   *
   * @default - they do not: Ceph is without cephx
   */
  readonly login?: StorageLogin;
}

/** Properties of a storage pool on ZFS. */
export interface ZfsStoragePoolProps extends StoragePoolBaseProps {
  /** Name of the zpool, or of a dataset in one: `tank/vms`. */
  readonly zpool: string;

  /**
   * Absolute paths of the devices that it is built of.
   *
   * @default - those that it has
   */
  readonly devices?: readonly string[];

  /**
   * Whether the zpool is made of `devices` when the pool is. zpool(8) itself refuses devices that are in use.
   *
   * @default - it is there already
   */
  readonly build?: "new";

  /**
   * Whether destroying the pool also deletes the zpool WITH ALL THAT IS IN IT, unless a machine has a part of it as a disk.
   *
   * It must be applied before the pool is destroyed.
   *
   * @default false
   */
  readonly deleteData?: boolean;
}
