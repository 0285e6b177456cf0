// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedMap, nestedSingle, toHclAttributes } from "../binding";

/**
 * A virtual network. It has its own bridge, with an optional address, DHCP, DNS and forwarding, or it attaches
 * guests to an existing bridge or device of the host.
 *
 * Every attribute can change while guests run. DHCP, DNS entries, port groups and macvtap devices change without
 * an interruption; any other change restarts the network. A restart of a network with its own bridge interrupts
 * the traffic for about a second while the guests' links stay up; the plan names the guests. A network that
 * running guests use is not destroyed. A network that is stopped cuts off its guests: the plan names them, and
 * when the network starts again, an apply attaches them again, no matter which program stopped it.
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

  /** Limits of the throughput. `inbound` is traffic to all guests together. */
  readonly bandwidth?: NetworkBandwidth | IResolvable;

  /**
   * The name of the bridge on the host. With mode `bridge`, an existing bridge. Unset: a name derived from the
   * network's name.
   */
  readonly bridge?: string;

  /** The forwarding delay of the network's own bridge for a new port, in seconds. Unset: 0. */
  readonly delay?: number;

  /** The network's DNS server. Its entries can change while guests run. */
  readonly dns?: NetworkDns | IResolvable;

  /**
   * Further options of dnsmasq, the network's DNS and DHCP server, in the format of its configuration file:
   * `address=/apps.example.org/10.0.0.5` for all names in a domain, `dhcp-option=option:ntp-server,10.0.0.1`.
   * dnsmasq reads their values when the network starts: a wrong value fails the apply. A change restarts the
   * network. See https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html.
   */
  readonly dnsmasqOptions?: readonly string[];

  /** The DNS domain of the guests. */
  readonly domain?: NetworkDomain | IResolvable;

  /** How the guests reach other networks. Unset: the network is isolated. */
  readonly forward?: NetworkForward | IResolvable;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The host's IPv4 address on the network. Unset: no address and no DHCP. */
  readonly ipv4?: NetworkIpv4 | IResolvable;

  /** The host's IPv6 address on the network, which the host advertises to the guests. Unset: no address. */
  readonly ipv6?: NetworkIpv6 | IResolvable;

  /** Whether the guests can reach the host and other networks, but not each other. */
  readonly isolated?: boolean | IResolvable;

  /** The MAC address of the network's own bridge. Unset: libvirt chooses one when the network is created. */
  readonly mac?: string;

  /** The maximum packet size (MTU) in bytes, of the network's own bridge and of guests that start on it. Unset: 1500. */
  readonly mtu?: number;

  /** The network's name. A change replaces the object. */
  readonly name: string;

  /**
   * Port groups: settings for groups of guests, by name. A running guest keeps the settings that it was started
   * with.
   */
  readonly portgroups?: Readonly<Record<string, NetworkPortgroups | IResolvable>> | IResolvable;

  /** Static routes of the host through a guest on the network, by destination: `10.9.0.0/16`, `fd00:9::/48`. */
  readonly routes?: Readonly<Record<string, NetworkRoutes | IResolvable>> | IResolvable;

  /** Whether the network's own bridge uses the Spanning Tree Protocol to avoid loops. Unset: `true`. */
  readonly stp?: boolean | IResolvable;

  /** The type of the virtual switch, if the bridge is not a Linux bridge. One of `openvswitch`. */
  readonly virtualport?: string;

  /**
   * The VLANs of the guests. Bridges of Open vSwitch and virtual functions have them, and since libvirt 11.0.0 also
   * Linux bridges of the host, on which VLAN filtering has to be turned on (`ip link set br0 type bridge
   * vlan_filtering 1`).
   */
  readonly vlan?: NetworkVlan | IResolvable;

  /**
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. A change restarts the network, but for a further `range` or `host` of DHCP, which changes while
   * guests run. If another program adds a further `ip`, `range` or `host`, the `driver` of virtual functions,
   * another type of `virtualport`, or the attributes `ipv6`, `trustGuestRxFilters`, `zone` or `macTableManager`, it
   * is an entry too, and the plan removes it.
   */
  readonly xml?: Readonly<Record<string, NetworkXml | IResolvable>> | IResolvable;
}

/** Limits of the throughput. `inbound` is traffic to all guests together. */
export interface NetworkBandwidth {
  /** The average rate of traffic to all guests together, in kilobytes per second. */
  readonly inboundAverage?: number;

  /** How much data may arrive at `inbound_peak`, in KiB. */
  readonly inboundBurst?: number;

  /** The maximum rate of traffic to all guests together, in kilobytes per second. */
  readonly inboundPeak?: number;

  /** The average rate of traffic from all guests together, in kilobytes per second. */
  readonly outboundAverage?: number;

  /** How much data may be sent at `outbound_peak`, in KiB. */
  readonly outboundBurst?: number;

  /** The maximum rate of traffic from all guests together, in kilobytes per second. */
  readonly outboundPeak?: number;
}

/** The network's DNS server. Its entries can change while guests run. */
export interface NetworkDns {
  /** Whether the network has a DNS server. Unset: `true` if the network has an address. */
  readonly enabled?: boolean | IResolvable;

  /** Whether queries for unknown names without a dot are forwarded. Unset: `true`. */
  readonly forwardPlainNames?: boolean | IResolvable;

  /**
   * The servers for names that it does not know: addresses, `/example.org/10.0.0.53` for the names of one domain,
   * `/example.org/` for a domain that the host's own servers resolve. Unset: the host's own servers.
   */
  readonly forwarders?: readonly string[];

  /** Host names, by address. */
  readonly hosts?: Readonly<Record<string, NetworkDnsHosts | IResolvable>> | IResolvable;

  /** SRV records, by `_service._protocol`, or `_service._protocol.example.org` for another domain. */
  readonly srv?: Readonly<Record<string, NetworkDnsSrv | IResolvable>> | IResolvable;

  /** TXT records, by name. */
  readonly txt?: Readonly<Record<string, NetworkDnsTxt | IResolvable>> | IResolvable;
}

/** Host names, by address. */
export interface NetworkDnsHosts {
  /** The host names, without the network's domain. */
  readonly names: readonly string[];
}

/** SRV records, by `_service._protocol`, or `_service._protocol.example.org` for another domain. */
export interface NetworkDnsSrv {
  /** The port of the service. */
  readonly port: number;

  /** The priority. Clients try lower values first. Unset: 0. */
  readonly priority?: number;

  /** The name of the host that provides the service. */
  readonly target: string;

  /** The relative weight among records of the same priority. Unset: 0. */
  readonly weight?: number;
}

/** TXT records, by name. */
export interface NetworkDnsTxt {
  /** The text. */
  readonly value: string;
}

/** The DNS domain of the guests. */
export interface NetworkDomain {
  /** Whether queries for unknown names in the domain are not forwarded to other servers. Unset: `false`. */
  readonly localOnly?: boolean | IResolvable;

  /** The name of the domain, for example `lab.internal`. */
  readonly name: string;
}

/** How the guests reach other networks. Unset: the network is isolated. */
export interface NetworkForward {
  /** For `hostdev`, instead of `pf`: the PCI addresses of the virtual functions, such as `0000:03:10.2`. */
  readonly addresses?: readonly string[];

  /**
   * The host's devices: for `nat` and `route` the only device for outgoing traffic (unset: any), for macvtap the
   * devices that guests are attached to. Macvtap devices can be added and removed while guests run.
   */
  readonly devices?: readonly string[];

  /** For `hostdev`: whether libvirt detaches a function from the host's driver and attaches it again afterwards. */
  readonly managed?: boolean | IResolvable;

  /**
   * `nat` translates the guests' addresses to the host's address; `route` does not, so other networks need a route
   * to the guests; `open` is `route` without libvirt's firewall rules; `bridge` attaches the guests to an existing
   * bridge of the host or, with `devices`, to a device of the host by macvtap, as `private`, `vepa` and
   * `passthrough` do; `hostdev` gives each guest a virtual function of an SR-IOV device. One of `nat`, `route`,
   * `open`, `bridge`, `private`, `vepa`, `passthrough`, `hostdev`.
   */
  readonly mode: string;

  /** The addresses that `nat` translates to. Unset: the host's address. */
  readonly natAddresses?: NetworkForwardNatAddresses | IResolvable;

  /** Whether `nat` also translates IPv6 addresses. Unset: IPv6 is routed. */
  readonly natIpv6?: boolean | IResolvable;

  /** The ports that `nat` uses. Unset: 1024 to 65535. */
  readonly natPorts?: NetworkForwardNatPorts | IResolvable;

  /** For `hostdev`: the physical device whose virtual functions the guests get. */
  readonly pf?: string;
}

/** The addresses that `nat` translates to. Unset: the host's address. */
export interface NetworkForwardNatAddresses {
  /** The last address. */
  readonly end: string;

  /** The first address. */
  readonly start: string;
}

/** The ports that `nat` uses. Unset: 1024 to 65535. */
export interface NetworkForwardNatPorts {
  /** The last port. */
  readonly end: number;

  /** The first port. */
  readonly start: number;
}

/** The host's IPv4 address on the network. Unset: no address and no DHCP. */
export interface NetworkIpv4 {
  /** The address, for example `10.0.0.1`. */
  readonly address: string;

  /** The DHCP server for the guests. It can change while they run. */
  readonly dhcp?: NetworkIpv4Dhcp | IResolvable;

  /** The prefix length, for example `24`. */
  readonly prefix: number;

  /**
   * A directory on the host whose files guests can read by TFTP, for example to boot from the network. It has to
   * exist, and dnsmasq's user has to be able to read it. A change restarts the network. Unset: no TFTP server.
   */
  readonly tftpRoot?: string;
}

/** The DHCP server for the guests. It can change while they run. */
export interface NetworkIpv4Dhcp {
  /** What a guest loads that boots from the network (PXE). A change restarts the network. */
  readonly bootp?: NetworkIpv4DhcpBootp | IResolvable;

  /** The last address of the range. */
  readonly end?: string;

  /** Address reservations, by the MAC address of the guest. */
  readonly hosts?: Readonly<Record<string, NetworkIpv4DhcpHosts | IResolvable>> | IResolvable;

  /** The lease time in seconds; 0 is infinite. Unset: one hour. */
  readonly leaseTime?: number;

  /**
   * The first address of the range for guests without a reservation. Unset: only the addresses of `hosts` are
   * assigned.
   */
  readonly start?: string;
}

/** What a guest loads that boots from the network (PXE). A change restarts the network. */
export interface NetworkIpv4DhcpBootp {
  /** The file on the TFTP server, for example `pxelinux.0`, or a URL that the firmware understands. */
  readonly file: string;

  /** The address of the TFTP server. Unset: the network's own. */
  readonly server?: string;
}

/** Address reservations, by the MAC address of the guest. */
export interface NetworkIpv4DhcpHosts {
  /** The address. */
  readonly ip: string;

  /** The guest's name in the network's DNS. */
  readonly name?: string;
}

/** The host's IPv6 address on the network, which the host advertises to the guests. Unset: no address. */
export interface NetworkIpv6 {
  /** The address, for example `fd00:1::1`. */
  readonly address: string;

  /** The DHCP server for the guests. It can change while they run. */
  readonly dhcp?: NetworkIpv6Dhcp | IResolvable;

  /** The prefix length. Guests configure an address by themselves only with `64`. */
  readonly prefix: number;
}

/** The DHCP server for the guests. It can change while they run. */
export interface NetworkIpv6Dhcp {
  /** The last address of the range. */
  readonly end?: string;

  /**
   * Address reservations, by the name that the guest sends or by its DHCP unique identifier (DUID). IPv6 has no
   * reservations by MAC address.
   */
  readonly hosts?: Readonly<Record<string, NetworkIpv6DhcpHosts | IResolvable>> | IResolvable;

  /** The lease time in seconds; 0 is infinite. Unset: one hour. */
  readonly leaseTime?: number;

  /**
   * The first address of the range for guests without a reservation. Unset: only the addresses of `hosts` are
   * assigned.
   */
  readonly start?: string;
}

/**
 * Address reservations, by the name that the guest sends or by its DHCP unique identifier (DUID). IPv6 has no
 * reservations by MAC address.
 */
export interface NetworkIpv6DhcpHosts {
  /** The address. */
  readonly ip: string;

  /** The name in the network's DNS of a guest that is identified by its DUID. */
  readonly name?: string;
}

/**
 * Port groups: settings for groups of guests, by name. A running guest keeps the settings that it was started
 * with.
 */
export interface NetworkPortgroups {
  /** Limits of the throughput. `inbound` is traffic to each guest. */
  readonly bandwidth?: NetworkPortgroupsBandwidth | IResolvable;

  /** Whether the group applies to guests that name no group. */
  readonly default?: boolean | IResolvable;

  /** The type of the virtual switch, if the bridge is not a Linux bridge. One of `openvswitch`. */
  readonly virtualport?: string;

  /** The VLANs of the group's guests. */
  readonly vlan?: NetworkPortgroupsVlan | IResolvable;
}

/** Limits of the throughput. `inbound` is traffic to each guest. */
export interface NetworkPortgroupsBandwidth {
  /** The average rate of traffic to each guest, in kilobytes per second. */
  readonly inboundAverage?: number;

  /** How much data may arrive at `inbound_peak`, in KiB. */
  readonly inboundBurst?: number;

  /** The maximum rate of traffic to each guest, in kilobytes per second. */
  readonly inboundPeak?: number;

  /** The average rate of traffic from each guest, in kilobytes per second. */
  readonly outboundAverage?: number;

  /** How much data may be sent at `outbound_peak`, in KiB. */
  readonly outboundBurst?: number;

  /** The maximum rate of traffic from each guest, in kilobytes per second. */
  readonly outboundPeak?: number;
}

/** The VLANs of the group's guests. */
export interface NetworkPortgroupsVlan {
  /**
   * The VLAN tags, from 0 to 4095. A single tag is invisible to the guest; several tags are a trunk, and the guest
   * sees them.
   */
  readonly tags: readonly string[];

  /** Whether a single tag is a trunk too. Several tags always are. */
  readonly trunk?: boolean | IResolvable;
}

/** Static routes of the host through a guest on the network, by destination: `10.9.0.0/16`, `fd00:9::/48`. */
export interface NetworkRoutes {
  /** The guest's address on the network. */
  readonly gateway: string;

  /** The metric. Of several routes to a destination, the host uses the one with the lowest metric. */
  readonly metric?: number;
}

/**
 * The VLANs of the guests. Bridges of Open vSwitch and virtual functions have them, and since libvirt 11.0.0 also
 * Linux bridges of the host, on which VLAN filtering has to be turned on (`ip link set br0 type bridge
 * vlan_filtering 1`).
 */
export interface NetworkVlan {
  /**
   * The VLAN tags, from 0 to 4095. A single tag is invisible to the guest; several tags are a trunk, and the guest
   * sees them.
   */
  readonly tags: readonly string[];

  /** Whether a single tag is a trunk too. Several tags always are. */
  readonly trunk?: boolean | IResolvable;
}

/**
 * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
 * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
 * with its entry. A change restarts the network, but for a further `range` or `host` of DHCP, which changes while
 * guests run. If another program adds a further `ip`, `range` or `host`, the `driver` of virtual functions,
 * another type of `virtualport`, or the attributes `ipv6`, `trustGuestRxFilters`, `zone` or `macTableManager`, it
 * is an entry too, and the plan removes it.
 */
export interface NetworkXml {
  /**
   * XML attributes of the element that `under` names, instead of an `element`: `{ trustGuestRxFilters = "yes" }`.
   * The element keeps its other attributes.
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * The element, as libvirt returns it: `<ip address="10.0.1.1" prefix="24"/>`. Additions by libvirt are not a
   * difference. The element declares its prefixes: `<metadata><x:note
   * xmlns:x="https://example.org/notes"/></metadata>`.
   */
  readonly element?: string;

  /**
   * The path of the element that contains the `element` or has the `attributes`, below `network`: `forward`,
   * `ip/dhcp`. Of elements that are entries of an attribute, it names one by its key: `portgroup[staff]`. Of others
   * with the same name it takes the first, or the one with a number: `ip[2]/dhcp`. Empty: `network` itself. Default:
   * ``.
   */
  readonly under?: string;
}

/**
 * A virtual network. It has its own bridge, with an optional address, DHCP, DNS and forwarding, or it attaches
 * guests to an existing bridge or device of the host.
 *
 * Every attribute can change while guests run. DHCP, DNS entries, port groups and macvtap devices change without
 * an interruption; any other change restarts the network. A restart of a network with its own bridge interrupts
 * the traffic for about a second while the guests' links stay up; the plan names the guests. A network that
 * running guests use is not destroyed. A network that is stopped cuts off its guests: the plan names them, and
 * when the network starts again, an apply attaches them again, no matter which program stopped it.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatnetwork.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class Network extends TerraformResource {
  public static readonly tfResourceType = "libvirt_network";

  /**
   * Writes an import block. `cdktf diff` then shows the configuration of the existing object.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId the id that `terraform import` takes
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

  /** Limits of the throughput. `inbound` is traffic to all guests together. */
  public get bandwidth(): IResolvable {
    return this.interpolationForAttribute("bandwidth");
  }

  public set bandwidth(value: NetworkBandwidth | IResolvable | undefined) {
    this.inputs.bandwidth = value;
  }

  public get bandwidthInput(): NetworkBandwidth | IResolvable | undefined {
    return this.inputs.bandwidth;
  }

  /**
   * The name of the bridge on the host. With mode `bridge`, an existing bridge. Unset: a name derived from the
   * network's name.
   */
  public get bridge(): string {
    return this.getStringAttribute("bridge");
  }

  public set bridge(value: string | undefined) {
    this.inputs.bridge = value;
  }

  public get bridgeInput(): string | undefined {
    return this.inputs.bridge;
  }

  /** The forwarding delay of the network's own bridge for a new port, in seconds. Unset: 0. */
  public get delay(): number {
    return this.getNumberAttribute("delay");
  }

  public set delay(value: number | undefined) {
    this.inputs.delay = value;
  }

  public get delayInput(): number | undefined {
    return this.inputs.delay;
  }

  /** The network's DNS server. Its entries can change while guests run. */
  public get dns(): IResolvable {
    return this.interpolationForAttribute("dns");
  }

  public set dns(value: NetworkDns | IResolvable | undefined) {
    this.inputs.dns = value;
  }

  public get dnsInput(): NetworkDns | IResolvable | undefined {
    return this.inputs.dns;
  }

  /**
   * Further options of dnsmasq, the network's DNS and DHCP server, in the format of its configuration file:
   * `address=/apps.example.org/10.0.0.5` for all names in a domain, `dhcp-option=option:ntp-server,10.0.0.1`.
   * dnsmasq reads their values when the network starts: a wrong value fails the apply. A change restarts the
   * network. See https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html.
   */
  public get dnsmasqOptions(): string[] {
    return this.getListAttribute("dnsmasq_options");
  }

  public set dnsmasqOptions(value: readonly string[] | undefined) {
    this.inputs.dnsmasqOptions = value;
  }

  public get dnsmasqOptionsInput(): readonly string[] | undefined {
    return this.inputs.dnsmasqOptions;
  }

  /** The DNS domain of the guests. */
  public get domain(): IResolvable {
    return this.interpolationForAttribute("domain");
  }

  public set domain(value: NetworkDomain | IResolvable | undefined) {
    this.inputs.domain = value;
  }

  public get domainInput(): NetworkDomain | IResolvable | undefined {
    return this.inputs.domain;
  }

  /** How the guests reach other networks. Unset: the network is isolated. */
  public get forward(): IResolvable {
    return this.interpolationForAttribute("forward");
  }

  public set forward(value: NetworkForward | IResolvable | undefined) {
    this.inputs.forward = value;
  }

  public get forwardInput(): NetworkForward | IResolvable | undefined {
    return this.inputs.forward;
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

  /** The import ID: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The host's IPv4 address on the network. Unset: no address and no DHCP. */
  public get ipv4(): IResolvable {
    return this.interpolationForAttribute("ipv4");
  }

  public set ipv4(value: NetworkIpv4 | IResolvable | undefined) {
    this.inputs.ipv4 = value;
  }

  public get ipv4Input(): NetworkIpv4 | IResolvable | undefined {
    return this.inputs.ipv4;
  }

  /** The host's IPv6 address on the network, which the host advertises to the guests. Unset: no address. */
  public get ipv6(): IResolvable {
    return this.interpolationForAttribute("ipv6");
  }

  public set ipv6(value: NetworkIpv6 | IResolvable | undefined) {
    this.inputs.ipv6 = value;
  }

  public get ipv6Input(): NetworkIpv6 | IResolvable | undefined {
    return this.inputs.ipv6;
  }

  /** Whether the guests can reach the host and other networks, but not each other. */
  public get isolated(): IResolvable {
    return this.getBooleanAttribute("isolated");
  }

  public set isolated(value: boolean | IResolvable | undefined) {
    this.inputs.isolated = value;
  }

  public get isolatedInput(): boolean | IResolvable | undefined {
    return this.inputs.isolated;
  }

  /** The MAC address of the network's own bridge. Unset: libvirt chooses one when the network is created. */
  public get mac(): string {
    return this.getStringAttribute("mac");
  }

  public set mac(value: string | undefined) {
    this.inputs.mac = value;
  }

  public get macInput(): string | undefined {
    return this.inputs.mac;
  }

  /** The maximum packet size (MTU) in bytes, of the network's own bridge and of guests that start on it. Unset: 1500. */
  public get mtu(): number {
    return this.getNumberAttribute("mtu");
  }

  public set mtu(value: number | undefined) {
    this.inputs.mtu = value;
  }

  public get mtuInput(): number | undefined {
    return this.inputs.mtu;
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

  /**
   * Whether the next apply repairs it: its definition was removed or changed since it was started, or running guests
   * are cut off from it.
   */
  public get needsRepair(): IResolvable {
    return this.getBooleanAttribute("needs_repair");
  }

  /**
   * Port groups: settings for groups of guests, by name. A running guest keeps the settings that it was started
   * with.
   */
  public get portgroups(): IResolvable {
    return this.interpolationForAttribute("portgroups");
  }

  public set portgroups(value: Readonly<Record<string, NetworkPortgroups | IResolvable>> | IResolvable | undefined) {
    this.inputs.portgroups = value;
  }

  public get portgroupsInput(): Readonly<Record<string, NetworkPortgroups | IResolvable>> | IResolvable | undefined {
    return this.inputs.portgroups;
  }

  /** Static routes of the host through a guest on the network, by destination: `10.9.0.0/16`, `fd00:9::/48`. */
  public get routes(): IResolvable {
    return this.interpolationForAttribute("routes");
  }

  public set routes(value: Readonly<Record<string, NetworkRoutes | IResolvable>> | IResolvable | undefined) {
    this.inputs.routes = value;
  }

  public get routesInput(): Readonly<Record<string, NetworkRoutes | IResolvable>> | IResolvable | undefined {
    return this.inputs.routes;
  }

  /** Whether the network's own bridge uses the Spanning Tree Protocol to avoid loops. Unset: `true`. */
  public get stp(): IResolvable {
    return this.getBooleanAttribute("stp");
  }

  public set stp(value: boolean | IResolvable | undefined) {
    this.inputs.stp = value;
  }

  public get stpInput(): boolean | IResolvable | undefined {
    return this.inputs.stp;
  }

  /** The UUID by which libvirt knows the network. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  /** The type of the virtual switch, if the bridge is not a Linux bridge. One of `openvswitch`. */
  public get virtualport(): string {
    return this.getStringAttribute("virtualport");
  }

  public set virtualport(value: string | undefined) {
    this.inputs.virtualport = value;
  }

  public get virtualportInput(): string | undefined {
    return this.inputs.virtualport;
  }

  /**
   * The VLANs of the guests. Bridges of Open vSwitch and virtual functions have them, and since libvirt 11.0.0 also
   * Linux bridges of the host, on which VLAN filtering has to be turned on (`ip link set br0 type bridge
   * vlan_filtering 1`).
   */
  public get vlan(): IResolvable {
    return this.interpolationForAttribute("vlan");
  }

  public set vlan(value: NetworkVlan | IResolvable | undefined) {
    this.inputs.vlan = value;
  }

  public get vlanInput(): NetworkVlan | IResolvable | undefined {
    return this.inputs.vlan;
  }

  /**
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. A change restarts the network, but for a further `range` or `host` of DHCP, which changes while
   * guests run. If another program adds a further `ip`, `range` or `host`, the `driver` of virtual functions,
   * another type of `virtualport`, or the attributes `ipv6`, `trustGuestRxFilters`, `zone` or `macTableManager`, it
   * is an entry too, and the plan removes it.
   */
  public get xml(): IResolvable {
    return this.interpolationForAttribute("xml");
  }

  public set xml(value: Readonly<Record<string, NetworkXml | IResolvable>> | IResolvable | undefined) {
    this.inputs.xml = value;
  }

  public get xmlInput(): Readonly<Record<string, NetworkXml | IResolvable>> | IResolvable | undefined {
    return this.inputs.xml;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      active: this.inputs.active,
      autostart: this.inputs.autostart,
      bandwidth: nestedSingle(this.inputs.bandwidth, networkBandwidthToTerraform),
      bridge: this.inputs.bridge,
      delay: this.inputs.delay,
      dns: nestedSingle(this.inputs.dns, networkDnsToTerraform),
      dnsmasq_options: this.inputs.dnsmasqOptions,
      domain: nestedSingle(this.inputs.domain, networkDomainToTerraform),
      forward: nestedSingle(this.inputs.forward, networkForwardToTerraform),
      host: this.inputs.host,
      ipv4: nestedSingle(this.inputs.ipv4, networkIpv4ToTerraform),
      ipv6: nestedSingle(this.inputs.ipv6, networkIpv6ToTerraform),
      isolated: this.inputs.isolated,
      mac: this.inputs.mac,
      mtu: this.inputs.mtu,
      name: this.inputs.name,
      portgroups: nestedMap(this.inputs.portgroups, networkPortgroupsToTerraform),
      routes: nestedMap(this.inputs.routes, networkRoutesToTerraform),
      stp: this.inputs.stp,
      virtualport: this.inputs.virtualport,
      vlan: nestedSingle(this.inputs.vlan, networkVlanToTerraform),
      xml: nestedMap(this.inputs.xml, networkXmlToTerraform),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function networkBandwidthToTerraform(value: NetworkBandwidth): Record<string, unknown> {
  return {
    inbound_average: value.inboundAverage,
    inbound_burst: value.inboundBurst,
    inbound_peak: value.inboundPeak,
    outbound_average: value.outboundAverage,
    outbound_burst: value.outboundBurst,
    outbound_peak: value.outboundPeak,
  };
}

function networkDnsToTerraform(value: NetworkDns): Record<string, unknown> {
  return {
    enabled: value.enabled,
    forward_plain_names: value.forwardPlainNames,
    forwarders: value.forwarders,
    hosts: nestedMap(value.hosts, networkDnsHostsToTerraform),
    srv: nestedMap(value.srv, networkDnsSrvToTerraform),
    txt: nestedMap(value.txt, networkDnsTxtToTerraform),
  };
}

function networkDnsHostsToTerraform(value: NetworkDnsHosts): Record<string, unknown> {
  return {
    names: value.names,
  };
}

function networkDnsSrvToTerraform(value: NetworkDnsSrv): Record<string, unknown> {
  return {
    port: value.port,
    priority: value.priority,
    target: value.target,
    weight: value.weight,
  };
}

function networkDnsTxtToTerraform(value: NetworkDnsTxt): Record<string, unknown> {
  return {
    value: value.value,
  };
}

function networkDomainToTerraform(value: NetworkDomain): Record<string, unknown> {
  return {
    local_only: value.localOnly,
    name: value.name,
  };
}

function networkForwardToTerraform(value: NetworkForward): Record<string, unknown> {
  return {
    addresses: value.addresses,
    devices: value.devices,
    managed: value.managed,
    mode: value.mode,
    nat_addresses: nestedSingle(value.natAddresses, networkForwardNatAddressesToTerraform),
    nat_ipv6: value.natIpv6,
    nat_ports: nestedSingle(value.natPorts, networkForwardNatPortsToTerraform),
    pf: value.pf,
  };
}

function networkForwardNatAddressesToTerraform(value: NetworkForwardNatAddresses): Record<string, unknown> {
  return {
    end: value.end,
    start: value.start,
  };
}

function networkForwardNatPortsToTerraform(value: NetworkForwardNatPorts): Record<string, unknown> {
  return {
    end: value.end,
    start: value.start,
  };
}

function networkIpv4ToTerraform(value: NetworkIpv4): Record<string, unknown> {
  return {
    address: value.address,
    dhcp: nestedSingle(value.dhcp, networkIpv4DhcpToTerraform),
    prefix: value.prefix,
    tftp_root: value.tftpRoot,
  };
}

function networkIpv4DhcpToTerraform(value: NetworkIpv4Dhcp): Record<string, unknown> {
  return {
    bootp: nestedSingle(value.bootp, networkIpv4DhcpBootpToTerraform),
    end: value.end,
    hosts: nestedMap(value.hosts, networkIpv4DhcpHostsToTerraform),
    lease_time: value.leaseTime,
    start: value.start,
  };
}

function networkIpv4DhcpBootpToTerraform(value: NetworkIpv4DhcpBootp): Record<string, unknown> {
  return {
    file: value.file,
    server: value.server,
  };
}

function networkIpv4DhcpHostsToTerraform(value: NetworkIpv4DhcpHosts): Record<string, unknown> {
  return {
    ip: value.ip,
    name: value.name,
  };
}

function networkIpv6ToTerraform(value: NetworkIpv6): Record<string, unknown> {
  return {
    address: value.address,
    dhcp: nestedSingle(value.dhcp, networkIpv6DhcpToTerraform),
    prefix: value.prefix,
  };
}

function networkIpv6DhcpToTerraform(value: NetworkIpv6Dhcp): Record<string, unknown> {
  return {
    end: value.end,
    hosts: nestedMap(value.hosts, networkIpv6DhcpHostsToTerraform),
    lease_time: value.leaseTime,
    start: value.start,
  };
}

function networkIpv6DhcpHostsToTerraform(value: NetworkIpv6DhcpHosts): Record<string, unknown> {
  return {
    ip: value.ip,
    name: value.name,
  };
}

function networkPortgroupsToTerraform(value: NetworkPortgroups): Record<string, unknown> {
  return {
    bandwidth: nestedSingle(value.bandwidth, networkPortgroupsBandwidthToTerraform),
    default: value.default,
    virtualport: value.virtualport,
    vlan: nestedSingle(value.vlan, networkPortgroupsVlanToTerraform),
  };
}

function networkPortgroupsBandwidthToTerraform(value: NetworkPortgroupsBandwidth): Record<string, unknown> {
  return {
    inbound_average: value.inboundAverage,
    inbound_burst: value.inboundBurst,
    inbound_peak: value.inboundPeak,
    outbound_average: value.outboundAverage,
    outbound_burst: value.outboundBurst,
    outbound_peak: value.outboundPeak,
  };
}

function networkPortgroupsVlanToTerraform(value: NetworkPortgroupsVlan): Record<string, unknown> {
  return {
    tags: value.tags,
    trunk: value.trunk,
  };
}

function networkRoutesToTerraform(value: NetworkRoutes): Record<string, unknown> {
  return {
    gateway: value.gateway,
    metric: value.metric,
  };
}

function networkVlanToTerraform(value: NetworkVlan): Record<string, unknown> {
  return {
    tags: value.tags,
    trunk: value.trunk,
  };
}

function networkXmlToTerraform(value: NetworkXml): Record<string, unknown> {
  return {
    attributes: value.attributes,
    element: value.element,
    under: value.under,
  };
}
