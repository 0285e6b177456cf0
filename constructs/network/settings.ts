import { Size } from "../core/size";

/** A range of addresses. */
export interface DhcpRange {
  /** First address of the range. */
  readonly start: string;

  /** Last address of the range. */
  readonly end: string;
}

/**
 * IPv6 settings of a network. If the prefix has 64 bits, guests configure their addresses themselves.
 *
 * @see https://libvirt.org/formatnetwork.html#addressing
 */
export interface NetworkIpv6 {
  /** The host's address on the network, such as `fd00:1::1`. */
  readonly address: string;

  /**
   * Length of the prefix in bits.
   *
   * @default 64
   */
  readonly prefix?: number;

  /**
   * The range of addresses that DHCP assigns.
   *
   * @default - DHCP assigns reserved addresses only
   */
  readonly dhcpRange?: DhcpRange;

  /**
   * Addresses that DHCP reserves for guests, by the host name that the guest sends.
   *
   * @default - no reservations
   */
  readonly reservations?: Readonly<Record<string, string>>;
}

/**
 * Settings of a network's DNS server. Names can be added and removed without interrupting the network.
 *
 * @see https://libvirt.org/formatnetwork.html#addressing
 */
export interface NetworkDns {
  /**
   * Whether the network has a DNS server.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Addresses of the servers that resolve all other names, or `/example.org/10.0.0.53` for the names of one domain.
   *
   * @default - the DNS servers of the host
   */
  readonly forwarders?: readonly string[];

  /**
   * Host names by their address.
   *
   * @default - the names of the guests only
   */
  readonly hosts?: Readonly<Record<string, readonly string[]>>;

  /**
   * Addresses of all names in a domain, by the domain: `{ "apps.example.org": "10.0.0.5" }` also answers for
   * `one.apps.example.org`. A change restarts the network.
   *
   * @default - no wildcards
   */
  readonly wildcards?: Readonly<Record<string, string>>;

  /**
   * Further options of dnsmasq, the program that serves DNS and DHCP, in the format of its configuration file. The host
   * checks their values when the network starts. A change restarts the network.
   *
   * @default - no further options
   * @see https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html
   */
  readonly dnsmasqOptions?: readonly string[];
}

/**
 * What guests boot from the network (PXE). A change restarts the network.
 *
 * @see https://libvirt.org/formatnetwork.html#addressing
 */
export interface NetworkBoot {
  /** The file that a guest loads, such as `pxelinux.0`, or a URL that its firmware understands. */
  readonly file: string;

  /**
   * A directory of the host whose files the network serves by TFTP.
   *
   * @default - the network has no TFTP server
   */
  readonly tftpRoot?: string;

  /**
   * The IPv4 address of another TFTP server.
   *
   * @default - the network's own
   */
  readonly server?: string;
}

/**
 * The VLANs of an interface. A single tag is not visible to the guest; several tags form a trunk, and the guest sees
 * them.
 *
 * @see https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only
 */
export interface NetworkVlan {
  /** The tags, from 0 to 4095. */
  readonly tags: readonly number[];

  /**
   * Whether the guest sees the tag even if there is only one.
   *
   * @default - true if there are several tags
   */
  readonly trunk?: boolean;
}

/**
 * Settings for some of a network's guests. A guest gets them when it starts.
 *
 * @see https://libvirt.org/formatnetwork.html#portgroups
 */
export interface PortGroup {
  /**
   * Whether guests without a port group belong to this one. A network has at most one default.
   *
   * @default false
   */
  readonly isDefault?: boolean;

  /**
   * The VLANs of the group's guests, on a BridgedNetwork.
   *
   * @default - the VLANs of the network
   */
  readonly vlan?: NetworkVlan;

  /**
   * Limits on the bandwidth of each guest.
   *
   * @default - no limits
   */
  readonly bandwidth?: NetworkBandwidth;
}

/**
 * A route to addresses behind a guest.
 *
 * @see https://libvirt.org/formatnetwork.html#static-routes
 */
export interface NetworkRoute {
  /** The addresses that are reached through the guest, such as `10.9.0.0/16`. */
  readonly destination: string;

  /** The guest's address on the network. */
  readonly gateway: string;

  /**
   * The metric of the route: of several routes the host takes the one with the lowest.
   *
   * @default - the kernel's default
   */
  readonly metric?: number;
}

/** Limits on the bandwidth in one direction, in whole KiB. */
export interface NetworkRate {
  /** The average bandwidth per second. */
  readonly average: Size;

  /**
   * The bandwidth per second during a burst.
   *
   * @default - the value of `average`
   */
  readonly peak?: Size;

  /**
   * How much can be transferred at the `peak` rate.
   *
   * @default - libvirt's default
   */
  readonly burst?: Size;
}

/**
 * Limits on the bandwidth of a network interface. They can be changed while the guest runs.
 *
 * @see https://libvirt.org/formatnetwork.html#quality-of-service
 */
export interface NetworkBandwidth {
  /**
   * What the guest receives.
   *
   * @default - no limit
   */
  readonly inbound?: NetworkRate;

  /**
   * What the guest sends.
   *
   * @default - no limit
   */
  readonly outbound?: NetworkRate;
}
