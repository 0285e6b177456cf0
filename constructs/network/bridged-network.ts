import { defineNetwork } from "./private/definition";
import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { addError } from "../core/errors";
import { makeBandwidth } from "./bandwidth";
import { Network } from "./network";
import { checkDevice } from "./private/settings";
import { rejectReservation } from "./private/uplink";
import type { NetworkProps } from "./props";
import type { NetworkBandwidth, NetworkVlan } from "./settings";
import type { AddressReservation } from "./types";
import { makeVlan } from "./vlan";

/** Properties of a network on a bridge that the host has. */
export interface BridgedNetworkProps extends NetworkProps {
  /** Name of the bridge, which was made when the host was set up. */
  readonly bridge: string;

  /**
   * Whether it is a bridge of Open vSwitch.
   *
   * @default - one of Linux's own
   */
  readonly openVSwitch?: boolean;

  /**
   * The VLANs that its guests are in; only on Open vSwitch.
   *
   * @default - what the bridge itself says
   */
  readonly vlan?: NetworkVlan;

  /**
   * The addresses of the network that the bridge leads to, for what a SeparationPolicy says of it.
   *
   * @default - those of its guests alone
   */
  readonly cidr?: Cidr;

  /**
   * How fast all its guests together may be.
   *
   * @default - as fast as the host can
   */
  readonly bandwidth?: NetworkBandwidth;
}

/**
 * A network whose virtual machines are on a bridge of the host, and so in the network that the host itself is in.
 *
 * Addresses, DHCP and DNS are that network's. Guests that run are plugged into another bridge where that changes.
 *
 * @example
 * new BridgedNetwork(this, "office", { host, bridge: "br0" });
 *
 * @see https://libvirt.org/formatnetwork.html#using-an-existing-host-bridge
 */
export class BridgedNetwork extends Network {
  constructor(scope: Construct, id: string, props: BridgedNetworkProps) {
    const { bridge, openVSwitch = false, vlan, cidr, bandwidth } = props;
    super(scope, id, props);
    defineNetwork(this, props, {
      forwardMode: "bridge",
      uplink: bridge,
      cidr,
      settings: {
        forward: { mode: "bridge" },
        bridge,
        virtualport: openVSwitch ? "openvswitch" : undefined,
        vlan: makeVlan(this, "vlan", vlan),
        bandwidth: makeBandwidth(this, "bandwidth", bandwidth),
      },
    });
    checkDevice(this, "bridge", bridge);
    this.validateVlan(props, openVSwitch);
  }

  public reserveAddress(reservation: AddressReservation): void {
    rejectReservation(this, reservation);
  }

  /** libvirt 9.0: a network 'whose type doesn't support vlan configuration'. */
  private validateVlan({ vlan, portGroups = {} }: BridgedNetworkProps, openVSwitch: boolean): void {
    const group = Object.keys(portGroups).find((name) => portGroups[name]?.vlan !== undefined);
    const property = vlan === undefined ? group && `portGroups.${group}.vlan` : "vlan";
    if (property !== undefined && !openVSwitch) {
      addError(
        this,
        `'${property}' must be left out for a bridge of Linux's own, got one; set 'openVSwitch', or make a bridge on the VLAN's device`,
      );
    }
  }
}
