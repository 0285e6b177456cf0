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

/** A volume in a storage pool. */
export interface VolumeConfig extends TerraformMetaArguments {
  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  readonly host: string;

  /** The volume's name, unique on its host. A change replaces it. */
  readonly name: string;

  /** Name of the pool it is in. A change replaces it. */
  readonly pool: string;

  /** `qcow2` or `raw`. Default: qcow2. A change replaces it. */
  readonly format?: string;

  /** Size in bytes as a guest sees it. Grows in place, can't shrink. Required unless there is a `source` or a `backing_store`. */
  readonly capacity?: number;

  /** Local file that is uploaded. */
  readonly source?: string;

  /** SHA-256 of `source`, verified while it is uploaded. A change replaces the volume. */
  readonly sourceSha256?: string;

  /** The volume that this one is a thin clone of. A change replaces it. */
  readonly backingStore?: VolumeBackingStore | IResolvable;
}

/** The volume that this one is a thin clone of. A change replaces it. */
export interface VolumeBackingStore {
  /** Path of the backing volume on the host. */
  readonly path: string;

  /** `qcow2` or `raw`. Default: qcow2. */
  readonly format?: string;
}

/**
 * A volume in a storage pool.
 *
 * Reading an attribute gives a reference that Terraform fills in; `…Input` gives what was set here.
 */
export class Volume extends TerraformResource {
  public static readonly tfResourceType = "libvirt_volume";

  /**
   * Writes an import block: `cdktf diff` then shows the configuration of the object that exists already.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId what `terraform import` takes for it
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

  /** What `terraform import` takes for it. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** The volume's name, unique on its host. A change replaces it. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** Name of the pool it is in. A change replaces it. */
  public get pool(): string {
    return this.getStringAttribute("pool");
  }

  public set pool(value: string) {
    this.inputs.pool = value;
  }

  public get poolInput(): string {
    return this.inputs.pool;
  }

  /** Its path on the host. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  /** `qcow2` or `raw`. Default: qcow2. A change replaces it. */
  public get format(): string {
    return this.getStringAttribute("format");
  }

  public set format(value: string | undefined) {
    this.inputs.format = value;
  }

  public get formatInput(): string | undefined {
    return this.inputs.format;
  }

  /** Size in bytes as a guest sees it. Grows in place, can't shrink. Required unless there is a `source` or a `backing_store`. */
  public get capacity(): number {
    return this.getNumberAttribute("capacity");
  }

  public set capacity(value: number | undefined) {
    this.inputs.capacity = value;
  }

  public get capacityInput(): number | undefined {
    return this.inputs.capacity;
  }

  /** Local file that is uploaded. */
  public get source(): string {
    return this.getStringAttribute("source");
  }

  public set source(value: string | undefined) {
    this.inputs.source = value;
  }

  public get sourceInput(): string | undefined {
    return this.inputs.source;
  }

  /** SHA-256 of `source`, verified while it is uploaded. A change replaces the volume. */
  public get sourceSha256(): string {
    return this.getStringAttribute("source_sha256");
  }

  public set sourceSha256(value: string | undefined) {
    this.inputs.sourceSha256 = value;
  }

  public get sourceSha256Input(): string | undefined {
    return this.inputs.sourceSha256;
  }

  /** The volume that this one is a thin clone of. A change replaces it. */
  public get backingStore(): IResolvable {
    return this.interpolationForAttribute("backing_store");
  }

  public set backingStore(value: VolumeBackingStore | IResolvable | undefined) {
    this.inputs.backingStore = value;
  }

  public get backingStoreInput(): VolumeBackingStore | IResolvable | undefined {
    return this.inputs.backingStore;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      name: this.inputs.name,
      pool: this.inputs.pool,
      format: this.inputs.format,
      capacity: this.inputs.capacity,
      source: this.inputs.source,
      source_sha256: this.inputs.sourceSha256,
      backing_store: nestedSingle(this.inputs.backingStore, volumeBackingStoreToTerraform),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function volumeBackingStoreToTerraform(value: VolumeBackingStore): Record<string, unknown> {
  return {
    path: value.path,
    format: value.format,
  };
}
