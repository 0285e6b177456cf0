import type { DomainBlkiotune, DomainConfig, DomainCputune, DomainMemtune } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import type { Size } from "../../core/size";
import type { MachineResources } from "../resources";
import { withDedicated } from "./dedicated-cpus";
import { ioWeights, makeHostDisks } from "./host-disks";
import type { PlacedProps } from "./place-machine";
import { checkProcessors, cpuPeriod, smallestCpuLimit } from "./processors";
import { makeThreads } from "./threads";

const cpuWeights = { least: 2, most: 262_144 };

/** The attributes of a domain for its share of the host. */
export interface Tuning {
  readonly cputune?: DomainConfig["cputune"];
  readonly memtune?: DomainMemtune;
  readonly blkiotune?: DomainBlkiotune;
}

/** Renders a machine's share of its host. */
export function makeTuning(machine: Construct, props: PlacedProps): Tuning {
  const { resources = {}, vcpus = 1, maxVcpus = vcpus } = props;
  checkWhole(machine, "resources.cpuWeight", resources.cpuWeight, cpuWeights);
  checkWhole(machine, "resources.ioWeight", resources.ioWeight, ioWeights);
  checkCpuLimit(machine, resources.cpuLimit);
  checkPinning(machine, resources, maxVcpus);
  checkMemoryLimits(machine, resources, props.memory);
  const { cpuWeight, cpuLimit, vcpuPinning, emulatorPinning, ioWeight } = resources;
  return {
    cputune: withDedicated(
      machine,
      props,
      unlessEmpty<DomainCputune>({
        shares: cpuWeight,
        period: cpuLimit === undefined ? undefined : cpuPeriod,
        quota: cpuLimit === undefined ? undefined : Math.round(cpuLimit * cpuPeriod),
        emulatorpin: emulatorPinning,
        vcpupin:
          vcpuPinning && Object.fromEntries(Object.entries(vcpuPinning).map(([vcpu, cpuset]) => [vcpu, { cpuset }])),
        ...makeThreads(machine, resources, maxVcpus),
      }),
    ),
    memtune: unlessEmpty({
      hardLimit: resources.memoryLimit?.toKibibytes("up"),
      softLimit: resources.memorySoftLimit?.toKibibytes("up"),
      swapHardLimit: resources.memoryAndSwapLimit?.toKibibytes("up"),
    }),
    blkiotune: unlessEmpty({ weight: ioWeight, devices: makeHostDisks(machine, resources.hostDisks) }),
  };
}

function checkCpuLimit(machine: IConstruct, limit: number | undefined): void {
  if (limit !== undefined && !(limit >= smallestCpuLimit && limit <= 1)) {
    addError(
      machine,
      `'resources.cpuLimit' must be from ${smallestCpuLimit} to 1, as a fraction of a host CPU for each virtual CPU, got ${limit}; ` +
        "choose a value in this range, or remove it for no limit",
    );
  }
}

function checkPinning(machine: IConstruct, resources: MachineResources, vcpus: number): void {
  const { vcpuPinning = {}, emulatorPinning } = resources;
  for (const [vcpu, processors] of Object.entries(vcpuPinning)) {
    const number = Number(vcpu);
    if (!Token.isUnresolved(vcpus) && (!Number.isInteger(number) || number < 0 || number >= vcpus)) {
      addError(
        machine,
        `keys of 'resources.vcpuPinning' must be virtual CPUs from 0 to ${vcpus - 1}, got '${vcpu}'; remove it, or raise 'maxVcpus'`,
      );
    }
    checkProcessors(machine, `resources.vcpuPinning[${vcpu}]`, processors);
  }
  if (emulatorPinning !== undefined) {
    checkProcessors(machine, "resources.emulatorPinning", emulatorPinning);
  }
}

function checkMemoryLimits(machine: IConstruct, resources: MachineResources, memory: Size): void {
  const { memoryLimit, memorySoftLimit, memoryAndSwapLimit } = resources;
  for (const [property, size] of Object.entries({ memoryLimit, memorySoftLimit, memoryAndSwapLimit })) {
    checkUnits(machine, `resources.${property}`, size, "KiB");
  }
  if (memoryLimit !== undefined && !memory.isLessThan(memoryLimit)) {
    addError(
      machine,
      `'resources.memoryLimit' must be more than 'memory' (${memory.toString()}), got ${memoryLimit.toString()}; ` +
        "raise it: QEMU requires memory of its own, and the host kills it above the limit",
    );
  }
  checkAtMost(machine, "memorySoftLimit", memorySoftLimit, "memoryLimit", memoryLimit);
  checkAtMost(machine, "memoryLimit", memoryLimit, "memoryAndSwapLimit", memoryAndSwapLimit);
}

function checkAtMost(
  machine: IConstruct,
  property: keyof MachineResources,
  size: Size | undefined,
  upper: keyof MachineResources,
  limit: Size | undefined,
): void {
  if (size !== undefined && limit?.isLessThan(size) === true) {
    addError(
      machine,
      `'resources.${property}' must be at most 'resources.${upper}' (${limit.toString()}), got ${size.toString()}; lower it`,
    );
  }
}

function unlessEmpty<T extends object>(group: T): T | undefined {
  return Object.values(group).every((value) => value === undefined) ? undefined : group;
}
