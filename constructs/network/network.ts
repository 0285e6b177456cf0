import { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { movedFrom } from "../core/formerly";
import { checkName } from "../core/names";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { definitionOf, elementsOf } from "./private/definition";
import { reserveRange } from "./private/ranges";
import type { NetworkProps } from "./props";
import type { AddressReservation, ForwardMode, INetwork, INetworkZone } from "./types";
import type { NetworkXml } from "./xml";

/** An existing network that this app does not manage. */
export interface NetworkAttributes {
  /** The host that the network is on. */
  readonly host: IHost;

  /** Name of the network on its host. */
  readonly networkName: string;

  /**
   * The network's addresses.
   *
   * @default - unknown, and not compared with those of other networks
   */
  readonly cidr?: Cidr;

  /**
   * How the network's guests reach other networks.
   *
   * @default - unknown
   */
  readonly forwardMode?: ForwardMode;

  /**
   * The bridge or device of the host through which they do.
   *
   * @default - unknown
   */
  readonly uplink?: string;

  /**
   * The zone that the network belongs to.
   *
   * @default - no zone; required if the app has zones
   */
  readonly zone?: INetworkZone;
}

/**
 * A network of a host. Use one of its subclasses.
 *
 * It is removed only after the machines that use it have migrated away, and its replacement is created before it is
 * removed.
 *
 * @example
 * Network.fromNetworkAttributes(this, "default", { host, networkName: "default" });
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export abstract class Network extends Construct implements INetwork {
  /** Refers to an existing network, which Terraform does not manage. */
  public static fromNetworkAttributes(scope: Construct, id: string, attributes: NetworkAttributes): INetwork {
    return new ExistingNetwork(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly networkName: string;
  public readonly portGroups: readonly string[];
  public readonly zone?: INetworkZone;

  protected constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    movedFrom(this, props.formerly);
    this.host = props.host;
    this.networkName = props.networkName ?? originalId(this);
    this.portGroups = Object.keys(props.portGroups ?? {});
    this.zone = props.zone;

    checkHost(this, this.host);
    checkName(this, "networkName", this.networkName);
    reserveOnHost(this, "network", this.networkName, this.host);
  }

  public get forwardMode(): ForwardMode {
    return definitionOf(this).forwardMode;
  }

  public get uplink(): string | undefined {
    return definitionOf(this).uplink;
  }

  public get cidr(): Cidr | undefined {
    return definitionOf(this).cidr;
  }

  public get networkReference(): string {
    return definitionOf(this).reference;
  }

  /**
   * Adds an element or attributes to libvirt's XML that no property represents.
   *
   * @example
   * const lab = new IsolatedNetwork(this, "lab", { host, cidr: Cidr.parse("10.30.0.0/24") });
   * lab.addXml("second", { element: '<ip address="10.31.0.1" prefix="24"/>' });
   *
   * @param name name of the element in plans: letters, digits, '-' and '_'
   * @see https://libvirt.org/formatnetwork.html
   */
  public addXml(name: string, xml: NetworkXml): void {
    elementsOf.of(this).add(name, xml);
  }

  public abstract reserveAddress(reservation: AddressReservation): void;
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
    reserveRange(this, this.host, this.cidr);
    this.zone?.addNetwork(this);
  }

  public reserveAddress({ owner, address }: AddressReservation): void {
    addError(
      owner,
      `'address' is not supported on network '${this.networkName}', which this app does not manage, got ${address}; ` +
        "reserve it where the network is managed",
    );
  }
}
