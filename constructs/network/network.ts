import { type NetworkConfig, Network as NetworkResource } from "@cdktf/provider-libvirt";
import { Construct, type IConstruct } from "constructs";
import type { Cidr } from "../core/cidr";
import type { IHost } from "../host/host";
import type { PortGroup } from "./settings";
import type { INetworkZone } from "../separation/zone";
import { refuse } from "../core/errors";
import { checkHost } from "../host/same-host";
import { checkName, claimOnHost } from "../core/names";
import { claimRange } from "./private/ranges";
import { makePortGroups } from "./private/port-groups";
import { checkAddress } from "../core/resource-address";
import { Separation } from "../separation/private/registry";

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

  /**
   * How its guests get out.
   *
   * @default - not known
   */
  readonly forwardMode?: ForwardMode;

  /**
   * The bridge or device of the host by which they do.
   *
   * @default - not known
   */
  readonly uplink?: string;

  /**
   * The zone that it is in.
   *
   * @default - none; required where there are zones
   */
  readonly zone?: INetworkZone;
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

/** What makes a kind of network. */
export interface NetworkKind {
  readonly forwardMode: ForwardMode;
  readonly uplink?: string;
  readonly cidr?: Cidr;

  /** What the resource is told beside what all are. */
  readonly settings: Partial<NetworkConfig>;
}

/**
 * A network of a host. Make one of its kinds.
 *
 * It is removed after the machines that use it have moved away, and what replaces it is made before.
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
  public readonly forwardMode: ForwardMode;
  public readonly uplink?: string;
  public readonly portGroups: readonly string[];
  public readonly cidr?: Cidr;
  public readonly zone?: INetworkZone;

  protected constructor(
    scope: Construct,
    id: string,
    props: NetworkProps,
    makeKind: (network: Network) => NetworkKind,
  ) {
    super(scope, id);
    this.host = props.host;
    this.networkName = props.networkName ?? this.node.id;
    this.portGroups = Object.keys(props.portGroups ?? {});
    this.zone = props.zone;

    checkHost(this, this.host);
    checkName(this, "networkName", this.networkName);
    claimOnHost(this, "network", this.networkName, this.host);

    const kind = makeKind(this);
    this.forwardMode = kind.forwardMode;
    this.uplink = kind.uplink;
    this.cidr = kind.cidr;
    claimRange(this, this.host, this.cidr);

    const resource = new NetworkResource(this, "Default", {
      host: this.host.hostName,
      name: this.networkName,
      portgroups: makePortGroups(this, props.portGroups),
      autostart: props.autostart,
      ...kind.settings,
      lifecycle: { createBeforeDestroy: true },
    });
    checkAddress(resource);
    this.networkReference = resource.name;
    joinZone(this);
  }

  public abstract reserveAddress(reservation: AddressReservation): void;
}

/** Has what its zone asks for made in its own stack, too. */
function joinZone(network: INetwork): void {
  if (network.zone !== undefined) {
    Separation.of(network).watch(network);
  }
}

class ExistingNetwork extends Construct implements INetwork {
  public readonly host: IHost;
  public readonly networkName: string;
  public readonly networkReference: string;
  public readonly forwardMode?: ForwardMode;
  public readonly uplink?: string;
  public readonly cidr?: Cidr;
  public readonly zone?: INetworkZone;

  constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    this.host = attributes.host;
    this.networkName = attributes.networkName;
    this.networkReference = attributes.networkName;
    this.forwardMode = attributes.forwardMode;
    this.uplink = attributes.uplink;
    this.cidr = attributes.cidr;
    this.zone = attributes.zone;

    checkHost(this, this.host);
    claimRange(this, this.host, this.cidr);
    joinZone(this);
  }

  public reserveAddress({ owner, address }: AddressReservation): void {
    refuse(
      owner,
      `'address' must be left out for network '${this.networkName}', which is not of this app, got ${address}; ` +
        "reserve it where the network is defined",
    );
  }
}
