/** A real-time scheduler of the kernel: the thread runs before all threads with a lower priority, and before ordinary ones. */
export interface RealTimeScheduler {
  /** `fifo` runs the thread until it waits; `rr` (round robin) takes turns with threads of the same priority. */
  readonly policy: "fifo" | "rr";

  /** The priority, from 1 to 99, the highest. */
  readonly priority: number;
}

/**
 * How the kernel schedules a thread of a machine: after all ordinary threads (`idle`), in longer turns (`batch`), or in
 * real time. The host must permit real time. A change takes effect when the guest next starts.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-tuning
 */
export type ThreadScheduler = "batch" | "idle" | RealTimeScheduler;

/**
 * A thread that does the I/O of disks, so that it does not wait for the rest of QEMU.
 *
 * It is added, changed and removed while the guest runs, unless it has a `scheduler`, or a disk of the running guest uses it.
 * A setting that is removed takes effect when the guest next starts.
 *
 * @see https://libvirt.org/formatdomain.html#iothreads-allocation
 */
export interface IoThread {
  /**
   * The host CPUs that the thread may run on: `0-3,^2`.
   *
   * @default - every host CPU
   */
  readonly pinning?: string;

  /**
   * How the kernel schedules the thread.
   *
   * @default - as an ordinary thread
   */
  readonly scheduler?: ThreadScheduler;

  /**
   * How long the thread polls for work before it sleeps, in ns; 0 for never. It requires libvirt 9.4 on the host.
   *
   * @default - QEMU's default
   */
  readonly pollMax?: number;

  /**
   * By which factor that time grows while there is work, up to `pollMax`. It requires libvirt 9.4 on the host.
   *
   * @default - QEMU's default
   */
  readonly pollGrow?: number;

  /**
   * By which factor that time shrinks while there is none. It requires libvirt 9.4 on the host.
   *
   * @default - QEMU's default
   */
  readonly pollShrink?: number;

  /**
   * The least number of worker threads that it keeps.
   *
   * @default - QEMU's default, none
   */
  readonly minWorkers?: number;

  /**
   * The greatest number of worker threads, at least `minWorkers`.
   *
   * @default - QEMU's default, 64
   */
  readonly maxWorkers?: number;
}
