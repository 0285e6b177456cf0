import { Size } from "../core/size";

/**
 * What of the host's memory the machine's is made of.
 *
 * @see https://libvirt.org/formatdomain.html#memory-backing
 */
export interface MemoryBacking {
  /**
   * Whether programs of the host can look into it, which directories shared by virtiofs need.
   *
   * @default - as what the machine has needs it
   */
  readonly shared?: boolean;

  /**
   * Huge pages of that size, which the host has to have set aside; true is the host's usual size.
   *
   * @default false
   */
  readonly hugepages?: boolean | Size;

  /**
   * Whether the host never swaps it out.
   *
   * @default false
   */
  readonly locked?: boolean;

  /**
   * Whether the host has to have all of it when the machine starts.
   *
   * @default - as the guest uses it
   */
  readonly immediate?: boolean;

  /**
   * Whether the host looks for pages that machines have alike.
   *
   * @default true
   */
  readonly samePages?: boolean;
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
