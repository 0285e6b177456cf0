import type { Size } from "../core/size";

/**
 * A NUMA node that the guest sees. Together, the nodes of a machine have all its virtual CPUs and its memory.
 *
 * @see https://libvirt.org/formatdomain.html#guest-numa-topology
 */
export interface NumaNode {
  /**
   * The virtual CPUs of the node: `0-3`.
   *
   * @default - no virtual CPUs
   */
  readonly cpus?: string;

  /** The memory of the node, in whole MiB. */
  readonly memory: Size;

  /**
   * The NUMA nodes of the host that have the memory of this node: `0`.
   *
   * @default - as `memoryBacking.hostNodes` says
   */
  readonly hostNodes?: string;

  /**
   * The size of the huge pages that the memory of the node consists of, in whole KiB. The host must have reserved them.
   *
   * @default - as `memoryBacking.hugepages` says; ordinary pages if another node has a size of its own and that is no size
   */
  readonly hugepages?: Size;

  /**
   * The distances to all nodes of the machine, in their order: 10 to itself, more to the others. Either all nodes have
   * distances or none.
   *
   * @default - 10 to itself, and 20 to the others
   */
  readonly distances?: readonly number[];
}

/**
 * The NUMA nodes of the host that have a machine's memory.
 *
 * @see https://libvirt.org/formatdomain.html#numa-node-tuning
 */
export interface HostNodes {
  /** The nodes: `0-1`. `auto` has numad choose the nodes and the CPUs at each start; it must run on the host. */
  readonly nodes: string;

  /**
   * How the nodes are used.
   *
   * - `strict`: only these nodes
   * - `restrictive`: only these, as control groups enforce it; `nodes` can then be changed while the guest runs
   * - `preferred`: these nodes first
   * - `interleave`: all of these in turn
   *
   * @default "strict"
   */
  readonly mode?: "strict" | "restrictive" | "preferred" | "interleave";
}
