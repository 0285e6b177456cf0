import { Network } from "./network";
import { reserveVirtualAddress } from "./private/virtual-definition";
import type { AddressReservation } from "./types";

/**
 * A network with a bridge of its own, with DHCP and DNS from libvirt. Use one of its subclasses.
 *
 * Changes of its DHCP, of names in its DNS and of its port groups do not interrupt the network. Any other change
 * restarts it, which interrupts the traffic of running guests for about a second.
 *
 * @example
 * new IsolatedNetwork(this, "lan", { host, cidr: Cidr.parse("10.1.0.0/24"), mtu: 9000 });
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export abstract class VirtualNetwork extends Network {
  public reserveAddress(reservation: AddressReservation): void {
    reserveVirtualAddress(this, reservation);
  }
}
