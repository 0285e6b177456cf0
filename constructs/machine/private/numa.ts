import type {
  DomainCpuNuma,
  DomainMemoryBackingHugepageNodes,
  DomainMemoryBackingNumatune,
} from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import { Size } from "../../core/size";
import type { HostNodes, NumaNode } from "../numa";
import type { PlacedProps } from "./place-machine";

/** Renders the NUMA nodes that the guest sees, by their numbers. */
export function makeNuma(machine: IConstruct, props: PlacedProps): Readonly<Record<string, DomainCpuNuma>> | undefined {
  const { numaNodes: nodes, memory, maxMemory = memory } = props;
  if (nodes === undefined) {
    return undefined;
  }
  if (nodes.length < 2) {
    addError(machine, `'numaNodes' must have at least 2 nodes, got ${nodes.length}; remove it: a machine has one node`);
  }
  for (const [number, { memory: own, hugepages, distances }] of nodes.entries()) {
    checkUnits(machine, `numaNodes[${number}].hugepages`, hugepages, "KiB");
    if (!own.isMultipleOf(Size.mebibytes(1))) {
      addError(machine, `'numaNodes[${number}].memory' must be a whole number of MiB, got ${own.toString()}; round it`);
    }
    checkDistances(machine, number, distances, nodes);
  }
  const sum = nodes.reduce((total, node) => total.plus(node.memory), Size.kibibytes(0));
  if (sum.isLessThan(maxMemory) || maxMemory.isLessThan(sum)) {
    const name = props.maxMemory === undefined ? "memory" : "maxMemory";
    addError(
      machine,
      `'numaNodes' must have the machine's '${name}' (${maxMemory.toString()}) together, got ${sum.toString()}; change both together`,
    );
  }
  checkCpus(machine, nodes, props);
  return Object.fromEntries(
    nodes.map(({ cpus, memory: own, distances }, number) => [
      String(number),
      { cpus, memory: own.toKibibytes("up"), distances: distances && distancesFrom(number, distances) },
    ]),
  );
}

/** The distances to the other nodes; that to itself is always 10. */
function distancesFrom(number: number, distances: readonly number[]): Record<string, { value: number }> {
  return Object.fromEntries(
    distances.flatMap((value, other) => (other === number ? [] : [[String(other), { value }] as const])),
  );
}

/** Renders the NUMA nodes of the host that have the machine's memory. */
export function makeHostNodes(
  hostNodes: string | HostNodes | undefined,
  nodes: readonly NumaNode[] = [],
): DomainMemoryBackingNumatune | undefined {
  const { nodes: nodeset, mode = "strict" } =
    typeof hostNodes === "string" ? { nodes: hostNodes } : (hostNodes ?? { nodes: undefined });
  const own = nodes.flatMap((node, number) =>
    node.hostNodes === undefined ? [] : [[String(number), { mode, nodeset: node.hostNodes }] as const],
  );
  if (nodeset === undefined && own.length === 0) {
    return undefined;
  }
  return {
    ...(nodeset === undefined ? {} : nodeset === "auto" ? { mode, placement: "auto" } : { mode, nodeset }),
    cells: own.length === 0 ? undefined : Object.fromEntries(own),
  };
}

/** Renders the nodes of the machine that have huge pages of a size of their own, by the size. */
export function makeHugepageNodes(
  nodes: readonly NumaNode[] = [],
): Record<string, DomainMemoryBackingHugepageNodes> | undefined {
  const numbers = new Map<number, number[]>();
  for (const [number, { hugepages }] of nodes.entries()) {
    if (hugepages !== undefined) {
      const size = hugepages.toKibibytes("up");
      numbers.set(size, [...(numbers.get(size) ?? []), number]);
    }
  }
  return numbers.size === 0
    ? undefined
    : Object.fromEntries([...numbers].map(([size, own]) => [String(size), { nodes: own.join(",") }] as const));
}

function checkDistances(
  machine: IConstruct,
  number: number,
  distances: readonly number[] | undefined,
  nodes: readonly NumaNode[],
): void {
  const got = distances?.length ?? 0;
  if (got !== nodes.length && nodes.some((node) => node.distances !== undefined)) {
    addError(
      machine,
      `'numaNodes[${number}].distances' must have a distance to each of the ${nodes.length} nodes, got ${got}; add them, or remove all distances`,
    );
  }
  for (const [other, distance] of (distances ?? []).entries()) {
    checkWhole(machine, `numaNodes[${number}].distances`, distance, { least: 10, most: other === number ? 10 : 254 });
  }
}

/** Checks that each virtual CPU is in one node. */
function checkCpus(machine: IConstruct, nodes: readonly NumaNode[], props: PlacedProps): void {
  const { vcpus = 1, maxVcpus = vcpus } = props;
  if (Token.isUnresolved(maxVcpus) || nodes.some(({ cpus = "" }) => Token.isUnresolved(cpus))) {
    return;
  }
  const owners = new Map<number, number>();
  for (const [number, { cpus }] of nodes.entries()) {
    for (const cpu of cpus === undefined ? [] : cpusOf(cpus)) {
      if (Number.isNaN(cpu) || cpu >= maxVcpus) {
        addError(
          machine,
          `'numaNodes[${number}].cpus' must be virtual CPUs from 0 to ${maxVcpus - 1}, got '${cpus}'; write it like '0-3,5'`,
        );
        return;
      }
      const other = owners.get(cpu);
      if (other !== undefined) {
        addError(
          machine,
          `'numaNodes' must have each virtual CPU once, ${cpu} is in nodes ${other} and ${number}; remove one`,
        );
        return;
      }
      owners.set(cpu, number);
    }
  }
  for (let cpu = 0; cpu < maxVcpus; cpu++) {
    if (!owners.has(cpu)) {
      addError(
        machine,
        `'numaNodes' must have all virtual CPUs from 0 to ${maxVcpus - 1}, ${cpu} is in none; add it to a node`,
      );
      return;
    }
  }
}

/** The numbers in a list of CPUs like `0-3,5`; NaN if it is no such list. */
function cpusOf(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const from = Number(first);
    const count = Number(last) - from + 1;
    return first === undefined || count < 1 || count > 65_536
      ? [NaN]
      : Array.from({ length: count }, (_, i) => from + i);
  });
}
