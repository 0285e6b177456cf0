// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type TerraformMetaArguments,
  TerraformResource,
  TerraformProvider,
  type IResolvable,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedSingle, nestedMap, toHclAttributes } from "../binding";

/** A virtual network. */
export interface NetworkConfig extends TerraformMetaArguments {
  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  readonly host: string;

  /** The network's name, unique on its host. A change replaces it. */
  readonly name: string;

  /** `nat`; unset: isolated. A change replaces it. */
  readonly forwardMode?: string;

  /** Name of the bridge on the host; the host chooses when unset. A change replaces it. */
  readonly bridge?: string;

  /** DNS domain of the network. A change replaces it. */
  readonly domain?: string;

  /** IPv4 on this network; unset: none. */
  readonly ipv4?: NetworkIpv4 | IResolvable;

  /** Whether libvirt starts it with the host. Default: true. */
  readonly autostart?: boolean | IResolvable;

  /** Whether it is started. Default: true. */
  readonly active?: boolean | IResolvable;
}

/** IPv4 on this network; unset: none. */
export interface NetworkIpv4 {
  /** The host's own address on the network. A change replaces it. */
  readonly address: string;

  /** Length of the network's prefix. A change replaces it. */
  readonly prefix: number;

  /** Addresses by DHCP; changes live. */
  readonly dhcp?: NetworkIpv4Dhcp | IResolvable;
}

/** Addresses by DHCP; changes live. */
export interface NetworkIpv4Dhcp {
  /** First address of the range. */
  readonly start: string;

  /** Last address of the range. */
  readonly end: string;

  /** Reservations, keyed by MAC address. */
  readonly hosts?: Readonly<Record<string, NetworkIpv4DhcpHosts | IResolvable>> | IResolvable;
}

/** Reservations, keyed by MAC address. */
export interface NetworkIpv4DhcpHosts {
  /** The address reserved. */
  readonly ip: string;

  /** The host name given with it. */
  readonly name?: string;
}

/**
 * A virtual network.
 *
 * Reading an attribute gives a reference that Terraform fills in; `…Input` gives what was set here.
 */
export class Network extends TerraformResource {
  public static readonly tfResourceType = "libvirt_network";

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
      terraformResourceType: Network.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<NetworkConfig>;

  constructor(scope: Construct, id: string, config: NetworkConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Network.tfResourceType,
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

  /** The network's name, unique on its host. A change replaces it. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The network's UUID. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  /** `nat`; unset: isolated. A change replaces it. */
  public get forwardMode(): string {
    return this.getStringAttribute("forward_mode");
  }

  public set forwardMode(value: string | undefined) {
    this.inputs.forwardMode = value;
  }

  public get forwardModeInput(): string | undefined {
    return this.inputs.forwardMode;
  }

  /** Name of the bridge on the host; the host chooses when unset. A change replaces it. */
  public get bridge(): string {
    return this.getStringAttribute("bridge");
  }

  public set bridge(value: string | undefined) {
    this.inputs.bridge = value;
  }

  public get bridgeInput(): string | undefined {
    return this.inputs.bridge;
  }

  /** DNS domain of the network. A change replaces it. */
  public get domain(): string {
    return this.getStringAttribute("domain");
  }

  public set domain(value: string | undefined) {
    this.inputs.domain = value;
  }

  public get domainInput(): string | undefined {
    return this.inputs.domain;
  }

  /** IPv4 on this network; unset: none. */
  public get ipv4(): IResolvable {
    return this.interpolationForAttribute("ipv4");
  }

  public set ipv4(value: NetworkIpv4 | IResolvable | undefined) {
    this.inputs.ipv4 = value;
  }

  public get ipv4Input(): NetworkIpv4 | IResolvable | undefined {
    return this.inputs.ipv4;
  }

  /** Whether libvirt starts it with the host. Default: true. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  public set autostart(value: boolean | IResolvable | undefined) {
    this.inputs.autostart = value;
  }

  public get autostartInput(): boolean | IResolvable | undefined {
    return this.inputs.autostart;
  }

  /** Whether it is started. Default: true. */
  public get active(): IResolvable {
    return this.getBooleanAttribute("active");
  }

  public set active(value: boolean | IResolvable | undefined) {
    this.inputs.active = value;
  }

  public get activeInput(): boolean | IResolvable | undefined {
    return this.inputs.active;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      name: this.inputs.name,
      forward_mode: this.inputs.forwardMode,
      bridge: this.inputs.bridge,
      domain: this.inputs.domain,
      ipv4: nestedSingle(this.inputs.ipv4, networkIpv4ToTerraform),
      autostart: this.inputs.autostart,
      active: this.inputs.active,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function networkIpv4ToTerraform(value: NetworkIpv4): Record<string, unknown> {
  return {
    address: value.address,
    prefix: value.prefix,
    dhcp: nestedSingle(value.dhcp, networkIpv4DhcpToTerraform),
  };
}

function networkIpv4DhcpToTerraform(value: NetworkIpv4Dhcp): Record<string, unknown> {
  return {
    start: value.start,
    end: value.end,
    hosts: nestedMap(value.hosts, networkIpv4DhcpHostsToTerraform),
  };
}

function networkIpv4DhcpHostsToTerraform(value: NetworkIpv4DhcpHosts): Record<string, unknown> {
  return {
    ip: value.ip,
    name: value.name,
  };
}
