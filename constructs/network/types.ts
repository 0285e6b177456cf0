import type { IConstruct } from "constructs";
import { Cidr } from "../core/cidr";
import type { IHost } from "../host/types";

/**
 * How a network's guests get out: not at all, hidden behind the host, by the host as their router, the same without its
 * firewall, on a bridge that the host has, on a device of the host's by macvtap, or on virtual functions of one.
 */
export type ForwardMode = "isolated" | "nat" | "route" | "open" | "bridge" | "direct" | "sriov";

/** A network, as other constructs refer to it. */
export interface INetwork extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly networkName: string;

  /** How its guests get out; undefined where that is not known. */
  readonly forwardMode?: ForwardMode;

  /** The bridge or device of the host by which they do; undefined where any is, or where that is not known. */
  readonly uplink?: string;

  /** Its addresses; undefined where these are not known. */
  readonly cidr?: Cidr;

  /** The zone that it is in; undefined where there are none. */
  readonly zone?: INetworkZone;

  /** The groups that its guests can be in; undefined where that is not known. */
  readonly portGroups?: readonly string[];

  /** The name as other resources give it: a reference, by which Terraform makes the network first. */
  readonly networkReference: string;

  /** Makes DHCP give an address to one network interface, and to no other. */
  reserveAddress(reservation: AddressReservation): void;
}

/** An address that DHCP keeps for one network interface. */
export interface AddressReservation {
  /** What has the interface, for errors. */
  readonly owner: IConstruct;

  /** MAC address of the interface. */
  readonly mac: string;

  /** The address, inside the network. */
  readonly address: string;

  /**
   * The host name that is given with it, and that the network's DNS answers to.
   *
   * @default - none
   */
  readonly hostName?: string;
}

/** A class of networks, as other constructs refer to it. */
export interface INetworkZone extends IConstruct {
  /** Its name, in rules and reports. */
  readonly zoneName: string;

  /** How far what is in it is trusted, from 0 to 100. */
  readonly trust: number;

  /** Whether what is in it may reach the internet. */
  readonly internet: boolean;

  /** Bridges and devices of hosts that lead to the zone's own machines and nowhere else. */
  readonly uplinks: readonly string[];

  /** Puts a network into the zone, for the policy to check and filter what is in the network's stack. */
  addNetwork(network: INetwork): void;
}
