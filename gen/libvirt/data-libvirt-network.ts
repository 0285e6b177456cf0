// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * An existing virtual network on a host. The provider asks the host in every plan.
 *
 * See https://libvirt.org/formatnetwork.html
 */
export interface DataLibvirtNetworkConfig extends TerraformMetaArguments {
  /** The host, as named in the provider's `hosts`. */
  readonly host: string;

  /** The network's name. */
  readonly name: string;
}

/**
 * An existing virtual network on a host. The provider asks the host in every plan.
 *
 * See https://libvirt.org/formatnetwork.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DataLibvirtNetwork extends TerraformDataSource {
  public static readonly tfResourceType = "libvirt_network";

  private readonly inputs: Inputs<DataLibvirtNetworkConfig>;

  constructor(scope: Construct, id: string, config: DataLibvirtNetworkConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataLibvirtNetwork.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** Whether the network is active. */
  public get active(): IResolvable {
    return this.getBooleanAttribute("active");
  }

  /** The host's addresses on the network, by address. */
  public get addresses(): IResolvable {
    return this.interpolationForAttribute("addresses");
  }

  /** Whether libvirt starts it when the host starts. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  /** The name of the bridge on the host; unset if there is none. */
  public get bridge(): string {
    return this.getStringAttribute("bridge");
  }

  /** The DNS domain of the guests. */
  public get domain(): string {
    return this.getStringAttribute("domain");
  }

  /** The host's network device for outgoing traffic; unset if any device is used. */
  public get forwardDev(): string {
    return this.getStringAttribute("forward_dev");
  }

  /** The forward mode: `nat`, `route`, `open`, `bridge` and so on. Unset: the network is isolated. */
  public get forwardMode(): string {
    return this.getStringAttribute("forward_mode");
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

  /** The maximum packet size (MTU) in bytes; unset if none is configured. */
  public get mtu(): number {
    return this.getNumberAttribute("mtu");
  }

  /** The network's name. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The UUID of the network. */
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
