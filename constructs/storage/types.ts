import type { IConstruct } from "constructs";
import { Size } from "../core/size";
import type { IHost } from "../host/types";
import type { FilePermissions } from "./permissions";

/** Storage that several hosts can use. */
export interface SharedStorage {
  /** The protocol of the storage. */
  readonly protocol: "nfs" | "glusterfs" | "ceph" | "iscsi";

  /** The name or address of the server. For Ceph, all monitors, separated by commas. */
  readonly server: string;

  /** What the server provides: a directory of NFS, a volume of GlusterFS, a pool of Ceph, an iSCSI target. */
  readonly directory: string;

  /** The path of the storage on the host. Undefined if QEMU opens it directly. */
  readonly path?: string;
}

/** What the volumes of a pool are: files, block devices of the host, or images that QEMU opens over the network. */
export type PoolVolumes = "files" | "devices" | "network";

/** A storage pool, as other constructs refer to it. */
export interface IStoragePool extends IConstruct {
  /** The host that the pool is on. */
  readonly host: IHost;

  /** Name of the pool on its host. */
  readonly poolName: string;

  /** The name as a reference for other resources, so that Terraform creates the pool first. */
  readonly poolReference: string;

  /**
   * The storage that the pool shares with other hosts. Undefined if the storage is local to the host.
   *
   * Pools with the same name, path and shared storage count as one pool for the machines on their hosts: a machine can
   * use an image or a volume that was created in any of them, and migrates without copying its disks.
   */
  readonly storage?: SharedStorage;

  /** What the volumes of the pool are. If undefined, they are assumed to be files. */
  readonly volumes?: PoolVolumes;

  /** The owner and the mode of the volumes that have no `permissions` of their own. */
  readonly volumePermissions?: FilePermissions;
}

/**
 * The image format of a volume. `qcow2` grows as it is written to and can be a thin clone; `raw` contains the plain
 * bytes.
 *
 * @see https://libvirt.org/storage.html#directory-pool
 */
export type VolumeFormat = "qcow2" | "raw";

/**
 * Encryption of a stored volume, with LUKS. Machines see the decrypted content.
 *
 * @see https://libvirt.org/formatstorageencryption.html
 */
export interface VolumeEncryption {
  /**
   * The UUID of the libvirt secret with the passphrase, on the volume's host. With another secret, the volume keeps the
   * passphrase that it was created with.
   *
   * To grow the volume while no machine uses it, the secret must have usage `volume` and the path of the volume as its
   * name.
   *
   * @see https://libvirt.org/formatsecret.html#usage-type-volume
   */
  readonly secretUuid: string;
}

/** A volume, as other constructs refer to it. */
export interface IVolume extends IConstruct {
  /** The host that the volume is on. */
  readonly host: IHost;

  /** The pool that contains the volume. */
  readonly pool: IStoragePool;

  /** Name of the volume in its pool. */
  readonly volumeName: string;

  /**
   * Path of the volume on the host. For a volume of this stack it is a reference, so that Terraform creates the volume
   * first.
   */
  readonly path: string;

  /** The image format. */
  readonly format: VolumeFormat;

  /** The size that a guest sees. Undefined if it is not known. */
  readonly capacity?: Size;

  /** How the volume is encrypted. Undefined if it is not. */
  readonly encryption?: VolumeEncryption;
}

/**
 * What a secret is for: `ceph` and `iscsi` log in to a storage server, `volume` opens an encrypted volume, `tls` opens
 * a private key, `vtpm` opens the state of a TPM.
 *
 * @see https://libvirt.org/formatsecret.html
 */
export type SecretUsage = "ceph" | "iscsi" | "volume" | "tls" | "vtpm";

/** A secret on a host, as other constructs refer to it. */
export interface ISecret extends IConstruct {
  /** The host that stores the secret. */
  readonly host: IHost;

  /**
   * The UUID of the secret on the host. For a secret of this stack it is a reference, so that Terraform creates the
   * secret first.
   */
  readonly secretUuid: string;

  /** What the secret is for. Undefined if it is not known. */
  readonly usage?: SecretUsage;
}
