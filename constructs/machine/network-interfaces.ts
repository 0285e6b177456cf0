import type { NetworkBandwidth, NetworkVlan } from "../network/settings";
import type { INetwork } from "../network/types";

/** A network interface. */
export interface NetworkAttachment {
  /** The network, on the machine's host. */
  readonly network: INetwork;

  /**
   * The address that DHCP gives it, and to no other interface: one of the network's that is free.
   *
   * @default - whichever DHCP chooses
   */
  readonly address?: string;

  /**
   * Addresses that the guest gives itself, IPv4 and IPv6, beside `address`: those that it may send from under a
   * SeparationPolicy. What it makes of its MAC address and the network's IPv6 prefix need not be named.
   *
   * @default - none
   */
  readonly guestAddresses?: readonly string[];

  /**
   * Networks on which DHCP keeps that address for it as well: those of hosts that the machine may move to, where the guest
   * then goes on with the address it has.
   *
   * @default - none
   */
  readonly alsoReservedOn?: readonly INetwork[];

  /**
   * MAC address, unique in the app.
   *
   * @default - derived from the machine's construct path and `name`
   */
  readonly mac?: string;

  /**
   * The name by which plans know the interface: letters, digits, '-' and '_'.
   *
   * @default - the network's name, with '-' for any other character
   */
  readonly name?: string;

  /**
   * The network card that the guest sees.
   *
   * @default "virtio"
   */
  readonly model?: string;

  /**
   * Whether the cable is plugged in, as the guest sees it.
   *
   * @default "up"
   */
  readonly link?: "up" | "down";

  /**
   * The network filter on the host that says what the guest may send and receive, such as `clean-traffic`.
   *
   * @default - none
   * @see https://libvirt.org/formatnwfilter.html
   */
  readonly filter?: string;

  /**
   * What the filter asks for, by name, such as `IP`: a value, or a list of them.
   *
   * @default - none
   * @see https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters
   */
  readonly filterParameters?: Readonly<Record<string, string | readonly string[]>>;

  /**
   * The group of the network's guests that it is in.
   *
   * @default - the network's default group, if there is one
   */
  readonly portGroup?: string;

  /**
   * The VLANs that it is in; only on Open vSwitch and virtual functions.
   *
   * @default - those of the network, or of its group
   */
  readonly vlan?: NetworkVlan;

  /**
   * Whether it does not reach the other isolated interfaces of the network's bridge.
   *
   * @default - as the network says
   */
  readonly isolated?: boolean;

  /**
   * Size of the largest packet, in bytes. A change waits for the guest's next start.
   *
   * @default - the network's
   */
  readonly mtu?: number;

  /**
   * How many of its processors the guest can use for it at once, with model `virtio`. A change waits for the guest's next start.
   *
   * @default 1
   */
  readonly queues?: number;

  /**
   * How fast it may be.
   *
   * @default - as fast as the host can
   */
  readonly bandwidth?: NetworkBandwidth;
}
