/**
 * Hyper-V enlightenments: interfaces of Microsoft Hyper-V that Windows uses to run faster in a virtual machine.
 *
 * @see https://libvirt.org/formatdomain.html#hypervisor-features
 */
export interface HyperV {
  /**
   * Relaxes the guest's timing constraints: it has no watchdog over timers.
   *
   * @default - not offered
   */
  readonly relaxed?: boolean;

  /**
   * A virtual APIC, a faster interrupt controller.
   *
   * @default - not offered
   */
  readonly vapic?: boolean;

  /**
   * How often the guest retries to acquire a spinlock before it notifies the hypervisor, at least 4095. 8191 is common.
   *
   * @default - not offered
   */
  readonly spinlocks?: number;

  /**
   * The index of the virtual processor.
   *
   * @default - not offered
   */
  readonly vpindex?: boolean;

  /**
   * The time that the virtual processor has spent running.
   *
   * @default - not offered
   */
  readonly runtime?: boolean;

  /**
   * A synthetic interrupt controller. It requires `vpindex`.
   *
   * @default - not offered
   */
  readonly synic?: boolean;

  /**
   * Synthetic timers. They require `synic` and the timer `hypervclock`.
   *
   * @default - not offered
   */
  readonly stimer?: boolean;

  /**
   * An interface by which the guest can reset the machine.
   *
   * @default - not offered
   */
  readonly reset?: boolean;

  /**
   * The name that the hypervisor reports to the guest, at most 12 characters.
   *
   * @default - not offered
   */
  readonly vendorId?: string;

  /**
   * Registers with the frequencies of the processor and of the interrupt controller.
   *
   * @default - not offered
   */
  readonly frequencies?: boolean;

  /**
   * Notifies the guest after a migration, for hypervisors that run in the guest.
   *
   * @default - not offered
   */
  readonly reenlightenment?: boolean;

  /**
   * The hypervisor flushes the address translation cache (TLB) of other virtual processors for the guest.
   *
   * @default - not offered
   */
  readonly tlbflush?: boolean;

  /**
   * The hypervisor sends interrupts between virtual processors for the guest.
   *
   * @default - not offered
   */
  readonly ipi?: boolean;

  /**
   * The enlightened VMCS, which speeds up Hyper-V in the guest.
   *
   * @default - not offered
   */
  readonly evmcs?: boolean;
}

/**
 * Features of the machine and of its hypervisor, except those of the CPU.
 *
 * @see https://libvirt.org/formatdomain.html#hypervisor-features
 */
export interface MachineFeatures {
  /**
   * ACPI. Without it the guest does not receive the power button event, and a shutdown in mode `acpi` has no effect.
   *
   * @default true
   */
  readonly acpi?: boolean;

  /**
   * The interrupt controller that more than one virtual CPU requires, on x86.
   *
   * @default true
   */
  readonly apic?: boolean;

  /**
   * System Management Mode.
   *
   * @default - on if the firmware requires it
   */
  readonly smm?: boolean;

  /**
   * The I/O port by which QEMU emulates the interface of VMware.
   *
   * @default - the hypervisor's default
   */
  readonly vmport?: boolean;

  /**
   * The CPU's performance counters.
   *
   * @default - the hypervisor's default
   */
  readonly pmu?: boolean;

  /**
   * Whether KVM is hidden from the guest.
   *
   * @default false
   */
  readonly kvmHidden?: boolean;

  /**
   * Hyper-V enlightenments for Windows. `passthrough` offers all that the host supports.
   *
   * @default - none
   */
  readonly hyperv?: HyperV | "passthrough";
}
