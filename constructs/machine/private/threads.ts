import type { DomainCputune, DomainCputuneEmulatorsched } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import type { MachineResources } from "../resources";
import type { ThreadScheduler } from "../threads";
import { checkProcessors, cpuPeriod, smallestCpuLimit } from "./processors";

/** Renders how the threads of a machine are scheduled, and the threads for the I/O of disks. */
export function makeThreads(machine: IConstruct, resources: MachineResources, vcpus: number): Partial<DomainCputune> {
  const { totalCpuLimit, vcpuSchedulers, emulatorScheduler, ioThreads, controlGroup, cacheParts, memoryBandwidth } =
    resources;
  checkTotal(machine, totalCpuLimit);
  checkKeys(machine, "vcpuSchedulers", vcpuSchedulers, {
    least: 0,
    most: Token.isUnresolved(vcpus) ? undefined : vcpus - 1,
  });
  checkKeys(machine, "ioThreads", ioThreads, { least: 1 });
  if (controlGroup !== undefined && !Token.isUnresolved(controlGroup) && !controlGroup.startsWith("/")) {
    addError(
      machine,
      `'resources.controlGroup' must begin with '/', got '${controlGroup}'; write it like '/machine/production'`,
    );
  }
  return {
    globalPeriod: totalCpuLimit === undefined ? undefined : cpuPeriod,
    globalQuota: totalCpuLimit === undefined ? undefined : Math.round(totalCpuLimit * cpuPeriod),
    emulatorsched: emulatorScheduler && render(machine, "emulatorScheduler", emulatorScheduler),
    vcpusched: mapped(vcpuSchedulers, (scheduler, vcpu) => render(machine, `vcpuSchedulers[${vcpu}]`, scheduler)),
    iothreads: mapped(ioThreads, (thread, number) => {
      const { pinning, scheduler, pollMax, pollGrow, pollShrink, minWorkers, maxWorkers } = thread;
      if (pinning !== undefined) {
        checkProcessors(machine, `resources.ioThreads[${number}].pinning`, pinning);
      }
      for (const [property, value] of Object.entries({ pollMax, pollGrow, pollShrink, minWorkers })) {
        checkWhole(machine, `resources.ioThreads[${number}].${property}`, value, { least: 0 });
      }
      checkWhole(machine, `resources.ioThreads[${number}].maxWorkers`, maxWorkers, { least: 1 });
      if (minWorkers !== undefined && maxWorkers !== undefined && minWorkers > maxWorkers) {
        addError(
          machine,
          `'resources.ioThreads[${number}].maxWorkers' must be at least 'minWorkers' (${minWorkers}), got ${maxWorkers}; raise it`,
        );
      }
      return {
        cpuset: pinning,
        pollMax,
        pollGrow,
        pollShrink,
        poolMin: minWorkers,
        poolMax: maxWorkers,
        ...(scheduler && render(machine, `ioThreads[${number}].scheduler`, scheduler)),
      };
    }),
    cachetune: mapped(cacheParts, (caches, vcpuList) => ({
      caches: mapped(caches, (size, cache) => {
        checkUnits(machine, `resources.cacheParts[${vcpuList}][${cache}]`, size, "KiB");
        return { size: size.toKibibytes("up") };
      }),
    })),
    memorytune: mapped(memoryBandwidth, (nodes, vcpuList) => ({
      nodes: mapped(nodes, (bandwidth, node) => {
        checkWhole(machine, `resources.memoryBandwidth[${vcpuList}][${node}]`, bandwidth, { least: 1 });
        return { bandwidth };
      }),
    })),
    partition: controlGroup,
  };
}

function render(machine: IConstruct, property: string, scheduler: ThreadScheduler): DomainCputuneEmulatorsched {
  if (typeof scheduler === "string") {
    return { scheduler };
  }
  checkWhole(machine, `resources.${property}.priority`, scheduler.priority, { least: 1, most: 99 });
  return { scheduler: scheduler.policy, priority: scheduler.priority };
}

function checkTotal(machine: IConstruct, limit: number | undefined): void {
  if (limit !== undefined && !Token.isUnresolved(limit) && !(limit >= smallestCpuLimit && Number.isFinite(limit))) {
    addError(
      machine,
      `'resources.totalCpuLimit' must be at least ${smallestCpuLimit} host CPUs, got ${limit}; raise it, or remove it for no limit`,
    );
  }
}

function checkKeys(
  machine: IConstruct,
  property: string,
  threads: Readonly<Record<number, unknown>> = {},
  { least, most }: { least: number; most?: number },
): void {
  for (const key of Object.keys(threads)) {
    const number = Number(key);
    if (!Number.isInteger(number) || number < least || (most !== undefined && number > most)) {
      const range = most === undefined ? `numbers from ${least}` : `virtual CPUs from ${least} to ${most}`;
      addError(machine, `keys of 'resources.${property}' must be ${range}, got '${key}'; correct it`);
    }
  }
}

function mapped<T, U>(record: Readonly<Record<string, T>>, render: (value: T, key: string) => U): Record<string, U>;
function mapped<T, U>(
  record: Readonly<Record<string, T>> | undefined,
  render: (value: T, key: string) => U,
): Record<string, U> | undefined;
function mapped<T, U>(
  record: Readonly<Record<string, T>> | undefined,
  render: (value: T, key: string) => U,
): Record<string, U> | undefined {
  return record && Object.fromEntries(Object.entries(record).map(([key, value]) => [key, render(value, key)] as const));
}
