import { defineNetwork } from "./private/definition";
import type { Construct } from "constructs";
import { addError } from "../core/errors";
import { Network } from "./network";
import { checkDevice } from "./private/settings";
import { rejectReservation } from "./private/uplink";
import type { NetworkProps } from "./props";
import type { AddressReservation } from "./types";

/** Whom guests on a device reach: each other, nobody there, whom the switch lets them, or they have it for themselves. */
export type DirectMode = "bridge" | "private" | "vepa" | "passthrough";

/** Properties of a network on devices of the host. */
export interface DirectNetworkProps extends NetworkProps {
  /** The host's devices. Of several, each guest gets the one that has the fewest. */
  readonly devices: readonly string[];

  /**
   * Whom its guests reach beside the world.
   *
   * @default "bridge"
   */
  readonly mode?: DirectMode;
}

/**
 * A network whose virtual machines are on a device of the host by macvtap, without a bridge. They don't reach the host.
 *
 * Devices come and go while guests run; each stays on the one that it was started on.
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
      addError(this, "'devices' must name at least one, got none; name a network device of the host");
    }
    devices.forEach((device, index) => {
      checkDevice(this, "devices", device);
      if (devices.indexOf(device) < index) {
        addError(this, `'devices' must name each once, got '${device}' twice; remove one`);
      }
    });
  }
}
