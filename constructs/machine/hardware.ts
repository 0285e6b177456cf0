import type { Clock } from "./clock";
import type { Balloon, DirectoryShare, HostDevice, RandomNumbers, Tpm, Watchdog } from "./devices";
import type { MachineFeatures } from "./features";
import type { Video } from "./graphics";
import type { MemoryBacking } from "./memory";
import type { MachineXml } from "./xml";

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
