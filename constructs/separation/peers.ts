import { isAddressOrCidr } from "../../separation";

/**
 * Ends of a flow that are no construct: machines by what they are for, or what is beyond the networks of the app.
 *
 * @example
 * Peers.tagged("historian");
 * Peers.external("192.0.2.0/24");
 */
export class Peers {
  /** Every machine that has the tag. */
  public static tagged(tag: string): Peers {
    return new Peers(tag, []);
  }

  /** Addresses that are none of the app's networks; all of them, where none are named. */
  public static external(...cidrs: readonly string[]): Peers {
    const bad = cidrs.find((cidr) => !isAddressOrCidr(cidr));
    if (bad !== undefined) {
      throw new Error(
        `what is outside must be addresses with their prefix, got '${bad}'; write it like '192.0.2.0/24'`,
      );
    }
    return new Peers(undefined, cidrs.length > 0 ? cidrs : ["0.0.0.0/0", "::/0"]);
  }

  private constructor(
    /** The tag; undefined for what is outside. */
    public readonly tag: string | undefined,
    /** The addresses outside. */
    public readonly cidrs: readonly string[],
  ) {}
}
