/** The CPUs of a host that machines can have alone, as lists of their numbers. */
export interface HostCpus {
  /** The CPUs of each core: more than one if a core has several threads. */
  readonly cores: readonly (readonly number[])[];
  /** The CPUs of each package. Without them, all are in one. */
  readonly packages: readonly (readonly number[])[];
}

/** The CPUs of its host that a machine is to have alone. */
export interface CpuDemand {
  readonly count: number;
  /** Whether the machine uses all threads of its cores. Otherwise each of its CPUs is on another core. */
  readonly threads: boolean;
  readonly samePackage: boolean;
  /** The CPUs that the app states, in the order of the virtual CPUs. */
  readonly stated?: readonly number[];
  /** The CPUs that were decided before, for the host that was decided. */
  readonly current?: readonly number[];
}
