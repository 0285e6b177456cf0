import type { MovableProps } from "../core/formerly";
import type { ProtectableProps } from "../core/protectable";
import type { IHost } from "../host/types";
import type { FilePermissions } from "./permissions";
import type { ISecret } from "./types";
import type { StoragePoolXml } from "./xml";

/** Properties of every storage pool. */
export interface StoragePoolBaseProps extends MovableProps, ProtectableProps {
  /** The host that the pool is on. */
  readonly host: IHost;

  /**
   * Name of the pool on its host.
   *
   * A change replaces the pool. If the pool has a `path`, change that too, because the new pool is created before the
   * old one is removed.
   *
   * @default - the construct's id
   */
  readonly poolName?: string;

  /**
   * Whether libvirt starts the pool when the host starts.
   *
   * @default true
   */
  readonly autostart?: boolean;

  /**
   * Elements of libvirt's XML that no other property represents, by a name of your choice: letters, digits, '-' and
   * '_'. `addXml` adds more.
   *
   * @default - no such elements
   */
  readonly xml?: Readonly<Record<string, StoragePoolXml>>;
}

/** Properties of a storage pool on a directory. */
export interface StoragePoolProps extends StoragePoolBaseProps {
  /**
   * Absolute path of the directory on the host, which is created if it is missing. A change restarts the pool on the
   * new directory, and does not move any data.
   */
  readonly path: string;

  /**
   * Whether destroying the pool also deletes its directory. The directory must be empty: no volume is deleted with it.
   *
   * The value must be deployed before the pool is destroyed.
   *
   * @default false
   */
  readonly deleteData?: boolean;

  /**
   * The owner and the mode of the directory. With `StoragePool.filesystem`, of the file system in it. They change in
   * place, while machines run.
   *
   * @default - not managed
   */
  readonly permissions?: FilePermissions;

  /**
   * The owner and the mode of what this app creates in the pool: volumes and images without `permissions` of their own,
   * the disks of machines, and seeds.
   *
   * Set them where libvirt cannot give disks to the user of QEMU, such as on NFS with `root_squash`.
   *
   * @default - not managed
   */
  readonly volumePermissions?: FilePermissions;
}

/** Properties of a storage pool on a directory that an NFS server exports. The server decides on its permissions. */
export interface NfsStoragePoolProps extends Omit<StoragePoolProps, "permissions"> {
  /** The name or address of the server. A change mounts the directory again, from the new server. */
  readonly server: string;

  /** Absolute path of the directory that the server exports. A change mounts the new directory instead. */
  readonly directory: string;
}

/** Properties of a storage pool on a GlusterFS volume. The volume decides on its permissions. */
export interface GlusterStoragePoolProps extends Omit<StoragePoolProps, "permissions"> {
  /** The name or address of one of the volume's servers. A change mounts the volume again, from the new server. */
  readonly server: string;

  /** Name of the GlusterFS volume. A change mounts the new volume instead. */
  readonly volume: string;
}

/**
 * What is written to the devices when a pool is created: `new` writes only if nothing is found on them, `overwrite`
 * DESTROYS what is on them.
 */
export type StoragePoolBuild = "new" | "overwrite";

/** Properties of a storage pool on a file system. */
export interface FilesystemStoragePoolProps extends StoragePoolProps {
  /**
   * Absolute path of the device, which is mounted at `path`. Use a path that does not change: `/dev/disk/by-id/...`.
   */
  readonly device: string;

  /**
   * The file system on the device: `ext4`, `xfs`. It is required with `build`.
   *
   * @default - mount(8) detects it
   */
  readonly format?: string;

  /**
   * Whether the file system is created together with the pool.
   *
   * @default - the file system exists
   */
  readonly build?: StoragePoolBuild;
}

/** Properties of a storage pool on a volume group of LVM. */
export interface LvmStoragePoolProps extends StoragePoolBaseProps {
  /** Name of the volume group. */
  readonly volumeGroup: string;

  /**
   * Absolute paths of the volume group's devices. They are required with `build`.
   *
   * @default - the devices of the existing volume group
   */
  readonly devices?: readonly string[];

  /**
   * Whether the volume group is created from `devices` together with the pool.
   *
   * @default - the volume group exists
   */
  readonly build?: StoragePoolBuild;

  /**
   * Whether destroying the pool also deletes the volume group WITH ALL ITS VOLUMES, unless a machine uses one of them
   * as a disk.
   *
   * The value must be deployed before the pool is destroyed.
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
   * The type of the partition table. It is required with `build`.
   *
   * @default - the type of the existing partition table
   */
  readonly label?: "gpt" | "dos";

  /**
   * The directory in which the host names the partitions.
   *
   * @default "/dev"
   */
  readonly path?: string;

  /**
   * Whether the partition table is created together with the pool.
   *
   * @default - the partition table exists
   */
  readonly build?: StoragePoolBuild;
}

/** The credentials by which a host logs in to a storage server. */
export interface StorageLogin {
  /** Name of the user, for Ceph without `client.`. */
  readonly username: string;

  /** The secret with the password or key, on the pool's host. */
  readonly secret: ISecret;
}

/** Properties of a storage pool whose volumes are the logical units of an iSCSI target. */
export interface IscsiStoragePoolProps extends StoragePoolBaseProps {
  /** The name or address of the target's portal. */
  readonly server: string;

  /**
   * The TCP port of the portal.
   *
   * @default 3260
   */
  readonly port?: number;

  /** The qualified name (IQN) of the target: `iqn.2013-06.com.example:san`. */
  readonly target: string;

  /**
   * The qualified name (IQN) by which the host identifies itself.
   *
   * @default - the host's own; required with `direct`
   */
  readonly initiator?: string;

  /**
   * The credentials for CHAP.
   *
   * @default - no login
   */
  readonly chap?: StorageLogin;

  /**
   * Whether QEMU logs in to the target itself, for each machine, instead of the host's kernel.
   *
   * @default false
   */
  readonly direct?: boolean;

  /**
   * The directory in which the host names the devices. It cannot be combined with `direct`.
   *
   * @default "/dev/disk/by-path"
   */
  readonly path?: string;
}

/** A SCSI adapter of the host. */
export interface ScsiHostAdapter {
  /** PCI address of the adapter's controller: `0000:00:1f.2`. */
  readonly address: string;

  /** Number of the adapter on its controller, as in `/sys/class/scsi_host/hostN/unique_id`. */
  readonly uniqueId: number;
}

/** A virtual Fibre Channel adapter, by its world wide names of 16 hexadecimal digits. */
export interface FibreChannelAdapter {
  /** The world wide node name. */
  readonly wwnn: string;

  /** The world wide port name. */
  readonly wwpn: string;

  /**
   * The host adapter on which the virtual adapter is created: `scsi_host3`.
   *
   * @default - libvirt chooses an adapter
   */
  readonly parent?: string;
}

/** Properties of a storage pool whose volumes are the devices of an adapter. */
export interface ScsiStoragePoolProps extends StoragePoolBaseProps {
  /**
   * The adapter: a name like `scsi_host1`, which may change when the host restarts, or attributes that do not change.
   */
  readonly adapter: string | ScsiHostAdapter | FibreChannelAdapter;

  /**
   * The directory in which the host names the devices.
   *
   * @default "/dev/disk/by-path"
   */
  readonly path?: string;
}

/** Properties of a storage pool whose volumes are all multipath devices of the host. */
export interface MultipathStoragePoolProps extends StoragePoolBaseProps {
  /**
   * The directory in which the host names the devices.
   *
   * @default "/dev/mapper"
   */
  readonly path?: string;
}

/** Properties of a storage pool on a Ceph pool. */
export interface CephStoragePoolProps extends StoragePoolBaseProps {
  /** The names or addresses of the monitors, with a port if it is not Ceph's default: `mon-1`, `mon-2:6790`. */
  readonly monitors: readonly string[];

  /** Name of the Ceph pool. */
  readonly cephPool: string;

  /**
   * The credentials by which the host and QEMU log in to Ceph.
   *
   * @default - no login, for Ceph without cephx
   */
  readonly login?: StorageLogin;
}

/** Properties of a storage pool on ZFS. */
export interface ZfsStoragePoolProps extends StoragePoolBaseProps {
  /** Name of the zpool, or of a dataset in one: `tank/vms`. */
  readonly zpool: string;

  /**
   * Absolute paths of the zpool's devices. They are required with `build`.
   *
   * @default - the devices of the existing zpool
   */
  readonly devices?: readonly string[];

  /**
   * Whether the zpool is created from `devices` together with the pool. zpool(8) refuses devices that are in use.
   *
   * @default - the zpool exists
   */
  readonly build?: "new";

  /**
   * Whether destroying the pool also deletes the zpool WITH ALL ITS CONTENT, unless a machine uses a part of it as a
   * disk.
   *
   * The value must be deployed before the pool is destroyed.
   *
   * @default false
   */
  readonly deleteData?: boolean;
}
