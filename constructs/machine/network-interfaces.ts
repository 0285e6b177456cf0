import type { NetworkBandwidth, NetworkVlan } from "../network/settings";
import type { INetwork } from "../network/types";

/**
 * A network interface.
 *
 * @see https://libvirt.org/formatdomain.html#network-interfaces
 * @typeParam N how the network is given
 */
export interface NetworkAttachment<N = INetwork> {
  /** The network, on the machine's host. For a machine on a fleet, what the fleet has on each host. */
  readonly network: N;

  /**
   * The IPv4 address that DHCP reserves for this interface. It must be an address of the network that no other
   * interface has.
   *
   * @default - DHCP chooses an address
   */
  readonly address?: string;

  /**
   * IPv4 and IPv6 addresses that the guest configures itself, in addition to `address`. Under a SeparationPolicy the
   * guest may send from them.
   *
   * The address that the guest derives from its MAC address and the network's IPv6 prefix need not be listed.
   *
   * @default - no further addresses
   */
  readonly guestAddresses?: readonly string[];

  /**
   * Further networks on which DHCP reserves `address` for the interface. List the networks of the hosts that the
   * machine may migrate to, so that the guest keeps its address there. It requires `address`.
   *
   * @default - with a network on each host of a fleet, those of the other hosts; otherwise no further networks
   */
  readonly alsoReservedOn?: readonly INetwork[];

  /**
   * The MAC address: unicast, and unique in the app.
   *
   * @default - derived from the machine's construct path and `name`
   */
  readonly mac?: string;

  /**
   * The name by which plans identify the interface: letters, digits, '-' and '_', unique in the machine.
   *
   * @default - the network's name, with every other character replaced by '-'
   */
  readonly name?: string;

  /**
   * The PCI address of the interface that the guest sees, such as `0000:05:00.0`. A PCI Express port has a bus of its
   * own, with slot 0. If one interface of a machine states its address, all do. A change takes effect when the guest
   * next starts.
   *
   * @default - the addresses of a machine's interfaces are in the order of its networks
   * @see https://libvirt.org/formatdomain.html#device-addresses
   */
  readonly busAddress?: string;

  /**
   * The network card that the guest sees.
   *
   * @default "virtio"
   */
  readonly model?: string;

  /**
   * The link state that the guest sees: whether the cable is plugged in.
   *
   * @default "up"
   * @see https://libvirt.org/formatdomain.html#modifying-virtual-link-state
   */
  readonly link?: "up" | "down";

  /**
   * Name of the network filter, on the host, that decides what the guest may send and receive, such as `clean-traffic`.
   * Networks without a bridge do not support it.
   *
   * @default - no filter
   * @see https://libvirt.org/formatnwfilter.html
   */
  readonly filter?: string;

  /**
   * Parameters of `filter`, by name, such as `IP`: a value, or a list of values.
   *
   * @default - no parameters
   * @see https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters
   */
  readonly filterParameters?: Readonly<Record<string, string | readonly string[]>>;

  /**
   * Name of the network's port group that the interface belongs to.
   *
   * @default - the network's default port group, if it has one
   */
  readonly portGroup?: string;

  /**
   * The VLANs of the interface, on a BridgedNetwork that supports them or on SR-IOV virtual functions.
   *
   * @default - the VLANs of the network or of the port group
   */
  readonly vlan?: NetworkVlan;

  /**
   * Whether the interface is isolated from the other isolated interfaces of the network's bridge. Networks without a
   * bridge do not support it.
   *
   * @default - as the network says
   * @see https://libvirt.org/formatdomain.html#isolating-guests-network-traffic-from-each-other
   */
  readonly isolated?: boolean;

  /**
   * Size of the largest packet, in bytes. A change takes effect when the guest next starts.
   *
   * @default - the MTU of the network
   * @see https://libvirt.org/formatdomain.html#mtu-configuration
   */
  readonly mtu?: number;

  /**
   * Number of queues of the interface, from 1 to 256: how many virtual CPUs can process packets at the same time. It
   * requires model `virtio`. A change takes effect when the guest next starts.
   *
   * @default 1
   */
  readonly queues?: number;

  /**
   * Limits on the bandwidth of the interface.
   *
   * @default - no limits
   */
  readonly bandwidth?: NetworkBandwidth;
}
