// Generated from the provider's schema by `npm run gen`. Do not edit.

import { ImportableResource, type TerraformMetaArguments, TerraformProvider, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * A disk with the configuration for cloud-init in the guest (its NoCloud data source): an ISO image in a pool,
 * which a domain uses as a `cdrom`. New content is written in place; a guest reads it when it starts. While a
 * domain uses the disk, another `host` or `pool` does not create a new one: the disk moves with the machine.
 *
 * Import: `host/pool/name`.
 *
 * See https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 */
export interface CloudinitDiskConfig extends TerraformMetaArguments {
  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The meta data: YAML with `instance-id` and `local-hostname`. A change is in effect after the guest's next start. */
  readonly metaData: string;

  /** The disk's name. A change replaces the object. */
  readonly name: string;

  /**
   * The network configuration: YAML, version 1 or 2. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly networkConfig?: string;

  /** The name of the pool, on the same host. A change replaces the object. */
  readonly pool: string;

  /**
   * The user data, for example `#cloud-config` YAML. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly userData: string;
}

/**
 * A disk with the configuration for cloud-init in the guest (its NoCloud data source): an ISO image in a pool,
 * which a domain uses as a `cdrom`. New content is written in place; a guest reads it when it starts. While a
 * domain uses the disk, another `host` or `pool` does not create a new one: the disk moves with the machine.
 *
 * Import: `host/pool/name`.
 *
 * See https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class CloudinitDisk extends TerraformResource {
  public static readonly tfResourceType = "libvirt_cloudinit_disk";

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

  /** The meta data: YAML with `instance-id` and `local-hostname`. A change is in effect after the guest's next start. */
  public get metaData(): string {
    return this.getStringAttribute("meta_data");
  }

  public set metaData(value: string) {
    this.inputs.metaData = value;
  }

  public get metaDataInput(): string {
    return this.inputs.metaData;
  }

  /** The disk's name. A change replaces the object. */
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
   * The network configuration: YAML, version 1 or 2. A change is in effect after the guest's next start.
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

  /** The disk's path on the host. */
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
   * The user data, for example `#cloud-config` YAML. A change is in effect after the guest's next start.
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

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      meta_data: this.inputs.metaData,
      name: this.inputs.name,
      network_config: this.inputs.networkConfig,
      pool: this.inputs.pool,
      user_data: this.inputs.userData,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
