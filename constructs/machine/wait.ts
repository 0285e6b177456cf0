/**
 * How the addresses of a guest are known: `lease` is what the host's own networks gave it, `agent` what its guest agent
 * says, `arp` what the host has heard.
 */
export type AddressSource = "lease" | "agent" | "arp";

/** What is waited for when a machine is started; without `networkInterface` and `guestAgent` an address of any interface. */
export interface WaitFor {
  /**
   * The interface, by its name, that is to have an address; `any` is whichever has one first.
   *
   * @default - no address where `guestAgent` is waited for, any otherwise
   */
  readonly networkInterface?: string;

  /**
   * How the address is known.
   *
   * @default "lease"
   */
  readonly source?: AddressSource;

  /**
   * Whether the guest agent is to be connected; the machine then needs its channel.
   *
   * @default false
   */
  readonly guestAgent?: boolean;

  /**
   * Seconds to wait. What has not come by then is waited for again by the next deployment; the machine stays as it is.
   *
   * @default 300
   */
  readonly timeout?: number;
}
