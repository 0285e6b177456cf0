import type { DomainMemoryDevices } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import { Size } from "../../core/size";
import type { ElasticMemory, MemoryModules, PersistentMemory } from "../memory";

/** QEMU 7.2 accepts memory modules that are a multiple of this size. */
const granularity = Size.mebibytes(2);

/** QEMU's highest number of slots for memory modules. */
const maxModules = 256;

type MemoryModule = Size | ElasticMemory | PersistentMemory;

/** Renders a memory module. */
export function renderModule(module: MemoryModule): DomainMemoryDevices {
  if (module instanceof Size) {
    return { size: module.toKibibytes("up") };
  }
  if ("maxSize" in module) {
    const { size, maxSize, numaNode } = module;
    return {
      model: "virtio-mem",
      size: maxSize.toKibibytes("up"),
      requested: size.toKibibytes("up"),
      node: numaNode,
    };
  }
  const model = module.type === "virtio" ? "virtio-pmem" : "nvdimm";
  return { model, size: module.size.toKibibytes("up"), path: module.file, access: "shared" };
}

/** Checks that the memory modules are whole, fit into the slots, and have room beside the machine's own memory. */
export function checkModules(machine: IConstruct, { slots, maxTotal, plugged = {} }: MemoryModules, own: Size): void {
  checkWhole(machine, "memoryModules.slots", slots, { least: 1, most: maxModules });
  checkUnits(machine, "memoryModules.maxTotal", maxTotal, "KiB");
  const modules = Object.entries(plugged);
  for (const [name, module] of modules) {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      addError(
        machine,
        `names in 'memoryModules.plugged' must be letters, digits, '-' and '_', got '${name}'; remove other characters`,
      );
    }
    checkModule(machine, name, module);
  }
  if (!Token.isUnresolved(slots) && modules.length > slots) {
    addError(
      machine,
      `'memoryModules.plugged' must have at most 'memoryModules.slots' (${slots}) modules, got ${modules.length}; raise 'slots'`,
    );
  }
  const total = modules.reduce((sum, [, module]) => sum.plus(largest(module)), own);
  if (maxTotal.isLessThan(total)) {
    addError(
      machine,
      `'memoryModules.maxTotal' must be at least the machine's memory and modules together (${total.toString()}), ` +
        `got ${maxTotal.toString()}; raise it`,
    );
  }
}

function checkModule(machine: IConstruct, name: string, module: MemoryModule): void {
  const size = largest(module);
  if (size.isLessThan(granularity) || !size.isMultipleOf(granularity)) {
    addError(
      machine,
      `sizes in 'memoryModules.plugged' must be a multiple of ${granularity.toString()}, got ${size.toString()} for '${name}'; ` +
        "round it; a Linux guest requires multiples of 128 MiB",
    );
  }
  if (module instanceof Size) {
    return;
  }
  if ("maxSize" in module) {
    checkElastic(machine, name, module);
  } else if (!Token.isUnresolved(module.file) && !module.file.startsWith("/")) {
    addError(
      machine,
      `'memoryModules.plugged[${name}].file' must be an absolute path, got '${module.file}'; begin it with '/'`,
    );
  }
}

function checkElastic(machine: IConstruct, name: string, { size, maxSize, numaNode }: ElasticMemory): void {
  checkWhole(machine, `memoryModules.plugged[${name}].numaNode`, numaNode, { least: 0 });
  if (maxSize.isLessThan(size) || !size.isMultipleOf(granularity)) {
    addError(
      machine,
      `'memoryModules.plugged[${name}].size' must be a multiple of ${granularity.toString()}, at most 'maxSize' ` +
        `(${maxSize.toString()}), got ${size.toString()}; change it, or raise 'maxSize'`,
    );
  }
}

/** How large a module can become. */
function largest(module: MemoryModule): Size {
  if (module instanceof Size) {
    return module;
  }
  return "maxSize" in module ? module.maxSize : module.size;
}
