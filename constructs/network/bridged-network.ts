import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { makeBandwidth } from "./bandwidth";
import { Network } from "./network";
import { defineNetwork } from "./private/definition";
import { checkDevice } from "./private/settings";
import { rejectReservation } from "./private/uplink";
import type { NetworkProps } from "./props";
import type { NetworkBandwidth, NetworkVlan } from "./settings";
import type { AddressReservation } from "./types";
import { makeVlan } from "./vlan";

/** Properties of a network on an existing bridge of the host. */
export interface BridgedNetworkProps extends NetworkProps {
  /** Name of the bridge. It must exist on the host. */
  readonly bridge: string;

  /**
   * Whether the bridge belongs to Open vSwitch.
   *
   * @default false - a Linux bridge
   */
  readonly openVSwitch?: boolean;

  /**
   * The VLANs of the network's guests: on Open vSwitch, or with libvirt 11 or newer on a Linux bridge with VLAN
   * filtering (`ip link set br0 type bridge vlan_filtering 1`). The plan refuses them on an older host.
   *
   * @default - the VLANs that the bridge itself assigns
   */
  readonly vlan?: NetworkVlan;

  /**
   * The addresses of the network that the bridge connects to. A SeparationPolicy applies its rules to them.
   *
   * @default - only the addresses of the network's guests
   */
  readonly cidr?: Cidr;

  /**
   * Limits on the bandwidth of all guests of the network together.
   *
   * @default - no limits
   */
  readonly bandwidth?: NetworkBandwidth;
}

/**
 * A network whose virtual machines are connected to a bridge of the host, and so to the host's own network.
 *
 * That network provides addresses, DHCP and DNS. If `bridge` changes, running guests are connected to the new bridge.
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
  }

  public reserveAddress(reservation: AddressReservation): void {
    rejectReservation(this, reservation);
  }
}
