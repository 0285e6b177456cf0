import type { Size } from "../core/size";

/**
 * Memory modules that are plugged in and out while the guest runs.
 *
 * They are memory beside the machine's `memory`, and stay where they are until the guest lets go of them.
 *
 * @see https://libvirt.org/formatdomain.html#memory-devices
 */
export interface MemoryModules {
  /** How many it can have, up to 256. A change is in effect after the guest's next start. */
  readonly slots: number;

  /** The most memory that it can have with all of them. A change is in effect after the guest's next start. */
  readonly maxTotal: Size;

  /**
   * Those that are plugged in, by a name of yours: each a multiple of 2 MiB, and of 128 MiB for a guest that runs Linux.
   *
   * @default - none
   */
  readonly plugged?: Readonly<Record<string, Size>>;
}

/**
 * A machine's share of its host, which can all be changed while it runs.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-tuning
 */
export interface MachineResources {
  /**
   * Its weight against other machines where the host's processors are short, 2 to 262,144.
   *
   * @default - the host's own, such as 1024
   */
  readonly cpuWeight?: number;

  /**
   * The part of a host's processor that each virtual CPU may take: 0.5 is a half.
   *
   * @default - all that is free
   */
  readonly cpuLimit?: number;

  /**
   * The host's processors that a virtual CPU may run on, such as `0-3,^2`, by its number from 0.
   *
   * @default - any
   */
  readonly vcpuPinning?: Readonly<Record<number, string>>;

  /**
   * The host's processors for what of the machine is no virtual CPU, such as its disks' and network's work.
   *
   * @default - any
   */
  readonly emulatorPinning?: string;

  /**
   * The host's memory that its process may take, above which it is killed: more than `memory`, as QEMU needs some too.
   *
   * @default - no limit
   */
  readonly memoryLimit?: Size;

  /**
   * What its process is held to where the host's memory is short.
   *
   * @default - no limit
   */
  readonly memorySoftLimit?: Size;

  /**
   * The host's memory and swap that its process may take together.
   *
   * @default - no limit
   */
  readonly memoryAndSwapLimit?: Size;

  /**
   * Its weight against other machines where the host's disks are busy, 10 to 1,000.
   *
   * @default - the host's own
   */
  readonly ioWeight?: number;
}
