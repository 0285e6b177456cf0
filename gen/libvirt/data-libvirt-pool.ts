// Generated from the provider's schema by `npm run gen`. Do not edit.

import { TerraformDataSource, type TerraformMetaArguments, type IResolvable } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * A storage pool that a host has already. It is asked in every plan, and libvirt lists it anew for that.
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
 * A storage pool that a host has already. It is asked in every plan, and libvirt lists it anew for that.
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

  /** Whether it is started. */
  public get active(): IResolvable {
    return this.getBooleanAttribute("active");
  }

  /** How much of that is taken, in bytes, also by others than this pool; unset where it is stopped. */
  public get allocation(): number {
    return this.getNumberAttribute("allocation");
  }

  /** Whether libvirt starts it when the host starts. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  /** How much of it is free, in bytes; unset where it is stopped. */
  public get available(): number {
    return this.getNumberAttribute("available");
  }

  /** The size of its storage, in bytes; unset where it is stopped. */
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

  /** What `terraform import` takes for such an object: `host/name`. */
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

  /** The directory on the host; unset where it is none. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  /** Where it keeps its volumes: `dir`, `netfs`, `logical` and so on. */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  /** The UUID by which libvirt knows it. */
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
