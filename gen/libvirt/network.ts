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

/**
 * A virtual network: a bridge on the host with, if wanted, an address, DHCP and a way out by NAT.
 *
 * All of it changes while guests run. DHCP does so unnoticed; for anything else the network is started again,
 * which interrupts its traffic for about a second while the guests' links stay up: the plan names them. A network
 * that running guests use is not destroyed, nor stopped in order to be changed.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatnetwork.html
 */
export interface NetworkConfig extends TerraformMetaArguments {
  /** Whether the network is started. Default: `true`. */
  readonly active?: boolean | IResolvable;

  /** Whether libvirt starts the network when the host starts. Default: `true`. */
  readonly autostart?: boolean | IResolvable;

  /** The bridge's name on the host. Unset: one is made from the network's name. */
  readonly bridge?: string;

  /** The DNS domain of the guests. */
  readonly domain?: string;

  /**
   * How the guests get out: `nat` hides them behind the host's address. Unset: the network is isolated, and they
   * don't. One of `nat`.
   */
  readonly forwardMode?: string;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The host's IPv4 address on the network. Unset: none, and no DHCP. */
  readonly ipv4?: NetworkIpv4 | IResolvable;

  /** The network's name. A change replaces the object. */
  readonly name: string;
}

/** The host's IPv4 address on the network. Unset: none, and no DHCP. */
export interface NetworkIpv4 {
  /** The address, for example `10.0.0.1`. */
  readonly address: string;

  /** DHCP for the guests. It changes while they run. */
  readonly dhcp?: NetworkIpv4Dhcp | IResolvable;

  /** The prefix length, for example `24`. */
  readonly prefix: number;
}

/** DHCP for the guests. It changes while they run. */
export interface NetworkIpv4Dhcp {
  /** The last address given out. */
  readonly end: string;

  /** Addresses that are kept for one guest, by its MAC address. */
  readonly hosts?: Readonly<Record<string, NetworkIpv4DhcpHosts | IResolvable>> | IResolvable;

  /** The first address given out. */
  readonly start: string;
}

/** Addresses that are kept for one guest, by its MAC address. */
export interface NetworkIpv4DhcpHosts {
  /** The address. */
  readonly ip: string;

  /** The name that the network's DNS gives it. */
  readonly name?: string;
}

/**
 * A virtual network: a bridge on the host with, if wanted, an address, DHCP and a way out by NAT.
 *
 * All of it changes while guests run. DHCP does so unnoticed; for anything else the network is started again,
 * which interrupts its traffic for about a second while the guests' links stay up: the plan names them. A network
 * that running guests use is not destroyed, nor stopped in order to be changed.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatnetwork.html
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

  /** Whether the network is started. Default: `true`. */
  public get active(): IResolvable {
    return this.getBooleanAttribute("active");
  }

  public set active(value: boolean | IResolvable | undefined) {
    this.inputs.active = value;
  }

  public get activeInput(): boolean | IResolvable | undefined {
    return this.inputs.active;
  }

  /** Whether libvirt starts the network when the host starts. Default: `true`. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  public set autostart(value: boolean | IResolvable | undefined) {
    this.inputs.autostart = value;
  }

  public get autostartInput(): boolean | IResolvable | undefined {
    return this.inputs.autostart;
  }

  /** The bridge's name on the host. Unset: one is made from the network's name. */
  public get bridge(): string {
    return this.getStringAttribute("bridge");
  }

  public set bridge(value: string | undefined) {
    this.inputs.bridge = value;
  }

  public get bridgeInput(): string | undefined {
    return this.inputs.bridge;
  }

  /** The DNS domain of the guests. */
  public get domain(): string {
    return this.getStringAttribute("domain");
  }

  public set domain(value: string | undefined) {
    this.inputs.domain = value;
  }

  public get domainInput(): string | undefined {
    return this.inputs.domain;
  }

  /**
   * How the guests get out: `nat` hides them behind the host's address. Unset: the network is isolated, and they
   * don't. One of `nat`.
   */
  public get forwardMode(): string {
    return this.getStringAttribute("forward_mode");
  }

  public set forwardMode(value: string | undefined) {
    this.inputs.forwardMode = value;
  }

  public get forwardModeInput(): string | undefined {
    return this.inputs.forwardMode;
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

  /** What `terraform import` takes: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The host's IPv4 address on the network. Unset: none, and no DHCP. */
  public get ipv4(): IResolvable {
    return this.interpolationForAttribute("ipv4");
  }

  public set ipv4(value: NetworkIpv4 | IResolvable | undefined) {
    this.inputs.ipv4 = value;
  }

  public get ipv4Input(): NetworkIpv4 | IResolvable | undefined {
    return this.inputs.ipv4;
  }

  /** The network's name. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The UUID by which libvirt knows the network. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      active: this.inputs.active,
      autostart: this.inputs.autostart,
      bridge: this.inputs.bridge,
      domain: this.inputs.domain,
      forward_mode: this.inputs.forwardMode,
      host: this.inputs.host,
      ipv4: nestedSingle(this.inputs.ipv4, networkIpv4ToTerraform),
      name: this.inputs.name,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function networkIpv4ToTerraform(value: NetworkIpv4): Record<string, unknown> {
  return {
    address: value.address,
    dhcp: nestedSingle(value.dhcp, networkIpv4DhcpToTerraform),
    prefix: value.prefix,
  };
}

function networkIpv4DhcpToTerraform(value: NetworkIpv4Dhcp): Record<string, unknown> {
  return {
    end: value.end,
    hosts: nestedMap(value.hosts, networkIpv4DhcpHostsToTerraform),
    start: value.start,
  };
}

function networkIpv4DhcpHostsToTerraform(value: NetworkIpv4DhcpHosts): Record<string, unknown> {
  return {
    ip: value.ip,
    name: value.name,
  };
}
