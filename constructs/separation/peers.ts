import { isAddressOrCidr } from "../../separation";

/**
 * Ends of a flow that are not constructs: machines with a tag, or addresses outside the app's networks.
 *
 * @example
 * Peers.tagged("historian");
 * Peers.external("192.0.2.0/24");
 */
export class Peers {
  /** All machines with the tag. */
  public static tagged(tag: string): Peers {
    return new Peers(tag, []);
  }

  /**
   * Addresses outside the app's networks.
   *
   * @param cidrs IPv4 or IPv6 addresses or CIDR blocks; all outside addresses if there are none
   */
  public static external(...cidrs: readonly string[]): Peers {
    const bad = cidrs.find((cidr) => !isAddressOrCidr(cidr));
    if (bad !== undefined) {
      throw new Error(
        `external peers must be IPv4 or IPv6 addresses or CIDR blocks, got '${bad}'; write it like '192.0.2.0/24'`,
      );
    }
    return new Peers(undefined, cidrs.length > 0 ? cidrs : ["0.0.0.0/0", "::/0"]);
  }

  private constructor(
    /** The tag; undefined for outside addresses. */
    public readonly tag: string | undefined,
    /** The outside addresses; empty for a tag. */
    public readonly cidrs: readonly string[],
  ) {}
}
