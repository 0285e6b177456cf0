// Generated from the provider's schema by `npm run gen`. Do not edit.

import { TerraformDataSource, type TerraformMetaArguments, type IResolvable } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * The newest CPU model that every one of some hosts can run whole: a guest that has it can move between them while
 * it runs.
 *
 * Of the models that libvirt says to be usable on each of the hosts, it is the one with the most features
 * (libvirt's `virConnectBaselineHypervisorCPU` lists them), and of those with as many, the one that libvirt lists
 * last. Models that QEMU has deprecated are taken only where there is no other, and on x86_64 never one that can't
 * run 64-bit code.
 *
 * The hosts are asked in every plan: where a host is added that can do less, or QEMU learns more, the model is
 * another one.
 *
 * See https://libvirt.org/formatdomaincaps.html#cpu-configuration
 */
export interface DataLibvirtCpuBaselineConfig extends TerraformMetaArguments {
  /** The hosts, as named in the provider's `hosts`, each with `{}`. */
  readonly hosts: Readonly<Record<string, Record<string, never> | IResolvable>> | IResolvable;

  /** What runs the guests: the processor's own virtualization, or emulation. One of `kvm`, `qemu`. Default: `kvm`. */
  readonly type?: string;
}

/**
 * The newest CPU model that every one of some hosts can run whole: a guest that has it can move between them while
 * it runs.
 *
 * Of the models that libvirt says to be usable on each of the hosts, it is the one with the most features
 * (libvirt's `virConnectBaselineHypervisorCPU` lists them), and of those with as many, the one that libvirt lists
 * last. Models that QEMU has deprecated are taken only where there is no other, and on x86_64 never one that can't
 * run 64-bit code.
 *
 * The hosts are asked in every plan: where a host is added that can do less, or QEMU learns more, the model is
 * another one.
 *
 * See https://libvirt.org/formatdomaincaps.html#cpu-configuration
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DataLibvirtCpuBaseline extends TerraformDataSource {
  public static readonly tfResourceType = "libvirt_cpu_baseline";

  private readonly inputs: Inputs<DataLibvirtCpuBaselineConfig>;

  constructor(scope: Construct, id: string, config: DataLibvirtCpuBaselineConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataLibvirtCpuBaseline.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** The hosts, as named in the provider's `hosts`, each with `{}`. */
  public get hosts(): IResolvable {
    return this.interpolationForAttribute("hosts");
  }

  public set hosts(value: Readonly<Record<string, Record<string, never> | IResolvable>> | IResolvable) {
    this.inputs.hosts = value;
  }

  public get hostsInput(): Readonly<Record<string, Record<string, never> | IResolvable>> | IResolvable {
    return this.inputs.hosts;
  }

  /** The type and the hosts' names. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The model's name, as `cpu.model` of `libvirt_domain` takes it. */
  public get model(): string {
    return this.getStringAttribute("model");
  }

  /** What runs the guests: the processor's own virtualization, or emulation. One of `kvm`, `qemu`. Default: `kvm`. */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  public set type(value: string | undefined) {
    this.inputs.type = value;
  }

  public get typeInput(): string | undefined {
    return this.inputs.type;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      hosts: this.inputs.hosts,
      type: this.inputs.type,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
