import type { DomainFeatures } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { checkWhole } from "../../core/numbers";
import type { MachineFeatures } from "../features";

/** The lowest number of spinlock retries that the Hyper-V interface allows. */
const minSpinlockRetries = 4095;

/** Renders a machine's features. */
export function makeFeatures(machine: IConstruct, features: MachineFeatures | undefined): DomainFeatures | undefined {
  if (features === undefined) {
    return undefined;
  }
  const { hyperv, ...others } = features;
  if (typeof hyperv === "object") {
    checkWhole(machine, "features.hyperv.spinlocks", hyperv.spinlocks, { least: minSpinlockRetries });
  }
  return { ...others, hyperv: hyperv === "passthrough" ? { mode: "passthrough" } : hyperv };
}
