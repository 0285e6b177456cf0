// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * Properties of a host and what it can run. The provider asks the host in every plan.
 *
 * See https://libvirt.org/formatcaps.html and https://libvirt.org/formatdomaincaps.html
 */
export interface DataLibvirtHostConfig extends TerraformMetaArguments {
  /** The host, as named in the provider's `hosts`. */
  readonly host: string;
}

/**
 * Properties of a host and what it can run. The provider asks the host in every plan.
 *
 * See https://libvirt.org/formatcaps.html and https://libvirt.org/formatdomaincaps.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DataLibvirtHost extends TerraformDataSource {
  public static readonly tfResourceType = "libvirt_host";

  private readonly inputs: Inputs<DataLibvirtHostConfig>;

  constructor(scope: Construct, id: string, config: DataLibvirtHostConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataLibvirtHost.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** The host's architecture, for example `x86_64`. */
  public get arch(): string {
    return this.getStringAttribute("arch");
  }

  /** The host's processor. */
  public get cpu(): IResolvable {
    return this.interpolationForAttribute("cpu");
  }

  /** The number of online CPUs, including threads. */
  public get cpus(): number {
    return this.getNumberAttribute("cpus");
  }

  /** The domain types, by the name that `type` of `libvirt_domain` takes: `kvm`, `qemu`. */
  public get domainTypes(): IResolvable {
    return this.interpolationForAttribute("domain_types");
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

  /** The version of QEMU, for example `7.2.22`. */
  public get hypervisorVersion(): string {
    return this.getStringAttribute("hypervisor_version");
  }

  /** The host's name. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The version of libvirt, for example `9.0.0`. */
  public get libvirtVersion(): string {
    return this.getStringAttribute("libvirt_version");
  }

  /** The machine types of guests of the host's own architecture, by name. */
  public get machineTypes(): IResolvable {
    return this.interpolationForAttribute("machine_types");
  }

  /** The host's memory in KiB. */
  public get memory(): number {
    return this.getNumberAttribute("memory");
  }

  /** The NUMA cells, by number. */
  public get numaCells(): IResolvable {
    return this.interpolationForAttribute("numa_cells");
  }

  /** The security models that isolate guests from each other, separated by commas, for example `apparmor,dac`. */
  public get securityModels(): string {
    return this.getStringAttribute("security_models");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
