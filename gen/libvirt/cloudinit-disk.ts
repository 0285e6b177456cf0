// Generated from the provider's schema by `npm run gen`. Do not edit.

import { ImportableResource, type TerraformMetaArguments, TerraformResource, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/** A NoCloud ISO with a virtual machine's first-boot data, kept on the host's pool. */
export interface CloudinitDiskConfig extends TerraformMetaArguments {
  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  readonly host: string;

  /** The disk's name, unique on its host. A change replaces it. */
  readonly name: string;

  /** Name of the pool it is kept in. A change replaces it. */
  readonly pool: string;

  /**
   * cloud-init's user-data.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly userData: string;

  /** cloud-init's meta-data. */
  readonly metaData: string;

  /**
   * cloud-init's network-config.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly networkConfig?: string;
}

/**
 * A NoCloud ISO with a virtual machine's first-boot data, kept on the host's pool.
 *
 * Reading an attribute gives a reference that Terraform fills in; `…Input` gives what was set here.
 */
export class CloudinitDisk extends TerraformResource {
  public static readonly tfResourceType = "libvirt_cloudinit_disk";

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
      terraformResourceType: CloudinitDisk.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<CloudinitDiskConfig>;

  constructor(scope: Construct, id: string, config: CloudinitDiskConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: CloudinitDisk.tfResourceType,
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

  /** The disk's name, unique on its host. A change replaces it. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** Name of the pool it is kept in. A change replaces it. */
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
   * cloud-init's user-data.
   *
   * Sensitive: Terraform doesn't show it.
   */
  public get userData(): string {
    return this.getStringAttribute("user_data");
  }

  public set userData(value: string) {
    this.inputs.userData = value;
  }

  public get userDataInput(): string {
    return this.inputs.userData;
  }

  /** cloud-init's meta-data. */
  public get metaData(): string {
    return this.getStringAttribute("meta_data");
  }

  public set metaData(value: string) {
    this.inputs.metaData = value;
  }

  public get metaDataInput(): string {
    return this.inputs.metaData;
  }

  /**
   * cloud-init's network-config.
   *
   * Sensitive: Terraform doesn't show it.
   */
  public get networkConfig(): string {
    return this.getStringAttribute("network_config");
  }

  public set networkConfig(value: string | undefined) {
    this.inputs.networkConfig = value;
  }

  public get networkConfigInput(): string | undefined {
    return this.inputs.networkConfig;
  }

  /** Its path on the host. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      name: this.inputs.name,
      pool: this.inputs.pool,
      user_data: this.inputs.userData,
      meta_data: this.inputs.metaData,
      network_config: this.inputs.networkConfig,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
