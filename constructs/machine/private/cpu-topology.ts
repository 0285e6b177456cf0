import type { DomainCpuTopology } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";
import type { CpuTopology } from "../cpu-topology";
import { dedicatedTopology } from "./dedicated-cpus";
import type { PlacedProps } from "./place-machine";

const parts = ["sockets", "dies", "clusters", "cores", "threads"] as const;

/** Renders a machine's topology. Without `cores`, the virtual CPUs are divided evenly. */
export function makeTopology(machine: IConstruct, props: PlacedProps): DomainCpuTopology | undefined {
  const { cpuTopology: topology = dedicatedTopology(props), vcpus = 1, maxVcpus = vcpus } = props;
  if (topology === undefined) {
    return undefined;
  }
  for (const part of parts) {
    checkWhole(machine, `cpuTopology.${part}`, topology[part], { least: 1 });
  }
  if ([maxVcpus, ...parts.map((part) => topology[part])].some(isNotKnown)) {
    return topology;
  }
  const others = parts.filter((part) => part !== "cores").reduce((product, part) => product * (topology[part] ?? 1), 1);
  const cores = topology.cores ?? maxVcpus / others;
  if (others * cores !== maxVcpus || !Number.isInteger(cores)) {
    addError(
      machine,
      `'cpuTopology' must have room for ${maxVcpus} virtual CPUs, ${props.maxVcpus === undefined ? "'vcpus'" : "'maxVcpus'"}, ` +
        `got ${formula(topology)}; change both together`,
    );
  }
  return { ...topology, cores };
}

function isNotKnown(number: number | undefined): boolean {
  return number !== undefined && (Token.isUnresolved(number) || !Number.isInteger(number) || number < 1);
}

function formula(topology: CpuTopology): string {
  return parts
    .filter((part) => topology[part] !== undefined)
    .map((part) => `${part} ${topology[part]}`)
    .join(", ");
}
