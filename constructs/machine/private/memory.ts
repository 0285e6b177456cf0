import type { DomainMaximum, DomainMemoryDevices } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import { Size } from "../../core/size";
import type { MemoryModules } from "../memory";
import type { VirtualMachineProps } from "../props";

const smallestMemory = Size.mebibytes(64);

/** QEMU 7.2 accepts memory modules that are a multiple of this size. */
const moduleGranularity = Size.mebibytes(2);

/** QEMU's highest number of slots for memory modules. */
const maxModules = 256;

/** The attributes of a domain for its memory and virtual CPUs. */
export interface MachineMemory {
  readonly vcpu: number;
  readonly memory: number;
  readonly maximum?: DomainMaximum;
  readonly memoryDevices?: Readonly<Record<string, DomainMemoryDevices>>;
}

/** Renders a machine's memory and virtual CPUs, and their limits while the machine runs. */
export function makeMemory(machine: IConstruct, props: VirtualMachineProps): MachineMemory {
  const { memory, maxMemory, memoryModules, vcpus = 1, maxVcpus } = props;
  checkMemory(machine, memory);
  checkWhole(machine, "vcpus", vcpus, { least: 1 });
  checkMaxVcpus(machine, maxVcpus, vcpus);
  checkUnits(machine, "maxMemory", maxMemory, "KiB");
  if (maxMemory?.isLessThan(memory) === true) {
    addError(
      machine,
      `'maxMemory' must be at least 'memory' (${memory.toString()}), got ${maxMemory.toString()}; raise it, or remove it`,
    );
  }
  if (memoryModules !== undefined) {
    checkModules(machine, memoryModules, maxMemory ?? memory);
  }
  const limits = [maxVcpus, maxMemory, memoryModules];
  return {
    vcpu: vcpus,
    memory: memory.toKibibytes("up"),
    maximum: limits.every((limit) => limit === undefined)
      ? undefined
      : {
          vcpu: maxVcpus,
          memory: maxMemory?.toKibibytes("up"),
          memorySlots: memoryModules?.slots,
          memoryWithDevices: memoryModules?.maxTotal.toKibibytes("up"),
        },
    memoryDevices:
      memoryModules?.plugged &&
      Object.fromEntries(
        Object.entries(memoryModules.plugged).map(([name, size]) => [name, { size: size.toKibibytes("up") }]),
      ),
  };
}

function checkMaxVcpus(machine: IConstruct, most: number | undefined, vcpus: number): void {
  checkWhole(machine, "maxVcpus", most, { least: 1 });
  if (most !== undefined && !Token.isUnresolved(most) && !Token.isUnresolved(vcpus) && most >= 1 && most < vcpus) {
    addError(machine, `'maxVcpus' must be at least 'vcpus' (${vcpus}), got ${most}; raise it, or remove it`);
  }
}

function checkMemory(machine: IConstruct, memory: Size): void {
  if (memory.isLessThan(smallestMemory)) {
    addError(
      machine,
      `'memory' must be at least ${smallestMemory.toString()}, got ${memory.toString()}; raise it or use a smaller image`,
    );
  } else if (!memory.isMultipleOf(Size.kibibytes(1))) {
    addError(machine, `'memory' must be a whole number of KiB, got ${memory.toString()}; round it, for example to MiB`);
  }
}

function checkModules(machine: IConstruct, { slots, maxTotal, plugged = {} }: MemoryModules, own: Size): void {
  checkWhole(machine, "memoryModules.slots", slots, { least: 1, most: maxModules });
  checkUnits(machine, "memoryModules.maxTotal", maxTotal, "KiB");
  const modules = Object.entries(plugged);
  for (const [name, size] of modules) {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      addError(
        machine,
        `names in 'memoryModules.plugged' must be letters, digits, '-' and '_', got '${name}'; remove other characters`,
      );
    }
    if (size.isLessThan(moduleGranularity) || !size.isMultipleOf(moduleGranularity)) {
      addError(
        machine,
        `sizes in 'memoryModules.plugged' must be a multiple of ${moduleGranularity.toString()}, got ${size.toString()} for '${name}'; ` +
          "round it; a Linux guest requires multiples of 128 MiB",
      );
    }
  }
  if (!Token.isUnresolved(slots) && modules.length > slots) {
    addError(
      machine,
      `'memoryModules.plugged' must have at most 'memoryModules.slots' (${slots}) modules, got ${modules.length}; raise 'slots'`,
    );
  }
  const total = modules.reduce((sum, [, size]) => sum.plus(size), own);
  if (maxTotal.isLessThan(total)) {
    addError(
      machine,
      `'memoryModules.maxTotal' must be at least the machine's memory and modules together (${total.toString()}), ` +
        `got ${maxTotal.toString()}; raise it`,
    );
  }
}
