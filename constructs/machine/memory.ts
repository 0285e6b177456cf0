import { Size } from "../core/size";

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
   * size, in whole KiB; true selects the host's default size.
   *
   * @default false
   */
  readonly hugepages?: boolean | Size;

  /**
   * Whether the memory is locked, so that the host never swaps it out. It requires `resources.memoryLimit`, unless the
   * host permits it otherwise.
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
   * The modules that are plugged in, by a name of your choice: letters, digits, '-' and '_'.
   *
   * Each size is a multiple of 2 MiB. A guest that runs Linux requires multiples of 128 MiB.
   *
   * @default - no modules are plugged in
   */
  readonly plugged?: Readonly<Record<string, Size>>;
}
