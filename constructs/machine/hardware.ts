import type { Clock } from "./clock";
import type { Balloon, DirectoryShare, HostDevice, RandomNumbers, Tpm, Watchdog } from "./devices";
import type { MachineFeatures } from "./features";
import type { Video } from "./graphics";
import type { MemoryBacking } from "./memory";
import type { NumaNode } from "./numa";
import type { MachineXml } from "./xml";

/** Hardware of a machine other than its disks, network interfaces and graphical console. */
export interface MachineHardwareProps {
  /**
   * The graphics card: its model, or more of its properties.
   *
   * @default - libvirt's default if the machine has `graphics`, no card otherwise
   */
  readonly video?: Video["model"] | Video;

  /**
   * Whether the machine has a Trusted Platform Module (TPM). True adds an emulated one of version 2.0.
   *
   * @default false
   */
  readonly tpm?: boolean | Tpm;

  /**
   * Whether the machine has a watchdog. True adds one that resets a guest that hangs.
   *
   * @default false
   */
  readonly watchdog?: boolean | Watchdog;

  /**
   * The random number generator of the guest. False removes it.
   *
   * @default true
   */
  readonly rng?: boolean | RandomNumbers;

  /**
   * Whether the machine has a vsock device: a socket between guest and host that requires no network. A number, from 3,
   * is the guest's context id (CID), which is unique on its host.
   *
   * @default false
   * @see https://libvirt.org/formatdomain.html#vsock
   */
  readonly vsock?: boolean | number;

  /**
   * The device by which the guest reports that its kernel crashed: `isa` for Linux on x86, `hyperv` for Windows.
   *
   * @default - no such device
   * @see https://libvirt.org/formatdomain.html#panic-device
   */
  readonly panic?: "isa" | "hyperv" | "pseries" | "s390" | "pvpanic";

  /**
   * The memory balloon, which changes the guest's memory while it runs. False removes it, and the memory cannot be
   * changed then.
   *
   * @default true
   */
  readonly balloon?: boolean | Balloon;

  /**
   * The sound card.
   *
   * @default - no sound card
   * @see https://libvirt.org/formatdomain.html#sound-devices
   */
  readonly sound?: "ich9" | "ich7" | "ich6" | "ac97" | "es1370" | "sb16" | "usb";

  /**
   * The bus of a tablet device. With a tablet, the pointer of a graphical console follows that of the viewer.
   *
   * @default - no tablet
   * @see https://libvirt.org/formatdomain.html#input-devices
   */
  readonly tablet?: "usb" | "virtio";

  /**
   * Directories of the host that the guest can mount. `shareDirectory` adds more.
   *
   * @default - no shared directories
   */
  readonly sharedDirectories?: readonly DirectoryShare[];

  /**
   * Devices of the host that are passed through to the machine, by a name of your choice: letters, digits, '-' and '_'.
   * `passThrough` adds more.
   *
   * @default - no host devices
   */
  readonly hostDevices?: Readonly<Record<string, HostDevice>>;

  /**
   * How guest memory is backed on the host.
   *
   * @default - ordinary pages
   */
  readonly memoryBacking?: MemoryBacking;

  /**
   * The NUMA nodes that the guest sees, at least two. A change takes effect when the guest next starts.
   *
   * @default - one node
   */
  readonly numaNodes?: readonly NumaNode[];

  /**
   * The clock of the guest.
   *
   * @default - UTC
   */
  readonly clock?: Clock;

  /**
   * Features of the machine and of its hypervisor.
   *
   * @default - ACPI and APIC
   */
  readonly features?: MachineFeatures;

  /**
   * Elements of libvirt's XML that no other property represents, by a name of your choice: letters, digits, '-' and
   * '_'. `addXml` adds more.
   *
   * @default - no such elements
   */
  readonly xml?: Readonly<Record<string, MachineXml>>;
}
