/**
 * Where the addresses of a guest are read from.
 *
 * - `lease`: the DHCP leases of the host's own networks
 * - `agent`: the guest agent
 * - `arp`: the host's ARP table
 *
 * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddressesSource
 */
export type AddressSource = "lease" | "agent" | "arp";

/**
 * Conditions that a deployment waits for after it has started a machine.
 *
 * Without `networkInterface` and `guestAgent` it waits for an address of any interface. If the conditions are not met in
 * time the machine keeps running, and the next deployment waits again.
 */
export interface WaitFor {
  /**
   * Name of the interface that must have an address. `any` accepts the first interface that has one.
   *
   * @default - no address if `guestAgent` is true, `any` otherwise
   */
  readonly networkInterface?: string;

  /**
   * Where the address is read from. `agent` requires the machine's `guestAgent`.
   *
   * @default "lease"
   */
  readonly source?: AddressSource;

  /**
   * Whether the guest agent must be connected. This requires the machine's `guestAgent`.
   *
   * @default false
   */
  readonly guestAgent?: boolean;

  /**
   * Seconds to wait, at least 1.
   *
   * @default 300
   */
  readonly timeout?: number;
}
