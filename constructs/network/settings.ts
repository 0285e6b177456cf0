import { Size } from "../core/size";

/** The addresses that DHCP gives to whoever asks. */
export interface DhcpRange {
  /** First address of the range. */
  readonly start: string;

  /** Last address of the range. */
  readonly end: string;
}

/** What a network has of IPv6. Guests choose their addresses by themselves where the prefix has 64 bits. */
export interface NetworkIpv6 {
  /** The host's own address on the network, such as `fd00:1::1`. */
  readonly address: string;

  /**
   * Length of the prefix in bits.
   *
   * @default 64
   */
  readonly prefix?: number;

  /**
   * The addresses that DHCP gives to whoever asks.
   *
   * @default - none
   */
  readonly dhcpRange?: DhcpRange;

  /**
   * Addresses that DHCP keeps for guests, by the name that they give themselves.
   *
   * @default - none
   */
  readonly reservations?: Readonly<Record<string, string>>;
}

/**
 * What a network's DNS answers. Names can be added and removed unnoticed.
 *
 * @see https://libvirt.org/formatnetwork.html#addressing
 */
export interface NetworkDns {
  /**
   * Whether there is DNS.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Addresses of the servers that are asked what it does not know, or `/example.org/10.0.0.53` for the names of one domain.
   *
   * @default - those of the host
   */
  readonly forwarders?: readonly string[];

  /**
   * Names by the address that they stand for.
   *
   * @default - those of the guests
   */
  readonly hosts?: Readonly<Record<string, readonly string[]>>;
}

/** The VLANs of an interface: one tag that the guest does not see, or several that it does, a trunk. */
export interface NetworkVlan {
  /** The tags, from 0 to 4095. */
  readonly tags: readonly number[];

  /**
   * Whether the guest sees a single tag, too.
   *
   * @default - only where there are several
   */
  readonly trunk?: boolean;
}

/** A group of a network's guests with settings of their own, which a guest gets when it is started. */
export interface PortGroup {
  /**
   * Whether guests that name no group are in this one.
   *
   * @default false
   */
  readonly isDefault?: boolean;

  /**
   * The VLANs that they are in; only on Open vSwitch.
   *
   * @default - the network's
   */
  readonly vlan?: NetworkVlan;

  /**
   * How fast each of them may be.
   *
   * @default - as fast as the host can
   */
  readonly bandwidth?: NetworkBandwidth;
}

/** A way by a guest to addresses beyond it. */
export interface NetworkRoute {
  /** The addresses that are reached that way, such as `10.9.0.0/16`. */
  readonly destination: string;

  /** The guest's address on the network. */
  readonly gateway: string;

  /**
   * What it costs: of several ways the host takes the cheapest.
   *
   * @default - the kernel's own
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
