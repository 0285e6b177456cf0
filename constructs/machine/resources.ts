import type { Size } from "../core/size";
import type { IoThread, ThreadScheduler } from "./threads";

/**
 * A machine's share of its host. It can be changed while the guest runs, except where a property says otherwise.
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
   * The host CPUs that all threads of the machine may use together, from 0.01. 2.5 is two and a half.
   *
   * @default - no limit
   */
  readonly totalCpuLimit?: number;

  /**
   * How the kernel schedules virtual CPUs, by their numbers (from 0). A change takes effect when the guest next starts.
   *
   * @default - as ordinary threads
   */
  readonly vcpuSchedulers?: Readonly<Record<number, ThreadScheduler>>;

  /**
   * How the kernel schedules the rest of the machine's process. A change takes effect when the guest next starts.
   *
   * @default - as ordinary threads
   */
  readonly emulatorScheduler?: ThreadScheduler;

  /**
   * Threads that do the I/O of disks, by numbers of your choice from 1. A disk uses one by its `ioThread`.
   *
   * @default - no such threads
   */
  readonly ioThreads?: Readonly<Record<number, IoThread>>;

  /**
   * Parts of the host's caches for virtual CPUs alone, by their numbers: `{ "0-1": { "0/both": Size.mebibytes(3) } }`. A cache of
   * level 3 has its number on the host and what it holds for them: `both`, `code` or `data`. The host must have resctrl.
   *
   * A change takes effect when the guest next starts.
   *
   * @default - all share the caches
   */
  readonly cacheParts?: Readonly<Record<string, Readonly<Record<string, Size>>>>;

  /**
   * Limits of the memory bandwidth of virtual CPUs in percent, by their numbers and the number of the host's memory node:
   * `{ "0-1": { 0: 50 } }`. The host must have resctrl.
   *
   * A change takes effect when the guest next starts.
   *
   * @default - no limits
   */
  readonly memoryBandwidth?: Readonly<Record<string, Readonly<Record<number, number>>>>;

  /**
   * The host's control group in which the machine's own one is made, such as `/machine/production`. It must exist.
   *
   * A change takes effect when the guest next starts.
   *
   * @default "/machine"
   */
  readonly controlGroup?: string;

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

  /**
   * Limits of the machine's use of single disks of the host, by the path of the whole disk: `/dev/sda`.
   *
   * @default - no limits
   * @see https://libvirt.org/formatdomain.html#block-i-o-tuning
   */
  readonly hostDisks?: Readonly<Record<string, HostDiskLimits>>;
}

/** A machine's use of a disk of its host. Each property can be changed while the guest runs. */
export interface HostDiskLimits {
  /**
   * I/O weight relative to other machines when the disk is busy, from 10 to 1,000. The disk must have the I/O scheduler BFQ.
   *
   * @default - `ioWeight`
   */
  readonly ioWeight?: number;

  /**
   * The most that the machine may read per second.
   *
   * @default - no limit
   */
  readonly readBytesPerSecond?: Size;

  /**
   * The most that the machine may write per second.
   *
   * @default - no limit
   */
  readonly writeBytesPerSecond?: Size;

  /**
   * The most read operations per second.
   *
   * @default - no limit
   */
  readonly readsPerSecond?: number;

  /**
   * The most write operations per second.
   *
   * @default - no limit
   */
  readonly writesPerSecond?: number;
}
