import type { Construct } from "constructs";
import { addError } from "../core/errors";
import { Network } from "./network";
import { defineNetwork } from "./private/definition";
import { checkDevice } from "./private/settings";
import { rejectReservation } from "./private/uplink";
import type { NetworkProps } from "./props";
import type { AddressReservation } from "./types";

/**
 * How guests on the same device reach each other: directly (`bridge`), not at all (`private`), or through the switch
 * (`vepa`). With `passthrough` a guest has the device to itself.
 *
 * @see https://libvirt.org/formatnetwork.html#using-a-macvtap-direct-connection
 */
export type DirectMode = "bridge" | "private" | "vepa" | "passthrough";

/** Properties of a network on devices of the host. */
export interface DirectNetworkProps extends NetworkProps {
  /** The host's network devices. If there are several, each guest gets the one that the fewest guests use. */
  readonly devices: readonly string[];

  /**
   * How guests on the same device reach each other.
   *
   * @default "bridge"
   */
  readonly mode?: DirectMode;
}

/**
 * A network whose virtual machines are connected to a device of the host by macvtap, without a bridge. They cannot
 * reach the host.
 *
 * Devices can be added and removed while guests run. A running guest stays on the device that it was started on.
 *
 * @example
 * new DirectNetwork(this, "office", { host, devices: ["eth1"] });
 *
 * @see https://libvirt.org/formatnetwork.html#using-a-macvtap-direct-connection
 */
export class DirectNetwork extends Network {
  constructor(scope: Construct, id: string, props: DirectNetworkProps) {
    const { devices, mode = "bridge" } = props;
    super(scope, id, props);
    defineNetwork(this, props, {
      forwardMode: "direct",
      uplink: devices[0],
      settings: { forward: { mode, devices } },
    });
    this.validateDevices(devices);
  }

  public reserveAddress(reservation: AddressReservation): void {
    rejectReservation(this, reservation);
  }

  private validateDevices(devices: readonly string[]): void {
    if (devices.length === 0) {
      addError(this, "'devices' must have at least one device, got none; add a network device of the host");
    }
    devices.forEach((device, index) => {
      checkDevice(this, "devices", device);
      if (devices.indexOf(device) < index) {
        addError(this, `'devices' must be unique, '${device}' is listed twice; remove one of them`);
      }
    });
  }
}
