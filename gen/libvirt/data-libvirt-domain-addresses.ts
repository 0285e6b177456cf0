// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * The current IP addresses of a domain's interfaces, without loopback and link-local addresses. A domain that does
 * not run has none. The provider asks the host in every plan. For a domain that the same apply creates, use the
 * UUID: then the provider asks after the domain was created.
 *
 * See https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses
 */
export interface DataLibvirtDomainAddressesConfig extends TerraformMetaArguments {
  /** The domain's UUID, or its name. */
  readonly domain: string;

  /** The host, as named in the provider's `hosts`. */
  readonly host: string;

  /**
   * The source of the addresses. `lease`: the DHCP leases of the host's networks. `agent`: the guest agent, which
   * must be connected. `arp`: the ARP table of the host. One of `lease`, `agent`, `arp`. Default: `lease`.
   */
  readonly source?: string;
}

/**
 * The current IP addresses of a domain's interfaces, without loopback and link-local addresses. A domain that does
 * not run has none. The provider asks the host in every plan. For a domain that the same apply creates, use the
 * UUID: then the provider asks after the domain was created.
 *
 * See https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DataLibvirtDomainAddresses extends TerraformDataSource {
  public static readonly tfResourceType = "libvirt_domain_addresses";

  private readonly inputs: Inputs<DataLibvirtDomainAddressesConfig>;

  constructor(scope: Construct, id: string, config: DataLibvirtDomainAddressesConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataLibvirtDomainAddresses.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** All addresses, in the order of the interfaces, with IPv4 first for each interface. */
  public get addresses(): string[] {
    return this.getListAttribute("addresses");
  }

  /** The domain's UUID, or its name. */
  public get domain(): string {
    return this.getStringAttribute("domain");
  }

  public set domain(value: string) {
    this.inputs.domain = value;
  }

  public get domainInput(): string {
    return this.inputs.domain;
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

  /** The host, the domain and the source, separated by slashes. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The interfaces of the domain, by their names in `interfaces` of `libvirt_domain`. */
  public get interfaces(): IResolvable {
    return this.interpolationForAttribute("interfaces");
  }

  /**
   * The source of the addresses. `lease`: the DHCP leases of the host's networks. `agent`: the guest agent, which
   * must be connected. `arp`: the ARP table of the host. One of `lease`, `agent`, `arp`. Default: `lease`.
   */
  public get source(): string {
    return this.getStringAttribute("source");
  }

  public set source(value: string | undefined) {
    this.inputs.source = value;
  }

  public get sourceInput(): string | undefined {
    return this.inputs.source;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      domain: this.inputs.domain,
      host: this.inputs.host,
      source: this.inputs.source,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
