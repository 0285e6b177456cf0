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
    `'address' must be left out for network '${network.networkName}', whose addresses are not libvirt's to give, got ${address}; ` +
      "reserve it with the network's own DHCP",
  );
}
