import type {
  Balloon,
  DirectoryShare,
  HostDevice,
  MemoryBacking,
  RandomNumbers,
  Tpm,
  Video,
  Watchdog,
} from "./devices";

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

/** An element of libvirt's XML that nothing else here stands for. */
export interface MachineXml {
  /** The element, spelled as libvirt gives it back: `<hub type="usb"/>`. */
  readonly element: string;

  /**
   * Path of the element that it stands in, below `domain`: `devices`, `cpu`, `features`.
   *
   * @default - `domain` itself
   */
  readonly under?: string;
}

/** What a machine has besides disks, networks and a screen. */
export interface MachineHardwareProps {
  /**
   * The graphics card.
   *
   * @default - libvirt's own choice where there are `graphics`
   */
  readonly video?: Video["model"] | Video;

  /**
   * A Trusted Platform Module.
   *
   * @default false
   */
  readonly tpm?: boolean | Tpm;

  /**
   * What notices that the guest hangs; true resets it.
   *
   * @default false
   */
  readonly watchdog?: boolean | Watchdog;

  /**
   * Where the guest's random numbers come from; false gives it none.
   *
   * @default true
   */
  readonly randomNumbers?: boolean | RandomNumbers;

  /**
   * A socket between guest and host that needs no network: true, or the guest's number on its host, from 3.
   *
   * @default false
   */
  readonly vsock?: boolean | number;

  /**
   * How the guest says that its system crashed: `isa` for Linux on x86, `hyperv` for Windows.
   *
   * @default - it does not
   */
  readonly panic?: "isa" | "hyperv" | "pseries" | "s390" | "pvpanic";

  /**
   * How memory is given and taken while the guest runs; false leaves it as it is.
   *
   * @default true
   */
  readonly balloon?: boolean | Balloon;

  /**
   * The sound card.
   *
   * @default - none
   */
  readonly sound?: "ich9" | "ich7" | "ich6" | "ac97" | "es1370" | "sb16" | "usb";

  /**
   * A tablet, by which a viewer's pointer is where the guest's is, and its bus.
   *
   * @default - none
   */
  readonly tablet?: "usb" | "virtio";

  /**
   * Directories of the host that it can mount. Others come with `shareDirectory`.
   *
   * @default - none
   */
  readonly sharedDirectories?: readonly DirectoryShare[];

  /**
   * Devices of the host that are its alone, by a name for plans. Others come with `passThrough`.
   *
   * @default - none
   */
  readonly hostDevices?: Readonly<Record<string, HostDevice>>;

  /**
   * What of the host's memory its own is made of.
   *
   * @default - ordinary pages
   */
  readonly memoryBacking?: MemoryBacking;

  /**
   * The clock that it starts with.
   *
   * @default - UTC
   */
  readonly clock?: Clock;

  /**
   * What the machine and its hypervisor can do.
   *
   * @default - ACPI and APIC
   */
  readonly features?: MachineFeatures;

  /**
   * Elements of libvirt's XML that nothing else here stands for, by a name for plans. Others come with `addXml`.
   *
   * @default - none
   */
  readonly xml?: Readonly<Record<string, MachineXml>>;
}
