import { Size } from "../core/size";
import type { HostNodes } from "./numa";

/**
 * How guest memory is backed on the host.
 *
 * @see https://libvirt.org/formatdomain.html#memory-backing
 */
export interface MemoryBacking {
  /**
   * Whether other processes on the host can map the guest's memory. Directories shared by virtiofs require it.
   *
   * @default - true if a directory is shared by virtiofs, false otherwise
   */
  readonly shared?: boolean;

  /**
   * Whether the memory is backed by huge pages, which must be reserved on the host. A size selects huge pages of that
   * size, in whole KiB; true selects the host's default size. A NUMA node of the machine can have another size.
   *
   * @default false
   */
  readonly hugepages?: boolean | Size;

  /**
   * Whether the memory is locked, so that the host never swaps it out. The machine's process may lock as much as
   * `resources.memoryLimit`, or any amount without it. The plan refuses a limit that is too low.
   *
   * @default false
   */
  readonly locked?: boolean;

  /**
   * Whether the host allocates all of the memory when the machine starts.
   *
   * @default false - the host allocates memory when the guest uses it
   */
  readonly preallocate?: boolean;

  /**
   * Whether the host may merge identical pages of different guests (kernel samepage merging).
   *
   * @default true
   */
  readonly ksm?: boolean;

  /**
   * The NUMA nodes of the host that have the memory: `0-1`, or with more about how they are used. `auto` has numad on the
   * host choose them, and the CPUs, at each start.
   *
   * @default - the host chooses
   * @see https://libvirt.org/formatdomain.html#numa-node-tuning
   */
  readonly hostNodes?: string | HostNodes;
}

/**
 * Memory modules that can be plugged and unplugged while the guest runs.
 *
 * They add to the machine's `memory`. An unplugged module is removed once the guest has released it.
 *
 * @see https://libvirt.org/formatdomain.html#memory-devices
 */
export interface MemoryModules {
  /** Number of slots for modules, from 1 to 256. A change takes effect when the guest next starts. */
  readonly slots: number;

  /**
   * The upper limit for the machine's `memory` (or `maxMemory`) and all its modules together, in whole KiB.
   *
   * A change takes effect when the guest next starts.
   */
  readonly maxTotal: Size;

  /**
   * The modules that are plugged in, by a name of your choice: letters, digits, '-' and '_'. A size is a module of this
   * size.
   *
   * Each size is a multiple of 2 MiB. A guest that runs Linux requires multiples of 128 MiB for modules of a fixed size.
   *
   * @default - no modules are plugged in
   */
  readonly plugged?: Readonly<Record<string, Size | ElasticMemory | PersistentMemory>>;
}

/**
 * Memory of which the guest takes and returns as much as `size` says, while it runs (virtio-mem). It is plugged in while
 * the guest runs, and removed when the guest next starts.
 *
 * @see https://libvirt.org/formatdomain.html#memory-devices
 */
export interface ElasticMemory {
  /** How much of it the guest has. A change takes effect while the guest runs, if its driver does. */
  readonly size: Size;

  /** The most that `size` can be. A change takes effect when the guest next starts. */
  readonly maxSize: Size;

  /**
   * The NUMA node of the machine that the memory belongs to.
   *
   * @default 0
   */
  readonly numaNode?: number;
}

/**
 * Memory whose content is in a file of the host, and outlives the guest.
 *
 * @see https://libvirt.org/formatdomain.html#memory-devices
 */
export interface PersistentMemory {
  /** The absolute path of the file or the device on the host, which must exist. */
  readonly file: string;

  /** The size of the memory. */
  readonly size: Size;

  /**
   * What the guest sees: an NVDIMM, which is there when the guest next starts, or a device of the virtio bus, which is
   * plugged in while the guest runs and requires libvirt 9.1 on the host. Both are removed when the guest next starts.
   *
   * @default "nvdimm"
   */
  readonly type?: "virtio" | "nvdimm";
}
