// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * An existing volume in a pool of a host: a file, a logical volume, a LUN of an iSCSI target. The provider asks
 * the host in every plan.
 *
 * See https://libvirt.org/formatstorage.html#storage-volume-xml
 */
export interface DataLibvirtVolumeConfig extends TerraformMetaArguments {
  /** The host, as named in the provider's `hosts`. */
  readonly host: string;

  /** The volume's name. */
  readonly name: string;

  /** The name of the pool, on the same host. The pool must be active. */
  readonly pool: string;
}

/**
 * An existing volume in a pool of a host: a file, a logical volume, a LUN of an iSCSI target. The provider asks
 * the host in every plan.
 *
 * See https://libvirt.org/formatstorage.html#storage-volume-xml
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DataLibvirtVolume extends TerraformDataSource {
  public static readonly tfResourceType = "libvirt_volume";

  private readonly inputs: Inputs<DataLibvirtVolumeConfig>;

  constructor(scope: Construct, id: string, config: DataLibvirtVolumeConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataLibvirtVolume.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** The allocated space on the host, in bytes. */
  public get allocation(): number {
    return this.getNumberAttribute("allocation");
  }

  /** The image that the volume is a thin clone of; unset if it is not a clone. */
  public get backingStore(): IResolvable {
    return this.interpolationForAttribute("backing_store");
  }

  /** The size that a guest sees, in bytes. */
  public get capacity(): number {
    return this.getNumberAttribute("capacity");
  }

  /** The encryption format: `luks`. Unset if the volume is not encrypted. */
  public get encryptionFormat(): string {
    return this.getStringAttribute("encryption_format");
  }

  /** The image format that libvirt reports: `qcow2`, `raw`, `iso`. Unset if the volume type has no format. */
  public get format(): string {
    return this.getStringAttribute("format");
  }

  /** The host, as named in the provider's `hosts`. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** The id that `terraform import` takes for the resource of this object: `host/pool/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The volume's name. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The path on the host, or the location on the network. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  /** The name of the pool, on the same host. The pool must be active. */
  public get pool(): string {
    return this.getStringAttribute("pool");
  }

  public set pool(value: string) {
    this.inputs.pool = value;
  }

  public get poolInput(): string {
    return this.inputs.pool;
  }

  /** The volume type: `file`, `block`, `network` and so on. */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      name: this.inputs.name,
      pool: this.inputs.pool,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
