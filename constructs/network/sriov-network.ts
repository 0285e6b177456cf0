import type { Construct } from "constructs";
import { Network } from "./network";
import { defineNetwork } from "./private/definition";
import { checkDevice } from "./private/settings";
import { rejectReservation } from "./private/uplink";
import type { NetworkProps } from "./props";
import type { NetworkVlan } from "./settings";
import type { AddressReservation } from "./types";
import { makeVlan } from "./vlan";

/** Properties of a network on the virtual functions of a device. */
export interface SriovNetworkProps extends NetworkProps {
  /** The host's device whose virtual functions the guests get. */
  readonly device: string;

  /**
   * The VLANs of the guests.
   *
   * @default - no VLANs
   */
  readonly vlan?: NetworkVlan;
}

/**
 * A network whose virtual machines get one virtual function (SR-IOV) of a host device each, bypassing the host's
 * kernel.
 *
 * A machine on such a network cannot migrate while it runs.
 *
 * @example
 * new SriovNetwork(this, "storage", { host, device: "eth3" });
 *
 * @see https://libvirt.org/formatnetwork.html#using-a-pool-of-sr-iov-vfs
 */
export class SriovNetwork extends Network {
  constructor(scope: Construct, id: string, props: SriovNetworkProps) {
    const { device, vlan } = props;
    super(scope, id, props);
    defineNetwork(this, props, {
      forwardMode: "sriov",
      uplink: device,
      settings: { forward: { mode: "hostdev", pf: device, managed: true }, vlan: makeVlan(this, "vlan", vlan) },
    });
    checkDevice(this, "device", device);
  }

  public reserveAddress(reservation: AddressReservation): void {
    rejectReservation(this, reservation);
  }
}
