import { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { addError } from "../core/errors";
import { checkName } from "../core/names";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { definitionOf } from "./private/definition";
import { reserveRange } from "./private/ranges";
import type { NetworkProps } from "./props";
import type { AddressReservation, ForwardMode, INetwork, INetworkZone } from "./types";

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
  public readonly portGroups: readonly string[];
  public readonly zone?: INetworkZone;

  protected constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.host = props.host;
    this.networkName = props.networkName ?? this.node.id;
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
      `'address' must be left out for network '${this.networkName}', which is not of this app, got ${address}; ` +
        "reserve it where the network is defined",
    );
  }
}
