import type { IHost } from "../host/types";
import type { DhcpRange, NetworkBandwidth, NetworkDns, NetworkIpv6, NetworkRoute, PortGroup } from "./settings";
import type { INetworkZone } from "./types";

/** What networks of every kind are told. */
export interface NetworkProps {
  /** The host it is on. */
  readonly host: IHost;

  /**
   * Its name on the host. A change replaces the network, and needs another `cidr` with it: the new one is made first.
   *
   * @default - the construct's id
   */
  readonly networkName?: string;

  /**
   * The zone that it is in.
   *
   * @default - none; required where there are zones
   */
  readonly zone?: INetworkZone;

  /**
   * Groups of its guests with settings of their own, by name.
   *
   * @default - none
   */
  readonly portGroups?: Readonly<Record<string, PortGroup>>;

  /**
   * Whether libvirt starts it with the host.
   *
   * @default true
   */
  readonly autostart?: boolean;
}

/** What networks with a bridge of their own are told. */
export interface VirtualNetworkProps extends NetworkProps {
  /**
   * The host's own address on the network.
   *
   * @default - the first address of `cidr`
   */
  readonly gateway?: string;

  /**
   * Whether libvirt gives addresses by DHCP.
   *
   * @default true
   */
  readonly dhcp?: boolean;

  /**
   * The addresses that DHCP gives to whoever asks, at most the 65,536 of one /16.
   *
   * @default - all that follow the gateway's, as far as one range can reach
   */
  readonly dhcpRange?: DhcpRange;

  /**
   * For how many seconds DHCP gives an address, at least 120; 0 is for ever.
   *
   * @default - an hour
   */
  readonly dhcpLeaseSeconds?: number;

  /**
   * What it has of IPv6.
   *
   * @default - nothing
   */
  readonly ipv6?: NetworkIpv6;

  /**
   * Domain of the names that the network's DNS answers to, such as `lab.internal`.
   *
   * @default - none
   */
  readonly dnsDomain?: string;

  /**
   * What its DNS answers.
   *
   * @default - the names of its guests, and what the host knows
   */
  readonly dns?: NetworkDns;

  /**
   * Ways by guests to addresses beyond them.
   *
   * @default - none
   */
  readonly routes?: readonly NetworkRoute[];

  /**
   * Name of the bridge on the host, at most 15 characters.
   *
   * @default - one is made from the network's name
   */
  readonly bridge?: string;

  /**
   * Size of the largest packet, in bytes.
   *
   * @default 1500
   */
  readonly mtu?: number;

  /**
   * How fast all its guests together may be.
   *
   * @default - as fast as the host can
   */
  readonly bandwidth?: NetworkBandwidth;

  /**
   * Whether its guests reach the host and what is beyond it, but not each other.
   *
   * @default false
   */
  readonly isolatedGuests?: boolean;
}
