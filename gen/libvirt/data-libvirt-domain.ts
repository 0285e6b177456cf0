// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * An existing domain on a host, running or not. The provider asks the host in every plan. For a running domain,
 * the attributes are those of the running guest.
 *
 * See https://libvirt.org/formatdomain.html
 */
export interface DataLibvirtDomainConfig extends TerraformMetaArguments {
  /** The host, as named in the provider's `hosts`. */
  readonly host: string;

  /** The domain's name. */
  readonly name: string;
}

/**
 * An existing domain on a host, running or not. The provider asks the host in every plan. For a running domain,
 * the attributes are those of the running guest.
 *
 * See https://libvirt.org/formatdomain.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DataLibvirtDomain extends TerraformDataSource {
  public static readonly tfResourceType = "libvirt_domain";

  private readonly inputs: Inputs<DataLibvirtDomainConfig>;

  constructor(scope: Construct, id: string, config: DataLibvirtDomainConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataLibvirtDomain.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** The guest's architecture. */
  public get arch(): string {
    return this.getStringAttribute("arch");
  }

  /** Whether libvirt starts it when the host starts. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  /** The disks, by target name: `vda`. */
  public get disks(): IResolvable {
    return this.interpolationForAttribute("disks");
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

  /** The network interfaces, by MAC address. */
  public get interfaces(): IResolvable {
    return this.interpolationForAttribute("interfaces");
  }

  /** The machine type. */
  public get machine(): string {
    return this.getStringAttribute("machine");
  }

  /** The memory in KiB. */
  public get memory(): number {
    return this.getNumberAttribute("memory");
  }

  /** The domain's name. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** Whether libvirt keeps the definition when the domain stops. */
  public get persistent(): IResolvable {
    return this.getBooleanAttribute("persistent");
  }

  /** The run state: `running`, `paused`, `stopped` and so on. */
  public get state(): string {
    return this.getStringAttribute("state");
  }

  /** The domain type: `kvm`, `qemu`. */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  /** The UUID of the domain. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  /** The number of virtual CPUs. */
  public get vcpu(): number {
    return this.getNumberAttribute("vcpu");
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
