// Generated from the provider's schema by `npm run gen`. Do not edit.

import { TerraformDataSource, type TerraformMetaArguments, type IResolvable } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * What a host is and what it can run. It is asked in every plan.
 *
 * See https://libvirt.org/formatcaps.html and https://libvirt.org/formatdomaincaps.html
 */
export interface DataLibvirtHostConfig extends TerraformMetaArguments {
  /** The host, as named in the provider's `hosts`. */
  readonly host: string;
}

/**
 * What a host is and what it can run. It is asked in every plan.
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

  /** Its architecture, for example `x86_64`. */
  public get arch(): string {
    return this.getStringAttribute("arch");
  }

  /** Its processor, as libvirt knows it. */
  public get cpu(): IResolvable {
    return this.interpolationForAttribute("cpu");
  }

  /** Number of its CPUs, threads counted, that are online. */
  public get cpus(): number {
    return this.getNumberAttribute("cpus");
  }

  /** What runs its guests, by the name that `libvirt_domain` has for it in `type`: `kvm`, `qemu`. */
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

  /** The version of its QEMU, for example `7.2.22`. */
  public get hypervisorVersion(): string {
    return this.getStringAttribute("hypervisor_version");
  }

  /** The host's name. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The version of its libvirt, for example `9.0.0`. */
  public get libvirtVersion(): string {
    return this.getStringAttribute("libvirt_version");
  }

  /** The machine types of guests of its own architecture, by name. */
  public get machineTypes(): IResolvable {
    return this.interpolationForAttribute("machine_types");
  }

  /** Its memory in KiB. */
  public get memory(): number {
    return this.getNumberAttribute("memory");
  }

  /** Its NUMA cells, by their numbers. */
  public get numaCells(): IResolvable {
    return this.interpolationForAttribute("numa_cells");
  }

  /** What keeps its guests apart, separated by commas, for example `apparmor,dac`. */
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
