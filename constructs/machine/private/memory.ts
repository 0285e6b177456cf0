import type { DomainMaximum, DomainMemoryDevices } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import { Size } from "../../core/size";
import { checkModules, renderModule } from "./memory-modules";
import type { PlacedProps } from "./place-machine";

const smallestMemory = Size.mebibytes(64);

/** The attributes of a domain for its memory and virtual CPUs. */
export interface MachineMemory {
  readonly vcpu: number;
  readonly memory: number;
  readonly maximum?: DomainMaximum;
  readonly memoryDevices?: Readonly<Record<string, DomainMemoryDevices>>;
}

/** Renders a machine's memory and virtual CPUs, and their limits while the machine runs. */
export function makeMemory(machine: IConstruct, props: PlacedProps): MachineMemory {
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
      Object.fromEntries(Object.entries(memoryModules.plugged).map(([name, module]) => [name, renderModule(module)])),
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
