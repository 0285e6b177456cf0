// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * An existing storage pool on a host. In every plan, the provider refreshes the pool and asks the host.
 *
 * See https://libvirt.org/formatstorage.html#storage-pool-xml
 */
export interface DataLibvirtPoolConfig extends TerraformMetaArguments {
  /** The host, as named in the provider's `hosts`. */
  readonly host: string;

  /** The pool's name. */
  readonly name: string;
}

/**
 * An existing storage pool on a host. In every plan, the provider refreshes the pool and asks the host.
 *
 * See https://libvirt.org/formatstorage.html#storage-pool-xml
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DataLibvirtPool extends TerraformDataSource {
  public static readonly tfResourceType = "libvirt_pool";

  private readonly inputs: Inputs<DataLibvirtPoolConfig>;

  constructor(scope: Construct, id: string, config: DataLibvirtPoolConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataLibvirtPool.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** Whether the pool is active. */
  public get active(): IResolvable {
    return this.getBooleanAttribute("active");
  }

  /** The used space of the storage in bytes, including use outside the pool; unset if the pool is stopped. */
  public get allocation(): number {
    return this.getNumberAttribute("allocation");
  }

  /** Whether libvirt starts it when the host starts. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  /** The free space of the storage in bytes; unset if the pool is stopped. */
  public get available(): number {
    return this.getNumberAttribute("available");
  }

  /** The size of the storage in bytes; unset if the pool is stopped. */
  public get capacity(): number {
    return this.getNumberAttribute("capacity");
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

  /** The id that `terraform import` takes for the resource of this object: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The pool's name. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The directory on the host; unset if the pool has none. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  /** The pool type: `dir`, `netfs`, `logical` and so on. */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  /** The UUID of the pool. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      name: this.inputs.name,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
