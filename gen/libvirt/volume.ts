// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type TerraformMetaArguments,
  TerraformResource,
  TerraformProvider,
  type IResolvable,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedSingle, toHclAttributes } from "../binding";

/**
 * A volume in a pool: empty, uploaded from a local file or a URL, a thin clone that only stores what differs from
 * its backing store, or a full copy of another volume. Destroying it deletes its data, which is refused while a
 * domain has it as a disk or a running guest's disk rests on it.
 *
 * What could not be uploaded whole is not there: the beginning of an image, by which it is known for one, is
 * written last.
 *
 * A volume whose pool is stopped or is not there is kept in the state, and not taken for deleted. libvirt deletes
 * without wiping: what was on a logical volume or a partition can be read there until it is written over; encrypt
 * what nobody must find.
 *
 * A volume moves with the machine that uses it: while a domain has it as a disk, another `host` or `pool` makes no
 * new one, and once the domain has gone there with it, the state follows. On storage that both hosts mount,
 * another `host` is a change in place.
 *
 * Import: `host/pool/name`.
 *
 * See https://libvirt.org/formatstorage.html#storage-volume-xml
 */
export interface VolumeConfig extends TerraformMetaArguments {
  /**
   * The image that this volume is a thin clone of. It must not change or go while the clone is there. A change
   * replaces the object.
   */
  readonly backingStore?: VolumeBackingStore | IResolvable;

  /**
   * The size that a guest sees, in bytes. Unset: that of the uploaded image, of the backing store or of the copied
   * volume. It can grow in place, and a running guest sees it at once; shrinking is refused.
   */
  readonly capacity?: number;

  /**
   * Path of a volume on the same host, in this pool or another, that this one is a full copy of: the host makes it,
   * and afterwards neither knows of the other. It may have another format, and gets this volume's encryption.
   * Another one replaces the volume.
   */
  readonly cloneFrom?: string;

  /**
   * How the volume is encrypted where it is stored; the guest sees it in the clear. Added or taken away, it replaces
   * the volume.
   */
  readonly encryption?: VolumeEncryption | IResolvable;

  /**
   * The image format. `qcow2` is thin: it takes the space that was written. Volumes of block and network storage
   * (LVM, iSCSI, Ceph and so on) are `raw`. One of `qcow2`, `raw`. Default: `qcow2`. A change replaces the object.
   */
  readonly format?: string;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The volume's name. A change replaces the object. */
  readonly name: string;

  /** The name of the pool, on the same host. A change replaces the object. */
  readonly pool: string;

  /**
   * How much of its space is taken from the host when the volume is made: with `metadata` the tables of a qcow2
   * image, with `full` all of it. Unset: none, the volume is thin. A raw volume is given its space later, too, when
   * this becomes `full`; a qcow2 image that exists stays as it is. One of `metadata`, `full`.
   */
  readonly preallocation?: string;

  /**
   * What the volume's content is uploaded from, when the volume is made: a local file, or a URL with http or https,
   * which is passed on to the host as it comes. Another one replaces the volume, unless `source_sha256` says that
   * its content is the same. It must be of the volume's `format`.
   */
  readonly source?: string;

  /**
   * The SHA-256 of `source` in hexadecimal. What was uploaded is held against it; another value replaces the volume.
   * A change replaces the object.
   */
  readonly sourceSha256?: string;
}

/**
 * The image that this volume is a thin clone of. It must not change or go while the clone is there. A change
 * replaces the object.
 */
export interface VolumeBackingStore {
  /** Its format. One of `qcow2`, `raw`. Default: `qcow2`. */
  readonly format?: string;

  /** Its path on the host. */
  readonly path: string;
}

/**
 * How the volume is encrypted where it is stored; the guest sees it in the clear. Added or taken away, it replaces
 * the volume.
 */
export interface VolumeEncryption {
  /** The way of encryption. One of `luks`. Default: `luks`. A change replaces the object. */
  readonly format?: string;

  /**
   * The UUID of the `libvirt_secret` that has the passphrase. Another one is only noted: the volume keeps its
   * passphrase. For libvirt to grow the volume while no machine runs on it, the secret must be of usage `volume` and
   * be named as the volume's path.
   */
  readonly secretUuid: string;
}

/**
 * A volume in a pool: empty, uploaded from a local file or a URL, a thin clone that only stores what differs from
 * its backing store, or a full copy of another volume. Destroying it deletes its data, which is refused while a
 * domain has it as a disk or a running guest's disk rests on it.
 *
 * What could not be uploaded whole is not there: the beginning of an image, by which it is known for one, is
 * written last.
 *
 * A volume whose pool is stopped or is not there is kept in the state, and not taken for deleted. libvirt deletes
 * without wiping: what was on a logical volume or a partition can be read there until it is written over; encrypt
 * what nobody must find.
 *
 * A volume moves with the machine that uses it: while a domain has it as a disk, another `host` or `pool` makes no
 * new one, and once the domain has gone there with it, the state follows. On storage that both hosts mount,
 * another `host` is a change in place.
 *
 * Import: `host/pool/name`.
 *
 * See https://libvirt.org/formatstorage.html#storage-volume-xml
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class Volume extends TerraformResource {
  public static readonly tfResourceType = "libvirt_volume";

  /**
   * Writes an import block. `cdktf diff` then shows the configuration of the existing object.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId the id that `terraform import` takes
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: Volume.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<VolumeConfig>;

  constructor(scope: Construct, id: string, config: VolumeConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Volume.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /**
   * The image that this volume is a thin clone of. It must not change or go while the clone is there. A change
   * replaces the object.
   */
  public get backingStore(): IResolvable {
    return this.interpolationForAttribute("backing_store");
  }

  public set backingStore(value: VolumeBackingStore | IResolvable | undefined) {
    this.inputs.backingStore = value;
  }

  public get backingStoreInput(): VolumeBackingStore | IResolvable | undefined {
    return this.inputs.backingStore;
  }

  /**
   * The size that a guest sees, in bytes. Unset: that of the uploaded image, of the backing store or of the copied
   * volume. It can grow in place, and a running guest sees it at once; shrinking is refused.
   */
  public get capacity(): number {
    return this.getNumberAttribute("capacity");
  }

  public set capacity(value: number | undefined) {
    this.inputs.capacity = value;
  }

  public get capacityInput(): number | undefined {
    return this.inputs.capacity;
  }

  /**
   * Path of a volume on the same host, in this pool or another, that this one is a full copy of: the host makes it,
   * and afterwards neither knows of the other. It may have another format, and gets this volume's encryption.
   * Another one replaces the volume.
   */
  public get cloneFrom(): string {
    return this.getStringAttribute("clone_from");
  }

  public set cloneFrom(value: string | undefined) {
    this.inputs.cloneFrom = value;
  }

  public get cloneFromInput(): string | undefined {
    return this.inputs.cloneFrom;
  }

  /**
   * How the volume is encrypted where it is stored; the guest sees it in the clear. Added or taken away, it replaces
   * the volume.
   */
  public get encryption(): IResolvable {
    return this.interpolationForAttribute("encryption");
  }

  public set encryption(value: VolumeEncryption | IResolvable | undefined) {
    this.inputs.encryption = value;
  }

  public get encryptionInput(): VolumeEncryption | IResolvable | undefined {
    return this.inputs.encryption;
  }

  /**
   * The image format. `qcow2` is thin: it takes the space that was written. Volumes of block and network storage
   * (LVM, iSCSI, Ceph and so on) are `raw`. One of `qcow2`, `raw`. Default: `qcow2`. A change replaces the object.
   */
  public get format(): string {
    return this.getStringAttribute("format");
  }

  public set format(value: string | undefined) {
    this.inputs.format = value;
  }

  public get formatInput(): string | undefined {
    return this.inputs.format;
  }

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** What `terraform import` takes: `host/pool/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The volume's name. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The volume's path on the host. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  /** The name of the pool, on the same host. A change replaces the object. */
  public get pool(): string {
    return this.getStringAttribute("pool");
  }

  public set pool(value: string) {
    this.inputs.pool = value;
  }

  public get poolInput(): string {
    return this.inputs.pool;
  }

  /**
   * How much of its space is taken from the host when the volume is made: with `metadata` the tables of a qcow2
   * image, with `full` all of it. Unset: none, the volume is thin. A raw volume is given its space later, too, when
   * this becomes `full`; a qcow2 image that exists stays as it is. One of `metadata`, `full`.
   */
  public get preallocation(): string {
    return this.getStringAttribute("preallocation");
  }

  public set preallocation(value: string | undefined) {
    this.inputs.preallocation = value;
  }

  public get preallocationInput(): string | undefined {
    return this.inputs.preallocation;
  }

  /**
   * What the volume's content is uploaded from, when the volume is made: a local file, or a URL with http or https,
   * which is passed on to the host as it comes. Another one replaces the volume, unless `source_sha256` says that
   * its content is the same. It must be of the volume's `format`.
   */
  public get source(): string {
    return this.getStringAttribute("source");
  }

  public set source(value: string | undefined) {
    this.inputs.source = value;
  }

  public get sourceInput(): string | undefined {
    return this.inputs.source;
  }

  /**
   * The SHA-256 of `source` in hexadecimal. What was uploaded is held against it; another value replaces the volume.
   * A change replaces the object.
   */
  public get sourceSha256(): string {
    return this.getStringAttribute("source_sha256");
  }

  public set sourceSha256(value: string | undefined) {
    this.inputs.sourceSha256 = value;
  }

  public get sourceSha256Input(): string | undefined {
    return this.inputs.sourceSha256;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      backing_store: nestedSingle(this.inputs.backingStore, volumeBackingStoreToTerraform),
      capacity: this.inputs.capacity,
      clone_from: this.inputs.cloneFrom,
      encryption: nestedSingle(this.inputs.encryption, volumeEncryptionToTerraform),
      format: this.inputs.format,
      host: this.inputs.host,
      name: this.inputs.name,
      pool: this.inputs.pool,
      preallocation: this.inputs.preallocation,
      source: this.inputs.source,
      source_sha256: this.inputs.sourceSha256,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function volumeBackingStoreToTerraform(value: VolumeBackingStore): Record<string, unknown> {
  return {
    format: value.format,
    path: value.path,
  };
}

function volumeEncryptionToTerraform(value: VolumeEncryption): Record<string, unknown> {
  return {
    format: value.format,
    secret_uuid: value.secretUuid,
  };
}
