// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * The newest CPU model that several hosts all support completely: a guest with this model can be migrated live
 * between them.
 *
 * Of the models that libvirt reports as usable on each of the hosts, it is the one with the most features
 * (libvirt's `virConnectBaselineHypervisorCPU` lists them), and of several with as many, the one that libvirt
 * lists last. A model that QEMU has deprecated is chosen only if there is no other; on x86_64, a model that cannot
 * run 64-bit code is never chosen.
 *
 * The provider asks the hosts in every plan. The model changes when a host with a less capable CPU is added, or
 * when a newer QEMU supports more models.
 *
 * See https://libvirt.org/formatdomaincaps.html#cpu-configuration
 */
export interface DataLibvirtCpuBaselineConfig extends TerraformMetaArguments {
  /** The hosts, as named in the provider's `hosts`, each with `{}`. */
  readonly hosts: Readonly<Record<string, Record<string, never> | IResolvable>> | IResolvable;

  /**
   * The domain type of the guests: `kvm` is hardware virtualization, `qemu` is emulation. One of `kvm`, `qemu`.
   * Default: `kvm`.
   */
  readonly type?: string;
}

/**
 * The newest CPU model that several hosts all support completely: a guest with this model can be migrated live
 * between them.
 *
 * Of the models that libvirt reports as usable on each of the hosts, it is the one with the most features
 * (libvirt's `virConnectBaselineHypervisorCPU` lists them), and of several with as many, the one that libvirt
 * lists last. A model that QEMU has deprecated is chosen only if there is no other; on x86_64, a model that cannot
 * run 64-bit code is never chosen.
 *
 * The provider asks the hosts in every plan. The model changes when a host with a less capable CPU is added, or
 * when a newer QEMU supports more models.
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

  /** The name of the model, as `cpu.model` of `libvirt_domain` takes it. */
  public get model(): string {
    return this.getStringAttribute("model");
  }

  /**
   * The domain type of the guests: `kvm` is hardware virtualization, `qemu` is emulation. One of `kvm`, `qemu`.
   * Default: `kvm`.
   */
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
