import type { IConstruct } from "constructs";
import { Cidr } from "../core/cidr";
import type { IHost } from "../host/types";

/**
 * How a network's guests reach other networks.
 *
 * - `isolated`: not at all
 * - `nat`: with the host's address, by address translation
 * - `route`: with their own addresses; the host is their router
 * - `open`: like `route`, without rules in the host's firewall
 * - `bridge`: on an existing bridge of the host
 * - `direct`: on a device of the host, by macvtap
 * - `sriov`: on virtual functions of a device of the host
 *
 * @see https://libvirt.org/formatnetwork.html#connectivity
 */
export type ForwardMode = "isolated" | "nat" | "route" | "open" | "bridge" | "direct" | "sriov";

/** A network, as other constructs refer to it. */
export interface INetwork extends IConstruct {
  /** The host that the network is on. */
  readonly host: IHost;

  /** Name of the network on its host. */
  readonly networkName: string;

  /** How the network's guests reach other networks. Undefined if it is not known. */
  readonly forwardMode?: ForwardMode;

  /** The bridge or device of the host through which they do. Undefined if it can be any device, or is not known. */
  readonly uplink?: string;

  /** The network's addresses. Undefined if they are not known. */
  readonly cidr?: Cidr;

  /** The zone that the network belongs to. Undefined if the app has no zones. */
  readonly zone?: INetworkZone;

  /** Names of the network's port groups. Undefined if they are not known. */
  readonly portGroups?: readonly string[];

  /** The name as a reference for other resources, so that Terraform creates the network first. */
  readonly networkReference: string;

  /** Reserves an address for one network interface: DHCP assigns it to no other. */
  reserveAddress(reservation: AddressReservation): void;
}

/** An address that DHCP reserves for one network interface. */
export interface AddressReservation {
  /** The construct that has the interface. Errors are reported at it. */
  readonly owner: IConstruct;

  /** MAC address of the interface. */
  readonly mac: string;

  /** The reserved address, which is in the network. */
  readonly address: string;

  /**
   * The host name that DHCP sends with the address, and that the network's DNS resolves.
   *
   * @default - no host name
   */
  readonly hostName?: string;
}

/** A zone of networks, as other constructs refer to it. */
export interface INetworkZone extends IConstruct {
  /** Name of the zone in rules and reports. */
  readonly zoneName: string;

  /** How far the zone is trusted, from 0 to 100. */
  readonly trust: number;

  /** Whether the zone may reach the internet. */
  readonly internet: boolean;

  /** Bridges and devices of hosts that lead only to the zone's own machines. */
  readonly uplinks: readonly string[];

  /** Adds a network to the zone, so that the policy checks and filters the network's stack. */
  addNetwork(network: INetwork): void;
}
