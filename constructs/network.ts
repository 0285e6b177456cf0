import { Network as NetworkResource, type NetworkIpv4, type NetworkIpv4DhcpHosts } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { Cidr } from "./cidr";
import type { IHost } from "./host";
import { AddressPlan } from "./private/address-plan";
import { claim } from "./private/claims";
import { refuse } from "./private/findings";
import { checkHost } from "./private/host-agreement";
import { checkName, claimOnHost } from "./private/names";
import { claimRange } from "./private/network-ranges";
import { checkAddress } from "./private/resource-address";

/** A network, as other constructs refer to it. */
export interface INetwork extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly networkName: string;

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

/** The addresses that DHCP gives to whoever asks. */
export interface DhcpRange {
  /** First address of the range. */
  readonly start: string;

  /** Last address of the range. */
  readonly end: string;
}

/** A network that is there already. */
export interface NetworkAttributes {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly networkName: string;

  /**
   * Its addresses.
   *
   * @default - not known, and so not compared with those of other networks
   */
  readonly cidr?: Cidr;
}

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
   * Domain of the names that the network's DNS answers to, such as `lab.internal`.
   *
   * @default - none
   */
  readonly dnsDomain?: string;

  /**
   * Name of the bridge on the host, at most 15 characters.
   *
   * @default - one is made from the network's name
   */
  readonly bridge?: string;

  /**
   * Whether libvirt starts it with the host.
   *
   * @default true
   */
  readonly autostart?: boolean;
}

/**
 * A virtual network of a host: a bridge, with DHCP and DNS by libvirt. Make one of its kinds.
 *
 * A change of its DHCP goes unnoticed; for any other it is started again, which interrupts the traffic of running guests
 * for about a second. It is removed after the machines that use it have moved away, and what replaces it is made before.
 *
 * @example
 * Network.fromNetworkAttributes(this, "default", { host, networkName: "default" });
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export abstract class Network extends Construct implements INetwork {
  /** Refers to a network that is there already and stays as it is. */
  public static fromNetworkAttributes(scope: Construct, id: string, attributes: NetworkAttributes): INetwork {
    return new ExistingNetwork(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly networkName: string;
  public readonly networkReference: string;
  public readonly cidr?: Cidr;
  private readonly addresses?: AddressPlan;
  private readonly reservations: Record<string, NetworkIpv4DhcpHosts> = {};

  protected constructor(
    scope: Construct,
    id: string,
    props: NetworkProps,
    kind: { readonly cidr?: Cidr; readonly forwardMode?: "nat" },
  ) {
    super(scope, id);
    this.host = props.host;
    this.networkName = props.networkName ?? this.node.id;
    this.cidr = kind.cidr;
    this.addresses = this.cidr && new AddressPlan(this, this.networkName, this.cidr, props);

    checkHost(this, this.host);
    checkName(this, "networkName", this.networkName);
    claimOnHost(this, "network", this.networkName, this.host);
    claimRange(this, this.host, this.cidr);
    this.validateWithoutCidr(props);
    this.validateBridge(props.bridge);

    const resource = new NetworkResource(this, "Default", {
      host: this.host.hostName,
      name: this.networkName,
      forwardMode: kind.forwardMode,
      bridge: props.bridge,
      domain: props.dnsDomain,
      ipv4: this.renderIpv4(),
      autostart: props.autostart,
      lifecycle: { createBeforeDestroy: true },
    });
    checkAddress(resource);
    this.networkReference = resource.name;
  }

  public reserveAddress(reservation: AddressReservation): void {
    const { owner, mac, address, hostName } = reservation;
    if (this.addresses === undefined) {
      refuse(
        owner,
        `'address' must be left out for network '${this.networkName}', which has no 'cidr', got ${address}; give it one`,
      );
      return;
    }
    this.addresses.take(owner, address);
    this.reservations[mac] = { ip: address, name: hostName };
  }

  private renderIpv4(): NetworkIpv4 | undefined {
    if (this.cidr === undefined || this.addresses === undefined) {
      return undefined;
    }
    const { gateway, range } = this.addresses;
    const { reservations } = this;
    const dhcp = range && {
      ...range,
      // Read when the stack is synthesized: virtual machines reserve addresses after this.
      get hosts() {
        return Object.keys(reservations).length > 0 ? reservations : undefined;
      },
    };
    return { address: gateway, prefix: this.cidr.prefix, dhcp };
  }

  private validateWithoutCidr(props: NetworkProps): void {
    const given = (["gateway", "dhcp", "dhcpRange"] as const).find((property) => Boolean(props[property]));
    if (this.cidr === undefined && given !== undefined) {
      refuse(this, `'${given}' must be left out for a network without a 'cidr', got one; give the network a 'cidr'`);
    }
  }

  private validateBridge(bridge: string | undefined): void {
    if (bridge === undefined || Token.isUnresolved(bridge)) {
      return;
    }
    // IFNAMSIZ of Linux is 16, with the zero at the end.
    if (!/^[^\s/:]{1,15}$/.test(bridge) || bridge === "." || bridge === "..") {
      refuse(
        this,
        `'bridge' must be 1 to 15 characters without spaces, '/' or ':', got '${bridge}'; choose a name that Linux takes`,
      );
    }
    const holder = claim(this, this.host.uri, "bridge", bridge);
    if (holder !== undefined) {
      refuse(
        this,
        `bridge '${bridge}' is taken already on host '${this.host.hostName}' by ${holder.node.path}; give one of them another`,
      );
    }
  }
}

class ExistingNetwork extends Construct implements INetwork {
  public readonly host: IHost;
  public readonly networkName: string;
  public readonly networkReference: string;

  constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    this.host = attributes.host;
    this.networkName = attributes.networkName;
    this.networkReference = attributes.networkName;

    checkHost(this, this.host);
    claimRange(this, this.host, attributes.cidr);
  }

  public reserveAddress({ owner, address }: AddressReservation): void {
    refuse(
      owner,
      `'address' must be left out for network '${this.networkName}', which is not of this app, got ${address}; ` +
        "reserve it where the network is defined",
    );
  }
}
