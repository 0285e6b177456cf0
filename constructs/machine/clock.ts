/** A timer of the guest. */
export interface Timer {
  /**
   * Whether the guest has it.
   *
   * @default - the hypervisor's choice
   */
  readonly present?: boolean;

  /**
   * What becomes of ticks that were missed.
   *
   * @default - the hypervisor's choice
   */
  readonly tickpolicy?: "delay" | "catchup" | "merge" | "discard";
}

/**
 * The clock that the guest starts with.
 *
 * @see https://libvirt.org/formatdomain.html#time-keeping
 */
export interface Clock {
  /**
   * What time it shows: `localtime` is the host's, which Windows wants.
   *
   * @default - `utc`, or that of the `timeZone`
   */
  readonly shows?: "utc" | "localtime";

  /**
   * The time zone that it shows, such as `Europe/Zurich`.
   *
   * @default - none
   */
  readonly timeZone?: string;

  /**
   * The guest's timers.
   *
   * @default - the hypervisor's choice
   */
  readonly timers?: Readonly<Partial<Record<"rtc" | "pit" | "hpet" | "tsc" | "kvmclock" | "hypervclock", Timer>>>;
}
