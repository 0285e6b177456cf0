import type { Attributes } from "../pipeline/adoptable";
import { entriesOf, group, same, text } from "./attributes";
import { Expression, render, type Value } from "./code";

/** The properties of a machine for its board and its processors. */
export function processorProps(config: Attributes, accelerator: "kvm" | "qemu"): Record<string, Value | undefined> {
  const arch = text(config, "arch") ?? "x86_64";
  return {
    architecture:
      arch === "x86_64" ? undefined : new Expression(`Architecture.of(${JSON.stringify(arch)})`, ["Architecture"]),
    machine: machineType(text(config, "machine")),
    cpu: cpu(group(config, "cpu"), accelerator),
    cpuTopology: same(group(group(config, "cpu"), "topology"), "sockets", "dies", "clusters", "cores", "threads"),
  };
}

/** The board. Every machine keeps the version that it has. */
function machineType(name: string | undefined): Expression | undefined {
  if (name === undefined || /^(pc-q35-|q35$|virt-|virt$)/.test(name)) return undefined;
  return new Expression(name === "pc" ? "MachineType.PC" : `MachineType.of(${JSON.stringify(name)})`, ["MachineType"]);
}

const kinds: Readonly<Record<string, string>> = {
  "host-passthrough": "Cpu.HOST_PASSTHROUGH",
  "host-model": "Cpu.HOST_MODEL",
  maximum: "Cpu.MAXIMUM",
};

function cpu(config: Attributes, accelerator: "kvm" | "qemu"): Expression | undefined {
  const [mode, model] = [text(config, "mode") ?? "", text(config, "model")];
  const kind = mode === "custom" && model !== undefined ? `Cpu.model(${JSON.stringify(model)})` : kinds[mode];
  if (kind === undefined) return undefined;
  const features = entriesOf(config, "features").map(([name, { policy }]) => [name, String(policy)] as const);
  const options = {
    ...same(config, "check", "migratable", "vendor_id"),
    ...(features.length > 0 ? { features: Object.fromEntries(features) } : {}),
  };
  if (Object.keys(options).length > 0) {
    return new Expression(`${kind}.with(${render(options, "", Number.NEGATIVE_INFINITY)})`, ["Cpu"]);
  }
  // The CPU that a machine has without a property.
  return mode === "host-model" && accelerator === "kvm" ? undefined : new Expression(kind, ["Cpu"]);
}
