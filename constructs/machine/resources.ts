import type { Size } from "../core/size";

/**
 * A machine's share of its host. Everything in it can be changed while the guest runs.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-tuning
 */
export interface MachineResources {
  /**
   * CPU weight relative to other machines when they compete for the host's CPUs, from 2 to 262,144.
   *
   * @default - the host's default, for example 1024
   */
  readonly cpuWeight?: number;

  /**
   * The fraction of a host CPU that each virtual CPU may use, from 0.01 to 1. 0.5 is one half.
   *
   * @default - no limit
   */
  readonly cpuLimit?: number;

  /**
   * The host CPUs that each virtual CPU may run on, such as `0-3,^2`, by the number of the virtual CPU (from 0).
   *
   * @default - every host CPU
   */
  readonly vcpuPinning?: Readonly<Record<number, string>>;

  /**
   * The host CPUs that the rest of the machine's process may run on, for example its disk and network I/O: `0-3,^2`.
   *
   * @default - every host CPU
   */
  readonly emulatorPinning?: string;

  /**
   * The most host memory that the machine's process may use, in whole KiB. The host kills the process above this limit.
   *
   * It must be more than `memory`, because QEMU requires memory of its own.
   *
   * @default - no limit
   * @see https://libvirt.org/formatdomain.html#memory-tuning
   */
  readonly memoryLimit?: Size;

  /**
   * The limit that the host enforces on the machine's process when the host runs short of memory, in whole KiB and at most
   * `memoryLimit`.
   *
   * @default - no limit
   * @see https://libvirt.org/formatdomain.html#memory-tuning
   */
  readonly memorySoftLimit?: Size;

  /**
   * The most memory and swap together that the machine's process may use on the host, in whole KiB and at least
   * `memoryLimit`.
   *
   * @default - no limit
   * @see https://libvirt.org/formatdomain.html#memory-tuning
   */
  readonly memoryAndSwapLimit?: Size;

  /**
   * Disk I/O weight relative to other machines when the host's disks are busy, from 10 to 1,000.
   *
   * @default - the host's default
   * @see https://libvirt.org/formatdomain.html#block-i-o-tuning
   */
  readonly ioWeight?: number;
}
