/**
 * A timer of the guest.
 *
 * @see https://libvirt.org/formatdomain.html#time-keeping
 */
export interface Timer {
  /**
   * Whether the guest has the timer.
   *
   * @default - the hypervisor's default
   */
  readonly present?: boolean;

  /**
   * How missed ticks are delivered: late (`delay`), at a higher rate (`catchup`), merged into one (`merge`), or not at
   * all (`discard`).
   *
   * @default - the hypervisor's default
   */
  readonly tickpolicy?: "delay" | "catchup" | "merge" | "discard";
}

/**
 * The clock of the guest.
 *
 * @see https://libvirt.org/formatdomain.html#time-keeping
 */
export interface Clock {
  /**
   * The time that the clock starts with: `utc`, or the host's `localtime`, which Windows expects. It cannot be combined
   * with `timeZone`.
   *
   * @default - `utc`, or the time of `timeZone`
   */
  readonly offset?: "utc" | "localtime";

  /**
   * The time zone of the time that the clock starts with, such as `Europe/Zurich`.
   *
   * @default - no time zone
   */
  readonly timeZone?: string;

  /**
   * Timers of the guest, by name.
   *
   * @default - the hypervisor's default timers
   */
  readonly timers?: Readonly<Partial<Record<"rtc" | "pit" | "hpet" | "tsc" | "kvmclock" | "hypervclock", Timer>>>;
}
