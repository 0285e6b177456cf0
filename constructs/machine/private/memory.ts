import type { DomainMaximum, DomainMemoryDevices } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import { Size } from "../../core/size";
import type { MemoryModules } from "../memory";
import type { VirtualMachineProps } from "../props";

const smallestMemory = Size.mebibytes(64);

/** What QEMU 7.2's memory modules are a multiple of. */
const moduleUnit = Size.mebibytes(2);

/** As many as QEMU has slots for. */
const mostModules = 256;

/** The memory and virtual CPUs of a machine, as the domain is given them. */
export interface MachineMemory {
  readonly vcpu: number;
  readonly memory: number;
  readonly maximum?: DomainMaximum;
  readonly memoryDevices?: Readonly<Record<string, DomainMemoryDevices>>;
}

/** Checks what a machine has and how far it can grow while it runs. */
export function makeMemory(machine: IConstruct, props: VirtualMachineProps): MachineMemory {
  const { memory, maxMemory, memoryModules, vcpus = 1, maxVcpus } = props;
  checkMemory(machine, memory);
  checkWhole(machine, "vcpus", vcpus, { least: 1 });
  checkMaxVcpus(machine, maxVcpus, vcpus);
  checkUnits(machine, "maxMemory", maxMemory, "KiB");
  if (maxMemory?.isLessThan(memory) === true) {
    addError(
      machine,
      `'maxMemory' must be at least the ${memory.toString()} of 'memory', got ${maxMemory.toString()}; raise it, or leave it out`,
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
    addError(machine, `'maxVcpus' must be at least the ${vcpus} of 'vcpus', got ${most}; raise it, or leave it out`);
  }
}

function checkMemory(machine: IConstruct, memory: Size): void {
  if (memory.isLessThan(smallestMemory)) {
    addError(
      machine,
      `'memory' must be at least ${smallestMemory.toString()}, got ${memory.toString()}; raise it or use a smaller image`,
    );
  } else if (!memory.isMultipleOf(Size.kibibytes(1))) {
    addError(machine, `'memory' must be a whole number of KiB, got ${memory.toString()}; give it in MiB`);
  }
}

function checkModules(machine: IConstruct, { slots, maxTotal, plugged = {} }: MemoryModules, own: Size): void {
  checkWhole(machine, "memoryModules.slots", slots, { least: 1, most: mostModules });
  checkUnits(machine, "memoryModules.maxTotal", maxTotal, "KiB");
  const modules = Object.entries(plugged);
  for (const [name, size] of modules) {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      addError(
        machine,
        `names in 'memoryModules.plugged' must be letters, digits, '-' and '_', got '${name}'; leave the rest out`,
      );
    }
    if (size.isLessThan(moduleUnit) || !size.isMultipleOf(moduleUnit)) {
      addError(
        machine,
        `sizes in 'memoryModules.plugged' must be a multiple of ${moduleUnit.toString()}, got ${size.toString()} for '${name}'; ` +
          "Linux takes multiples of 128 MiB",
      );
    }
  }
  if (!Token.isUnresolved(slots) && modules.length > slots) {
    addError(
      machine,
      `'memoryModules.plugged' must be at most the ${slots} of 'memoryModules.slots', got ${modules.length}; raise that`,
    );
  }
  const total = modules.reduce((sum, [, size]) => sum.plus(size), own);
  if (maxTotal.isLessThan(total)) {
    addError(
      machine,
      `'memoryModules.maxTotal' must be at least the ${total.toString()} of the machine's memory and modules, ` +
        `got ${maxTotal.toString()}; raise it`,
    );
  }
}
