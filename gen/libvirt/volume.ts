// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedMap, nestedSingle, toHclAttributes } from "../binding";

/**
 * A volume in a pool: empty, uploaded from a local file or a URL, a thin clone that only stores the differences
 * from its backing store, or a full copy of another volume. Destroying it deletes its data, which is refused while
 * it is a disk of a domain or the backing image of a running guest's disk.
 *
 * An incomplete upload cannot be mistaken for an image: the beginning of the image, which identifies it, is
 * written last.
 *
 * A change of `source`, `source_sha256`, `clone_from`, `format` or `backing_store` replaces the content of the
 * volume. In a pool that is a directory, a file system or NFS, the new content is first complete in a second
 * volume, and only then the old content is deleted; if that is interrupted, the next apply continues. It is
 * refused while a running guest or another volume uses the volume. In other pools, and with `encryption`, the
 * volume itself is replaced, after the plan has checked what it can.
 *
 * A volume whose pool is stopped or missing stays in the state and is not treated as deleted. libvirt deletes
 * volumes without wiping them: the data of a logical volume or a partition can be read until it is overwritten;
 * encrypt confidential data.
 *
 * A volume moves with the machine that uses it: while it is a disk of a domain, another `host` or `pool` does not
 * create a new volume, and after the domain has moved with it, the state is updated. On storage that both hosts
 * mount, another `host` is a change in place.
 *
 * Import: `host/pool/name`.
 *
 * See https://libvirt.org/formatstorage.html#storage-volume-xml
 */
export interface VolumeConfig extends TerraformMetaArguments {
  /**
   * The image that this volume is a thin clone of. It must not be changed or deleted while the clone exists. Another
   * image replaces the content.
   */
  readonly backingStore?: VolumeBackingStore | IResolvable;

  /**
   * The size that a guest sees, in bytes. Unset: the size of the uploaded image, the backing store or the copied
   * volume. It can grow in place, and a running guest sees the new size at once; shrinking is refused.
   */
  readonly capacity?: number;

  /**
   * The path of a volume on the same host, in this pool or another, that this volume is a full copy of. The host
   * creates the copy; afterwards the two are independent. The original may have another format; the copy gets this
   * volume's encryption. Another volume replaces the content.
   */
  readonly cloneFrom?: string;

  /**
   * The encryption of the stored volume; the guest sees the decrypted content. Adding or removing it replaces the
   * volume.
   */
  readonly encryption?: VolumeEncryption | IResolvable;

  /**
   * The image format. `qcow2` is thin: it uses only the space that was written. Volumes of block and network storage
   * (LVM, iSCSI, Ceph and so on) are `raw`. Another format replaces the content. One of `qcow2`, `raw`. Default:
   * `qcow2`.
   */
  readonly format?: string;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The volume's name. A change replaces the object. */
  readonly name: string;

  /**
   * What another content does to the volume. `in-place`: as above. `replace`: it replaces the volume, and with it
   * the domains that name its `path` in `replace_triggered_by`; it is then not refused while the guest of such a
   * domain runs. All data in it is lost before the new content is there. One of `in-place`, `replace`. Default:
   * `in-place`.
   */
  readonly onNewContent?: string;

  /**
   * The owner and the mode of the volume on the host. What is unset is not managed: libvirt chooses it, and changes
   * made outside Terraform stay. Volumes of `dir`, `fs`, `netfs`, `vstorage` and `logical` pools have them. A change
   * is made in place and keeps the data; it is refused while a running guest uses the volume. On most hosts libvirt
   * gives a disk to the user of QEMU while a guest runs, and back when the guest stops: that is not a difference.
   */
  readonly permissions?: VolumePermissions | IResolvable;

  /** The name of the pool, on the same host. A change replaces the object. */
  readonly pool: string;

  /**
   * How much space is allocated when the volume is created: `metadata` allocates the tables of a qcow2 image, `full`
   * allocates everything. Unset: nothing, the volume is thin. Changing it to `full` later allocates the space of a
   * raw volume; it does not change an existing qcow2 image. One of `metadata`, `full`.
   */
  readonly preallocation?: string;

  /**
   * Whether a plan that destroys or replaces the volume is refused, also by `terraform destroy`. To destroy or
   * replace it, set this to `false` first, and apply that alone.
   */
  readonly protect?: boolean | IResolvable;

  /**
   * The image that is uploaded when the volume is created: a local file, or an http or https URL, which is streamed
   * to the host. Another source replaces the content, unless `source_sha256` says that it is the same. The image
   * must have the volume's `format`. What is packed with gzip, xz, zstd or bzip2, or as the only file of a tar or
   * zip archive, is unpacked on the way; it is recognized by its content, not by its name. The plan reads the
   * beginning of the image, and compares the SHA-256 of a local file of at most 256 MiB. A server may redirect from
   * https to http only if `source_sha256` is set.
   */
  readonly source?: string;

  /**
   * The SHA-256 of `source` in hexadecimal, which is compared with the uploaded content. For a packed `source`, it
   * is that of the file as it is stored, or that of the unpacked image: both are accepted. Another value replaces
   * the content; adding or removing it is only recorded.
   */
  readonly sourceSha256?: string;

  /**
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. libvirt uses it when it creates the volume or its content; a change of it alone is only
   * recorded.
   */
  readonly xml?: Readonly<Record<string, VolumeXml | IResolvable>> | IResolvable;
}

/**
 * The image that this volume is a thin clone of. It must not be changed or deleted while the clone exists. Another
 * image replaces the content.
 */
export interface VolumeBackingStore {
  /** The format of the image. One of `qcow2`, `raw`. Default: `qcow2`. */
  readonly format?: string;

  /** The path of the image on the host. */
  readonly path: string;
}

/**
 * The encryption of the stored volume; the guest sees the decrypted content. Adding or removing it replaces the
 * volume.
 */
export interface VolumeEncryption {
  /** The encryption format. One of `luks`. Default: `luks`. A change replaces the object. */
  readonly format?: string;

  /**
   * The UUID of the `libvirt_secret` with the passphrase. Another UUID is only recorded: the volume keeps its
   * passphrase. libvirt can grow the volume while no machine uses it only if the secret has the usage `volume` and
   * the volume's path as its name.
   */
  readonly secretUuid: string;
}

/**
 * The owner and the mode of the volume on the host. What is unset is not managed: libvirt chooses it, and changes
 * made outside Terraform stay. Volumes of `dir`, `fs`, `netfs`, `vstorage` and `logical` pools have them. A change
 * is made in place and keeps the data; it is refused while a running guest uses the volume. On most hosts libvirt
 * gives a disk to the user of QEMU while a guest runs, and back when the guest stops: that is not a difference.
 */
export interface VolumePermissions {
  /** The group ID. */
  readonly group?: number;

  /** The mode as three octal digits, with or without a leading 0: `0640`. */
  readonly mode?: string;

  /** The user ID of the owner. */
  readonly owner?: number;
}

/**
 * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
 * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
 * with its entry. libvirt uses it when it creates the volume or its content; a change of it alone is only
 * recorded.
 */
export interface VolumeXml {
  /**
   * XML attributes of the element that `under` names, instead of an `element`: `{ name = "aes", size = "256" }`. The
   * element keeps its other attributes.
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * The element, as libvirt returns it: `<features><lazy_refcounts/></features>`. Additions by libvirt are not a
   * difference. The element declares its prefixes: `<x:note xmlns:x="https://example.org/notes"/>`.
   */
  readonly element?: string;

  /**
   * The path of the element that contains the `element` or has the `attributes`, below `volume`: `target`,
   * `target/encryption`. Of several elements with one name it takes the first, or the one with a number:
   * `backingStore[1]`. Empty: `volume` itself. Default: ``.
   */
  readonly under?: string;
}

/**
 * A volume in a pool: empty, uploaded from a local file or a URL, a thin clone that only stores the differences
 * from its backing store, or a full copy of another volume. Destroying it deletes its data, which is refused while
 * it is a disk of a domain or the backing image of a running guest's disk.
 *
 * An incomplete upload cannot be mistaken for an image: the beginning of the image, which identifies it, is
 * written last.
 *
 * A change of `source`, `source_sha256`, `clone_from`, `format` or `backing_store` replaces the content of the
 * volume. In a pool that is a directory, a file system or NFS, the new content is first complete in a second
 * volume, and only then the old content is deleted; if that is interrupted, the next apply continues. It is
 * refused while a running guest or another volume uses the volume. In other pools, and with `encryption`, the
 * volume itself is replaced, after the plan has checked what it can.
 *
 * A volume whose pool is stopped or missing stays in the state and is not treated as deleted. libvirt deletes
 * volumes without wiping them: the data of a logical volume or a partition can be read until it is overwritten;
 * encrypt confidential data.
 *
 * A volume moves with the machine that uses it: while it is a disk of a domain, another `host` or `pool` does not
 * create a new volume, and after the domain has moved with it, the state is updated. On storage that both hosts
 * mount, another `host` is a change in place.
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
   * The image that this volume is a thin clone of. It must not be changed or deleted while the clone exists. Another
   * image replaces the content.
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
   * The size that a guest sees, in bytes. Unset: the size of the uploaded image, the backing store or the copied
   * volume. It can grow in place, and a running guest sees the new size at once; shrinking is refused.
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
   * The path of a volume on the same host, in this pool or another, that this volume is a full copy of. The host
   * creates the copy; afterwards the two are independent. The original may have another format; the copy gets this
   * volume's encryption. Another volume replaces the content.
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
   * The encryption of the stored volume; the guest sees the decrypted content. Adding or removing it replaces the
   * volume.
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
   * The image format. `qcow2` is thin: it uses only the space that was written. Volumes of block and network storage
   * (LVM, iSCSI, Ceph and so on) are `raw`. Another format replaces the content. One of `qcow2`, `raw`. Default:
   * `qcow2`.
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

  /** The import ID: `host/pool/name`. */
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

  /**
   * Whether the next apply repairs it: a replacement of the content was interrupted and has left files next to the
   * volume.
   */
  public get needsRepair(): IResolvable {
    return this.getBooleanAttribute("needs_repair");
  }

  /**
   * What another content does to the volume. `in-place`: as above. `replace`: it replaces the volume, and with it
   * the domains that name its `path` in `replace_triggered_by`; it is then not refused while the guest of such a
   * domain runs. All data in it is lost before the new content is there. One of `in-place`, `replace`. Default:
   * `in-place`.
   */
  public get onNewContent(): string {
    return this.getStringAttribute("on_new_content");
  }

  public set onNewContent(value: string | undefined) {
    this.inputs.onNewContent = value;
  }

  public get onNewContentInput(): string | undefined {
    return this.inputs.onNewContent;
  }

  /** The volume's path on the host. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  /**
   * The owner and the mode of the volume on the host. What is unset is not managed: libvirt chooses it, and changes
   * made outside Terraform stay. Volumes of `dir`, `fs`, `netfs`, `vstorage` and `logical` pools have them. A change
   * is made in place and keeps the data; it is refused while a running guest uses the volume. On most hosts libvirt
   * gives a disk to the user of QEMU while a guest runs, and back when the guest stops: that is not a difference.
   */
  public get permissions(): IResolvable {
    return this.interpolationForAttribute("permissions");
  }

  public set permissions(value: VolumePermissions | IResolvable | undefined) {
    this.inputs.permissions = value;
  }

  public get permissionsInput(): VolumePermissions | IResolvable | undefined {
    return this.inputs.permissions;
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
   * The size of the pool's file system, in bytes, when the volume was last read. Null if the pool is no directory.
   * If the volume is missing from a file system of another size, the plan fails and does not create it again.
   */
  public get poolCapacity(): number {
    return this.getNumberAttribute("pool_capacity");
  }

  /**
   * How much space is allocated when the volume is created: `metadata` allocates the tables of a qcow2 image, `full`
   * allocates everything. Unset: nothing, the volume is thin. Changing it to `full` later allocates the space of a
   * raw volume; it does not change an existing qcow2 image. One of `metadata`, `full`.
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
   * Whether a plan that destroys or replaces the volume is refused, also by `terraform destroy`. To destroy or
   * replace it, set this to `false` first, and apply that alone.
   */
  public get protect(): IResolvable {
    return this.getBooleanAttribute("protect");
  }

  public set protect(value: boolean | IResolvable | undefined) {
    this.inputs.protect = value;
  }

  public get protectInput(): boolean | IResolvable | undefined {
    return this.inputs.protect;
  }

  /**
   * The image that is uploaded when the volume is created: a local file, or an http or https URL, which is streamed
   * to the host. Another source replaces the content, unless `source_sha256` says that it is the same. The image
   * must have the volume's `format`. What is packed with gzip, xz, zstd or bzip2, or as the only file of a tar or
   * zip archive, is unpacked on the way; it is recognized by its content, not by its name. The plan reads the
   * beginning of the image, and compares the SHA-256 of a local file of at most 256 MiB. A server may redirect from
   * https to http only if `source_sha256` is set.
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
   * The SHA-256 of `source` in hexadecimal, which is compared with the uploaded content. For a packed `source`, it
   * is that of the file as it is stored, or that of the unpacked image: both are accepted. Another value replaces
   * the content; adding or removing it is only recorded.
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

  /**
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. libvirt uses it when it creates the volume or its content; a change of it alone is only
   * recorded.
   */
  public get xml(): IResolvable {
    return this.interpolationForAttribute("xml");
  }

  public set xml(value: Readonly<Record<string, VolumeXml | IResolvable>> | IResolvable | undefined) {
    this.inputs.xml = value;
  }

  public get xmlInput(): Readonly<Record<string, VolumeXml | IResolvable>> | IResolvable | undefined {
    return this.inputs.xml;
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
      on_new_content: this.inputs.onNewContent,
      permissions: nestedSingle(this.inputs.permissions, volumePermissionsToTerraform),
      pool: this.inputs.pool,
      preallocation: this.inputs.preallocation,
      protect: this.inputs.protect,
      source: this.inputs.source,
      source_sha256: this.inputs.sourceSha256,
      xml: nestedMap(this.inputs.xml, volumeXmlToTerraform),
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

function volumePermissionsToTerraform(value: VolumePermissions): Record<string, unknown> {
  return {
    group: value.group,
    mode: value.mode,
    owner: value.owner,
  };
}

function volumeXmlToTerraform(value: VolumeXml): Record<string, unknown> {
  return {
    attributes: value.attributes,
    element: value.element,
    under: value.under,
  };
}
