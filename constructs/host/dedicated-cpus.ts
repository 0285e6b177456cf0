import type { HostCpus } from "../../placement";
import { parseCpuList } from "../core/cpu-list";
import { addError } from "../core/errors";
import type { IHost } from "./types";

/** The CPUs of a host that machines can have alone. */
export interface DedicatedCpus {
  /**
   * The CPUs of each core, in the order in which machines get them: `["2,10", "3,11"]` for two cores with two threads each.
   * The host has them in `/sys/devices/system/cpu/cpu2/topology/thread_siblings_list`.
   */
  readonly cores: readonly string[];

  /**
   * The CPUs of each package (socket): `["0-7,16-23", "8-15,24-31"]`.
   *
   * @default - all CPUs are in one package
   */
  readonly packages?: readonly string[];

  /**
   * The CPUs for everything else that the machines do, such as their disk and network I/O: `0-1`.
   *
   * @default - each machine does it on its own CPUs
   */
  readonly housekeeping?: string;
}

/** The CPUs that a host declares. A text is cores of one thread each. What is no list is left out. */
export function hostCpus({ dedicatedCpus: declared }: Pick<IHost, "dedicatedCpus">): HostCpus | undefined {
  if (declared === undefined) return undefined;
  const { cores, packages = [] } = asGroups(declared);
  return {
    cores: cores.map((list) => parseCpuList(list) ?? []),
    packages: packages.map((list) => parseCpuList(list) ?? []),
  };
}

/** Checks the CPUs that a host declares. */
export function checkDedicatedCpus(host: IHost): void {
  if (host.dedicatedCpus === undefined) return;
  const { cores, packages = [], housekeeping } = asGroups(host.dedicatedCpus);
  const others = housekeeping === undefined ? [] : [housekeeping];
  const wrong = [...cores, ...packages, ...others].find((list) => parseCpuList(list) === undefined);
  if (wrong !== undefined) {
    addError(host, `'dedicatedCpus' must be a list of CPUs, got '${wrong}'; write it like '2-7'`);
    return;
  }
  const all = [...cores, ...others].flatMap((list) => parseCpuList(list) ?? []);
  const twice = all.find((cpu, index) => all.indexOf(cpu) !== index);
  if (twice !== undefined) {
    addError(
      host,
      `'dedicatedCpus' must have each CPU once, got ${twice} twice; remove it from one core, or from 'housekeeping'`,
    );
  }
  const inPackages = packages.flatMap((list) => parseCpuList(list) ?? []);
  const without = cores.flatMap((list) => parseCpuList(list) ?? []).find((cpu) => !inPackages.includes(cpu));
  if (packages.length > 0 && without !== undefined) {
    addError(
      host,
      `'dedicatedCpus.packages' must have all CPUs of 'cores', got none with ${without}; add it to its package`,
    );
  }
}

function asGroups(declared: string | DedicatedCpus): DedicatedCpus {
  return typeof declared === "string" ? { cores: parseCpuList(declared)?.map(String) ?? [declared] } : declared;
}
