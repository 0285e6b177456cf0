import type { DomainClock } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { Clock } from "../clock";

/** Renders a machine's clock. */
export function makeClock(machine: IConstruct, clock: Clock | undefined): DomainClock | undefined {
  if (clock === undefined) {
    return undefined;
  }
  const { offset, timeZone, timers } = clock;
  if (offset !== undefined && timeZone !== undefined) {
    addError(
      machine,
      `'clock.offset' cannot be combined with 'clock.timeZone', got '${offset}' and '${timeZone}'; remove one of them`,
    );
  }
  return { offset: timeZone === undefined ? offset : "timezone", timezone: timeZone, timers };
}
