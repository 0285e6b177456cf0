import type { IConstruct } from "constructs";
import { Size } from "../core/size";
import type { IHost } from "../host/types";

/** What a pool is made of that other hosts can have too. */
export interface SharedStorage {
  /** How it is served. */
  readonly protocol: "nfs" | "glusterfs" | "ceph" | "iscsi";

  /** The name or address of the machine that serves it; of Ceph all monitors, with commas between them. */
  readonly server: string;

  /** What it serves: a directory of NFS, a volume of GlusterFS, a pool of Ceph, an iSCSI target. */
  readonly directory: string;

  /** Where the host has it; undefined where QEMU itself opens it. */
  readonly path?: string;
}

/** What a pool's volumes are: files, devices of the host, or something that QEMU opens over the network. */
export type PoolVolumes = "files" | "devices" | "network";

/** A storage pool, as other constructs refer to it. */
export interface IStoragePool extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly poolName: string;

  /** The name as other resources give it: a reference, by which Terraform makes the pool first. */
  readonly poolReference: string;

  /**
   * What it is made of that other hosts can have too; undefined where it is the host's own.
   *
   * Pools of one name that have the same at the same path are one to the machines on their hosts: a machine may use an
   * image or a volume that was made on another of them, and moves between them without its disks being copied.
   */
  readonly storage?: SharedStorage;

  /** What its volumes are; undefined where that is not known, and then they are taken for files. */
  readonly volumes?: PoolVolumes;
}

/**
 * How a volume's content is laid out: `qcow2` grows as it is written to and can be a thin clone, `raw` is the bare bytes.
 *
 * @see https://libvirt.org/storage.html#directory-pool
 */
export type VolumeFormat = "qcow2" | "raw";

/** How a volume is encrypted where it is stored: with LUKS. What a machine sees of it is in the clear. */
export interface VolumeEncryption {
  /**
   * The UUID of libvirt's secret with the passphrase, on the volume's host. With another one the volume keeps the passphrase
   * that it was made with.
   *
   * For the volume to be grown while no machine runs with it, the secret's usage must be `volume` and name the volume's path.
   *
   * @see https://libvirt.org/formatsecret.html#usage-type-volume
   */
  readonly secretUuid: string;
}

/** A volume, as other constructs refer to it. */
export interface IVolume extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** The pool it is in. */
  readonly pool: IStoragePool;

  /** Its name in its pool. */
  readonly volumeName: string;

  /** Its path on the host; for a volume of this stack a reference, by which Terraform makes the volume first. */
  readonly path: string;

  /** How its content is laid out. */
  readonly format: VolumeFormat;

  /** Its size as a guest sees it, where that is known. */
  readonly capacity?: Size;

  /** How it is encrypted; undefined where it is not. */
  readonly encryption?: VolumeEncryption;
}

/**
 * What a secret is for: `ceph` and `iscsi` log in at a storage server, `volume` opens an encrypted volume, `tls` a private
 * key, `vtpm` the state of a TPM.
 *
 * @see https://libvirt.org/formatsecret.html
 */
export type SecretUsage = "ceph" | "iscsi" | "volume" | "tls" | "vtpm";

/** A secret of a host, as other constructs refer to it. */
export interface ISecret extends IConstruct {
  /** The host that keeps it. */
  readonly host: IHost;

  /** The UUID by which the host knows it; for a secret of this stack a reference, by which Terraform makes it first. */
  readonly secretUuid: string;

  /** What it is for, where that is known. */
  readonly usage?: SecretUsage;
}
