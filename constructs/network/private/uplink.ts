import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { AddressReservation, INetwork } from "../types";
import { checkDevice } from "./settings";

/** Checks the device of the host by which a network's guests get out. */
export function checkUplink(at: IConstruct, uplink: string | undefined): void {
  if (uplink !== undefined) {
    checkDevice(at, "uplink", uplink);
  }
}

/** Refuses an address in a network in which somebody else gives them. */
export function rejectReservation(network: INetwork, { owner, address }: AddressReservation): void {
  addError(
    owner,
    `'address' is not supported on network '${network.networkName}', whose addresses libvirt does not assign, got ${address}; ` +
      "reserve it with the network's own DHCP",
  );
}
