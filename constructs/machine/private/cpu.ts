import type { DomainConfig, DomainCpu } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { Late } from "../../core/late";
import { checkWhole } from "../../core/numbers";
import { Cpu } from "../../host/cpu";
import { followFleet } from "../../host/fleet-membership";
import type { IHost } from "../../host/types";
import { Architecture } from "../architecture";
import { makeTopology } from "./cpu-topology";
import { makeNuma } from "./numa";
import type { PlacedProps } from "./place-machine";

/** libvirt accepts vendors of exactly this length, which is what CPUID has room for. */
const vendorLength = 12;

/**
 * Renders a machine's CPU: the requested one, or else that of its host's fleet, with which the machine can migrate.
 *
 * Without a fleet it is the named model nearest to the host's CPU with KVM, and QEMU's default with emulation. A machine
 * whose other architecture is emulated has nothing in common with the fleet's CPU.
 */
export function makeCpu(machine: IConstruct, host: IHost, props: PlacedProps): DomainConfig["cpu"] {
  const { cpu, architecture = Architecture.X86_64, accelerator = host.accelerator } = props;
  const topology = makeTopology(machine, props);
  const numa = makeNuma(machine, props);
  const render = (kind: Cpu | undefined): DomainCpu | undefined =>
    kind === undefined && topology === undefined && numa === undefined
      ? undefined
      : { ...(kind && renderCpu(kind)), topology, numa };
  if (cpu !== undefined) {
    checkOptions(machine, cpu);
    return render(cpu);
  }
  if (accelerator === "qemu" && architecture.name !== Architecture.X86_64.name) {
    return render(undefined);
  }
  let fleetCpu: Cpu | undefined;
  followFleet(host, (fleet) => {
    // Not read when the stack is synthesized: the fleet adds a data source to the stack for it.
    fleetCpu = fleet.cpu;
  });
  return new Late(() => render(fleetCpu ?? (accelerator === "kvm" ? Cpu.HOST_MODEL : undefined)));
}

function renderCpu({ mode, model, options }: Cpu): DomainCpu {
  const { features = {}, check, migratable, vendorId, cache, physicalAddressBits: bits } = options;
  const policies = Object.entries(features).map(([name, policy]) => [name, { policy }] as const);
  return {
    mode,
    model,
    check,
    migratable,
    vendorId,
    cache: cache && { mode: cache, level: cache === "emulate" ? 3 : undefined },
    maxphysaddr:
      bits === undefined ? undefined : bits === "host" ? { mode: "passthrough" } : { mode: "emulate", bits: bits },
    features: policies.length > 0 ? Object.fromEntries(policies) : undefined,
  };
}

function checkOptions(machine: IConstruct, { mode, options }: Cpu): void {
  const { migratable, vendorId, cache, physicalAddressBits: bits } = options;
  const isHosts = mode === "host-passthrough" || mode === "maximum";
  if (migratable !== undefined && !isHosts) {
    addError(machine, `'cpu' cannot have 'migratable' with mode '${mode}'; remove it, or use Cpu.HOST_PASSTHROUGH`);
  }
  if (cache === "passthrough" && !isHosts) {
    addError(
      machine,
      `'cpu' cannot have 'cache' of 'passthrough' with mode '${mode}'; use 'emulate', or Cpu.HOST_PASSTHROUGH`,
    );
  }
  if (vendorId !== undefined && isHosts) {
    addError(machine, `'cpu' cannot have 'vendorId' with mode '${mode}'; remove it, or use Cpu.model`);
  } else if (vendorId !== undefined && !Token.isUnresolved(vendorId) && vendorId.length !== vendorLength) {
    addError(
      machine,
      `'vendorId' of 'cpu' must have ${vendorLength} characters, got '${vendorId}'; write it like 'GenuineIntel'`,
    );
  }
  if (typeof bits === "number") {
    checkWhole(machine, "cpu.physicalAddressBits", bits, { least: 1, most: 64 });
  }
}
