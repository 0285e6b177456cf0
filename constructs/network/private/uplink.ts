import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { AddressReservation, INetwork } from "../types";
import { checkDevice } from "./settings";

/** Checks the device of the host through which a network's guests reach other networks. */
export function checkUplink(at: IConstruct, uplink: string | undefined): void {
  if (uplink !== undefined) {
    checkDevice(at, "uplink", uplink);
  }
}

/** Reports an error for a reservation in a network whose addresses libvirt does not assign. */
export function rejectReservation(network: INetwork, { owner, address }: AddressReservation): void {
  addError(
    owner,
    `'address' is not supported on network '${network.networkName}', whose addresses libvirt does not assign, got ${address}; ` +
      "reserve it with the network's own DHCP",
  );
}
