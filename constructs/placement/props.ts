import type { IVirtualMachine } from "../machine/types";

/** Properties of a rule about several machines. */
export interface PlacementRuleProps {
  /** The machines, at least two. */
  readonly machines: readonly IVirtualMachine[];

  /**
   * The label of hosts whose values are the domains, such as `rack` or `power`: hosts with the same value are one place.
   *
   * @default - each host is a place of its own
   */
  readonly domain?: string;

  /**
   * Whether the rule is only a wish: without a host that meets it, a machine goes to another.
   *
   * @default false
   */
  readonly preferred?: boolean;
}
