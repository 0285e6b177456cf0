import type { DomainClock, DomainFeatures } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";
import type { Clock } from "../clock";
import type { MachineFeatures } from "../features";

/** The fewest tries for a lock that Hyper-V's interface knows. */
const fewestTries = 4095;

/** The clock of one virtual machine, as its domain is given it. */
export function makeClock(machine: IConstruct, clock: Clock | undefined): DomainClock | undefined {
  if (clock === undefined) {
    return undefined;
  }
  const { offset, timeZone, timers } = clock;
  if (offset !== undefined && timeZone !== undefined) {
    addError(machine, `'clock.offset' must go without a 'timeZone', got '${offset}' and '${timeZone}'; leave one out`);
  }
  return { offset: timeZone === undefined ? offset : "timezone", timezone: timeZone, timers };
}

/** What one virtual machine can do, as its domain is given it. */
export function makeFeatures(machine: IConstruct, features: MachineFeatures | undefined): DomainFeatures | undefined {
  if (features === undefined) {
    return undefined;
  }
  const { hyperv, ...others } = features;
  if (typeof hyperv === "object") {
    checkWhole(machine, "features.hyperv.spinlocks", hyperv.spinlocks, { least: fewestTries });
  }
  return { ...others, hyperv: hyperv === "passthrough" ? { mode: "passthrough" } : hyperv };
}
