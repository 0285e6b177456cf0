import type { MovableProps } from "../core/formerly";
import type { IHost } from "../host/types";
import type {
  DhcpRange,
  NetworkBandwidth,
  NetworkBoot,
  NetworkDns,
  NetworkIpv6,
  NetworkRoute,
  PortGroup,
} from "./settings";
import type { INetworkZone } from "./types";
import type { NetworkXml } from "./xml";

/** Properties of every network. */
export interface NetworkProps extends MovableProps {
  /** The host that the network is on. */
  readonly host: IHost;

  /**
   * Name of the network on its host.
   *
   * A change replaces the network. Change `cidr` too, because the new network is created before the old one is removed.
   *
   * @default - the construct's id
   */
  readonly networkName?: string;

  /**
   * The zone that the network belongs to.
   *
   * @default - no zone; required if the app has zones
   */
  readonly zone?: INetworkZone;

  /**
   * Port groups by name: settings for some of the network's guests.
   *
   * @default - no port groups
   */
  readonly portGroups?: Readonly<Record<string, PortGroup>>;

  /**
   * Whether libvirt starts the network when the host starts.
   *
   * @default true
   */
  readonly autostart?: boolean;

  /**
   * Elements of libvirt's XML that no other property represents, by a name of your choice: letters, digits, '-' and
   * '_'. `addXml` adds more.
   *
   * @default - no such elements
   */
  readonly xml?: Readonly<Record<string, NetworkXml>>;
}

/** Properties of every network with a bridge of its own. */
export interface VirtualNetworkProps extends NetworkProps {
  /**
   * The host's address on the network.
   *
   * @default - the first address of `cidr`
   */
  readonly gateway?: string;

  /**
   * Whether libvirt provides DHCP on the network.
   *
   * @default true
   */
  readonly dhcp?: boolean;

  /**
   * The range of addresses that DHCP assigns, within one /16: at most 65,536 addresses.
   *
   * @default - all addresses after the gateway's, within the same /16
   */
  readonly dhcpRange?: DhcpRange;

  /**
   * Duration of a DHCP lease in seconds, at least 120. With 0 leases never expire.
   *
   * @default - one hour
   */
  readonly dhcpLeaseSeconds?: number;

  /**
   * IPv6 settings of the network.
   *
   * @default - no IPv6
   */
  readonly ipv6?: NetworkIpv6;

  /**
   * Domain of the names that the network's DNS resolves, such as `lab.internal`.
   *
   * @default - no domain
   */
  readonly dnsDomain?: string;

  /**
   * Settings of the network's DNS server.
   *
   * @default - DNS resolves the names of the guests, and names that the host can resolve
   */
  readonly dns?: NetworkDns;

  /**
   * What guests boot from the network. It requires DHCP.
   *
   * @default - guests do not boot from the network
   */
  readonly netboot?: NetworkBoot;

  /**
   * Routes to addresses behind guests of the network.
   *
   * @default - no routes
   */
  readonly routes?: readonly NetworkRoute[];

  /**
   * Name of the bridge on the host, at most 15 characters.
   *
   * @default - derived from the network's name
   */
  readonly bridge?: string;

  /**
   * Size of the largest packet, in bytes, from 68 to 65535.
   *
   * @default 1500
   */
  readonly mtu?: number;

  /**
   * Limits on the bandwidth of all guests of the network together.
   *
   * @default - no limits
   */
  readonly bandwidth?: NetworkBandwidth;

  /**
   * Whether the guests reach the host and networks behind it, but not each other.
   *
   * @default false
   */
  readonly isolatedGuests?: boolean;
}
