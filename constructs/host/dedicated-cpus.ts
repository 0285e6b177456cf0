import type { HostCpus } from "../../placement";
import { parseCpuList } from "../core/cpu-list";
import { addError } from "../core/errors";
import type { DedicatedCpus, IHost } from "./types";

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
