import type { CpuDemand, HostCpus } from "./cpus";
import type { Assignment, Finding, PlacementModel } from "./model";

/** The CPUs of the machines on one host, by path, and what is wrong with them. */
export interface Dedication {
  readonly cpus: ReadonlyMap<string, readonly number[]>;
  readonly findings: readonly Finding[];
}

/**
 * Decides which CPUs of a host its machines have. What the app states comes first, then what was decided before, as long as it
 * suits the machine. All others take what is free in the order of their paths. A machine has its cores with all their threads.
 */
export function dedicate(
  host: string,
  { cores, packages }: HostCpus,
  demands: ReadonlyMap<string, CpuDemand>,
): Dedication {
  const [cpus, findings] = [new Map<string, readonly number[]>(), [] as Finding[]];
  const owners = new Map<readonly number[], string>();
  const coreOf = (cpu: number) => cores.find((core) => core.includes(cpu));
  const ofPackages =
    packages.length === 0 ? [cores] : packages.map((all) => cores.filter((core) => all.includes(core[0] ?? -1)));
  const take = (path: string, own: readonly number[]) => {
    cpus.set(path, own);
    own.forEach((cpu) => {
      const core = coreOf(cpu);
      if (core !== undefined && !owners.has(core)) owners.set(core, path);
    });
  };
  const order = [...demands].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [path, { stated }] of order) {
    if (stated === undefined) continue;
    for (const cpu of stated) {
      const [core, owner] = [coreOf(cpu), owners.get(coreOf(cpu) ?? [])];
      if (core === undefined) {
        const message = `CPU ${cpu} of host '${host}' is not among its 'dedicatedCpus'; add its core there, or choose other CPUs`;
        findings.push({ at: path, message });
      } else if (owner !== undefined) {
        const message = `CPU ${cpu} of host '${host}' is on a core that ${owner} has alone; choose other CPUs for one of them`;
        findings.push({ at: path, message });
        break;
      }
    }
    take(path, stated);
  }
  const suits = (own: readonly number[], { count, threads, samePackage }: CpuDemand) => {
    const used = own.map(coreOf);
    return (
      own.length === count &&
      new Set(own).size === count &&
      used.every((core) => core !== undefined && !owners.has(core)) &&
      (threads || new Set(used).size === count) &&
      (!samePackage || ofPackages.some((all) => used.every((core) => core !== undefined && all.includes(core))))
    );
  };
  for (const [path, demand] of order) {
    const { stated, current } = demand;
    if (stated === undefined && current !== undefined && suits(current, demand)) take(path, current);
  }
  for (const [path, demand] of order) {
    if (cpus.has(path)) continue;
    const { count, threads, samePackage } = demand;
    const found = (samePackage ? ofPackages : [cores])
      .map((all) => all.filter((core) => !owners.has(core)))
      .map((free) => free.flatMap((core) => (threads ? core : core.slice(0, 1))).slice(0, count))
      .find((own) => own.length === count);
    if (found === undefined) {
      const where = samePackage ? " in one package" : "";
      const free = cores.filter((core) => !owners.has(core)).length;
      findings.push({
        at: path,
        message:
          `'dedicatedCpus' of host '${host}' must have free cores${where} for the machine's virtual CPUs (${count}), ` +
          `got ${free} free of ${cores.length}; add cores, or move a machine`,
      });
      continue;
    }
    take(path, found);
  }
  return { cpus, findings };
}

/** The CPUs of all machines that have some alone, on the hosts that they are on. */
export function dedicateAll({ hosts, machines }: PlacementModel, assignment: Assignment): Dedication {
  const all = hosts.map(({ name, cpus = { cores: [], packages: [] } }) => {
    const demands = machines.flatMap(({ path, fleet, current, cpus: demand }) =>
      demand === undefined || assignment.get(path) !== name
        ? []
        : [[path, fleet === undefined || current === name ? demand : { ...demand, current: undefined }] as const],
    );
    return dedicate(name, cpus, new Map(demands));
  });
  return {
    cpus: new Map(all.flatMap(({ cpus }) => [...cpus])),
    findings: all.flatMap(({ findings }) => findings),
  };
}
