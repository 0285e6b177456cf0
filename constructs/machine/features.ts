/**
 * What Windows is offered by the name of Hyper-V.
 *
 * @see https://libvirt.org/formatdomain.html#hypervisor-features
 */
export interface HyperV {
  /**
   * No watchdog over timers.
   *
   * @default - not offered
   */
  readonly relaxed?: boolean;

  /**
   * A faster interrupt controller.
   *
   * @default - not offered
   */
  readonly vapic?: boolean;

  /**
   * How often the guest tries for a lock before it tells the hypervisor, at least 4095: 8191 is usual.
   *
   * @default - not offered
   */
  readonly spinlocks?: number;

  /**
   * The number of a virtual processor.
   *
   * @default - not offered
   */
  readonly vpindex?: boolean;

  /**
   * How long a virtual processor has run.
   *
   * @default - not offered
   */
  readonly runtime?: boolean;

  /**
   * Interrupts of its own. They need `vpindex`.
   *
   * @default - not offered
   */
  readonly synic?: boolean;

  /**
   * Timers of its own. They need `synic`, and the timer `hypervclock`.
   *
   * @default - not offered
   */
  readonly stimer?: boolean;

  /**
   * A way for the guest to reset the machine.
   *
   * @default - not offered
   */
  readonly reset?: boolean;

  /**
   * What the hypervisor calls itself: at most 12 characters.
   *
   * @default - not offered
   */
  readonly vendorId?: string;

  /**
   * The frequencies of processor and interrupt controller.
   *
   * @default - not offered
   */
  readonly frequencies?: boolean;

  /**
   * Notes of a migration, for guests in the guest.
   *
   * @default - not offered
   */
  readonly reenlightenment?: boolean;

  /**
   * Flushes of the translation buffer by the hypervisor.
   *
   * @default - not offered
   */
  readonly tlbflush?: boolean;

  /**
   * Interrupts between processors by the hypervisor.
   *
   * @default - not offered
   */
  readonly ipi?: boolean;

  /**
   * For Hyper-V in the guest.
   *
   * @default - not offered
   */
  readonly evmcs?: boolean;
}

/**
 * What the machine and its hypervisor can do beside the processor.
 *
 * @see https://libvirt.org/formatdomain.html#hypervisor-features
 */
export interface MachineFeatures {
  /**
   * ACPI. Without it a guest hears no power button.
   *
   * @default true
   */
  readonly acpi?: boolean;

  /**
   * The interrupt controller that more than one processor needs, on x86.
   *
   * @default true
   */
  readonly apic?: boolean;

  /**
   * System Management Mode.
   *
   * @default - as the firmware needs it
   */
  readonly smm?: boolean;

  /**
   * The port on which QEMU answers as VMware does.
   *
   * @default - the hypervisor's choice
   */
  readonly vmport?: boolean;

  /**
   * The processor's performance counters.
   *
   * @default - the hypervisor's choice
   */
  readonly pmu?: boolean;

  /**
   * Whether the guest is not told that it runs on KVM.
   *
   * @default false
   */
  readonly kvmHidden?: boolean;

  /**
   * What Windows is offered; `passthrough` is all that the host can.
   *
   * @default - nothing
   */
  readonly hyperv?: HyperV | "passthrough";
}
