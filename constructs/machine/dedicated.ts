/** What a machine needs of CPUs that it has alone. */
export interface DedicatedOptions {
  /**
   * Whether the virtual CPUs are all threads of their cores, so that the guest sees as many threads in a core as the host has.
   * Otherwise each is on a core of its own, whose other threads nothing uses.
   *
   * @default false
   */
  readonly threads?: boolean;

  /**
   * Whether all CPUs are in one package (socket) of the host.
   *
   * @default false
   */
  readonly samePackage?: boolean;

  /**
   * Whether the virtual CPUs run in real time (`fifo`), at priority 1 or at this one. The host must permit real time, and have
   * `housekeeping` CPUs for the rest of the machine's process.
   *
   * @default false
   */
  readonly realtime?: boolean | number;

  /**
   * The CPUs of the host, in the order of the virtual CPUs: `2-5`.
   *
   * @default - `kvm-fleet place` decides, and keeps the decision in `kvm-fleet.lock.json`
   */
  readonly cpus?: string;
}

/**
 * Virtual CPUs of a machine that each have a CPU of the host, on cores that no other machine of the app uses. The host declares
 * these CPUs by its `dedicatedCpus`, and must keep its own processes away from them.
 *
 * @example
 * new Dedicated(4, { samePackage: true, realtime: true });
 */
export class Dedicated {
  /**
   * @param count number of virtual CPUs
   * @param options what the machine needs of them
   */
  constructor(
    public readonly count: number,
    public readonly options: DedicatedOptions = {},
  ) {}
}
