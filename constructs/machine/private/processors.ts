import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";

/** The period in µs over which the kernel measures CPU time: the kernel's default. */
export const cpuPeriod = 100_000;

/** The kernel refuses a quota below 1 ms, which is this fraction of a period. */
export const smallestCpuLimit = 0.01;

/**
 * Checks a list of host CPUs.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-allocation
 */
export function checkProcessors(machine: IConstruct, property: string, processors: string): void {
  if (!Token.isUnresolved(processors) && !/^\d+(-\d+)?(,\^?\d+|,\d+-\d+)*$/.test(processors)) {
    addError(machine, `'${property}' must be a list of host CPUs, got '${processors}'; write it like '0-3,^2'`);
  }
}
