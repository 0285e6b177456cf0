import type { Resources } from "./model";

/** What a host has, as it says itself. Memory and sizes are in KiB. */
export interface HostFacts {
  /** The architecture of its processors, by libvirt's name. */
  readonly arch: string;
  readonly cpus: number;
  readonly memory: number;
  /** The architectures that guests can have, each with libvirt's types of domains: kvm, qemu. */
  readonly guests: readonly { readonly arch: string; readonly types: readonly string[] }[];
  /** The NUMA nodes. */
  readonly cells: readonly {
    readonly id: number;
    readonly cpus: number;
    readonly memory: number;
    /** Huge pages, by size. */
    readonly pages: readonly { readonly size: number; readonly count: number }[];
  }[];
}

/** How much of a host its machines may use, in percent. */
export interface HostLimits {
  readonly memoryOvercommit?: number;
  readonly cpuOvercommit?: number;
}

/** What a domain needs, as the provider counts it. Memory and sizes are in KiB. */
export interface DomainDemand {
  readonly memory: number;
  readonly vcpus: number;
  readonly pages: readonly { readonly size: number; readonly node: number; readonly memory: number }[];
}

/** What remains for the host itself if it does not say: a twentieth of its memory, at least 512 MiB. */
const [HOST_SHARE, LEAST_FOR_HOST] = [0.05, 512 << 10];

/** Virtual CPUs for each CPU of a host, in percent, if the host does not say. */
const CPU_OVERCOMMIT = 400;

/** The size of huge pages that a host uses if a machine does not say: that of x86 and of ARM with pages of 4 KiB. */
const DEFAULT_PAGE = 2048;

/** What the machines of a host may use together. Memory in huge pages is apart from ordinary memory. */
export function capacityOf({ cpus, memory, cells }: HostFacts, limits: HostLimits): Resources {
  const pages: Record<string, number> = {};
  let inPages = 0;
  for (const cell of cells) {
    for (const { size, count } of cell.pages) {
      pages[pagesName(size)] = (pages[pagesName(size)] ?? 0) + size * count;
      pages[pagesName(size, cell.id)] = size * count;
      inPages += size * count;
    }
  }
  const ordinary = memory - inPages;
  const { memoryOvercommit: most, cpuOvercommit = CPU_OVERCOMMIT } = limits;
  const forMachines =
    most === undefined ? ordinary - Math.max(LEAST_FOR_HOST, memory * HOST_SHARE) : (ordinary * most) / 100;
  return { memory: Math.max(0, Math.floor(forMachines)), vcpus: (cpus * cpuOvercommit) / 100, ...pages };
}

/** The resource of the cores that machines can have alone. */
export const CORES = "cores";

/** What a machine needs of its host. Pages of one NUMA node count for the node and for the whole host. */
export function demandOf({ memory, vcpus, pages }: DomainDemand): Resources {
  const demand: Record<string, number> = { memory, vcpus };
  const add = (name: string, amount: number) => (demand[name] = (demand[name] ?? 0) + amount);
  for (const { size, node, memory: amount } of pages) {
    add(pagesName(size === 0 ? DEFAULT_PAGE : size), amount);
    if (node >= 0) add(pagesName(size === 0 ? DEFAULT_PAGE : size, node), amount);
  }
  return demand;
}

function pagesName(size: number, node?: number): string {
  return `pages ${size}${node === undefined ? "" : ` on node ${node}`}`;
}
