import type { Difference } from "../../separation";
import type { HostLoad } from "./host-load";
import type { StackReview } from "./review";

/** What reviewers of a change need to know about the fleet. */
export interface FleetReview {
  readonly stacks: readonly StackReview[];
  /** What runs on each host, before and after. Undefined if not all stacks were read. */
  readonly hosts?: readonly HostLoad[];
  /** The paths between zones that the change opens and closes. Undefined if there is nothing to compare with. */
  readonly paths?: Difference;
}
