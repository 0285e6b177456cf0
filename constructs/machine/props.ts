import type { CloudInit } from "../cloud-init/cloud-init";
import type { Size } from "../core/size";
import type { Cpu } from "../host/cpu";
import type { IHost } from "../host/types";
import type { INetwork } from "../network/types";
import type { IStoragePool, IVolume } from "../storage/types";
import type { KernelBoot } from "./boot";
import type { CdromAttachment, DiskAttachment, DiskBus, DiskCache, DiskOptions, DiskThrottle } from "./disks";
import type { Graphics } from "./graphics";
import type { MachineHardwareProps } from "./hardware";
import type { ChangePolicy, MachineState, Migration, Shutdown } from "./lifecycle";
import type { MachineType } from "./machine-type";
import type { MemoryModules } from "./memory";
import type { NetworkAttachment } from "./network-interfaces";
import type { MachineResources } from "./resources";
import type { WaitFor } from "./wait";

/** The firmware that starts the guest: a BIOS, or UEFI (`efi`), which newer guests may require. */
export type Firmware = "bios" | "efi";

/**
 * Properties of a virtual machine.
 *
 * Most changes apply to a running guest. A change that a running guest cannot take over is handled as `onChange` says.
 */
export interface VirtualMachineProps extends MachineHardwareProps {
  /**
   * The host that the machine is on.
   *
   * Changing it migrates the machine to the other host, with its disks: live if it runs.
   */
  readonly host: IHost;

  /**
   * Memory of the machine, at least 64 MiB and a whole number of KiB.
   *
   * It can be changed while the guest runs, up to `maxMemory`.
   *
   * @see https://libvirt.org/formatdomain.html#memory-allocation
   */
  readonly memory: Size;

  /**
   * The upper limit for `memory` while the guest runs, at least `memory`.
   *
   * The guest boots with this much, and its balloon driver returns what exceeds `memory` to the host.
   *
   * @default - the value of `memory`
   */
  readonly maxMemory?: Size;

  /**
   * Memory modules that can be plugged and unplugged while the guest runs, in addition to `memory`.
   *
   * @default - no memory modules
   */
  readonly memoryModules?: MemoryModules;

  /**
   * Number of virtual CPUs, at least 1. It can be changed while the guest runs, up to `maxVcpus`.
   *
   * @default 1
   * @see https://libvirt.org/formatdomain.html#cpu-allocation
   */
  readonly vcpus?: number;

  /**
   * The upper limit for `vcpus` while the guest runs, at least `vcpus`.
   *
   * @default - the value of `vcpus`
   */
  readonly maxVcpus?: number;

  /**
   * The machine's share of its host: weights, limits, and the host CPUs that it may run on.
   *
   * @default - the host's own weights, no limits, every host CPU
   */
  readonly resources?: MachineResources;

  /**
   * The image that the machine's own disk is a thin clone of: a base image, or any volume on the machine's host that is no
   * longer written to.
   *
   * Another image replaces the disk, and the machine with it.
   *
   * @default - an empty disk of `diskSize`; without `diskSize` the machine has no disk of its own
   */
  readonly image?: IVolume;

  /**
   * Size of the machine's own disk, at least that of the image. It can be raised later, but never lowered.
   *
   * @default - the size of the image
   */
  readonly diskSize?: Size;

  /**
   * The bus that the machine's own disk is attached to.
   *
   * @default "virtio"
   */
  readonly diskBus?: DiskBus;

  /**
   * How the host caches the machine's own disk.
   *
   * @default - QEMU's default, `writeback`
   */
  readonly diskCache?: DiskCache;

  /**
   * Limits on how much the guest may read from its own disk and write to it.
   *
   * @default - no limits
   */
  readonly diskThrottle?: DiskThrottle;

  /**
   * Options of the machine's own disk: how QEMU reads and writes it, and what the guest sees of it.
   *
   * @default - the defaults of QEMU and libvirt
   */
  readonly diskOptions?: Omit<DiskOptions, "readOnly" | "shared">;

  /**
   * The pool, on the machine's host, that stores the machine's own disk and its cloud-init disk.
   *
   * @default - the pool of the image; required for `diskSize` or `cloudInit` without an image
   */
  readonly pool?: IStoragePool;

  /**
   * Disks in addition to the machine's own disk.
   *
   * @default - no additional disks
   */
  readonly disks?: readonly DiskAttachment[];

  /**
   * CD-ROM drives. `attachCdrom` adds more.
   *
   * @default - no drives
   */
  readonly cdroms?: readonly CdromAttachment[];

  /**
   * What the machine tries to boot from, in this order.
   *
   * Each entry is one of:
   * - `disk`: the machine's own disk, or the first of `disks`
   * - `cdrom`: every CD-ROM drive
   * - `network`: every network interface
   * - the target of a disk, such as `vdb`, or the name of an interface
   *
   * @default - the machine's own disk only, or without one the first disk by target
   */
  readonly bootOrder?: readonly string[];

  /**
   * The network of the machine's first interface, with an address from DHCP. Short for `networks: [{ network }]`.
   *
   * @default - no such interface
   */
  readonly network?: INetwork;

  /**
   * Network interfaces, after that of `network`.
   *
   * @default - no further interfaces
   */
  readonly networks?: readonly NetworkAttachment[];

  /**
   * What cloud-init sets up in the guest when it boots for the first time.
   *
   * @default - no cloud-init data
   */
  readonly cloudInit?: CloudInit;

  /**
   * The CPU that the guest sees.
   *
   * If the host is itself a virtual machine, KVM may refuse to start a guest with the host's CPU. Name a model such as
   * `qemu64` there.
   *
   * @default - the CPU of the host's fleet; without a fleet, the named model nearest to the host's CPU with KVM, and QEMU's
   * default with emulation
   */
  readonly cpu?: Cpu;

  /**
   * The machine type: the board that the guest sees.
   *
   * @default - `q35`, in the newest version that the host has
   * @see https://libvirt.org/formatdomain.html#operating-system-booting
   */
  readonly machine?: MachineType;

  /**
   * The firmware that starts the guest.
   *
   * @default "bios"
   */
  readonly firmware?: Firmware;

  /**
   * Whether UEFI starts only operating systems that are signed with the keys of the firmware's maker.
   *
   * It requires firmware `efi` and machine type Q35. UEFI keeps its boot variables in separate files with and without secure
   * boot: after a change it does not know the boot entries of the other file, and after changing back it knows them again.
   *
   * @default false
   */
  readonly secureBoot?: boolean;

  /**
   * A kernel that is started directly, without a boot loader.
   *
   * @default - the boot loader on the machine's disk
   */
  readonly kernel?: KernelBoot;

  /**
   * Absolute path of a file on the host that records the output of the serial console. Each host keeps its own file.
   *
   * @default - the serial console is not recorded
   */
  readonly serialLog?: string;

  /**
   * Whether `serialLog` is appended to if it exists. Otherwise it is truncated when the machine starts on the host or
   * migrates to it.
   *
   * @default false
   */
  readonly serialLogAppend?: boolean;

  /**
   * Whether the machine has a channel for the QEMU guest agent.
   *
   * @default false
   */
  readonly guestAgent?: boolean;

  /**
   * Conditions that a deployment waits for after it has started the machine.
   *
   * @default - the deployment does not wait
   */
  readonly waitFor?: WaitFor;

  /**
   * A graphical console that a viewer can connect to.
   *
   * @default - no graphical console
   */
  readonly graphics?: Graphics;

  /**
   * Whether libvirt starts the machine when the host starts.
   *
   * @default false
   */
  readonly autostart?: boolean;

  /**
   * The desired run state. A deployment restores it if the state was changed outside Terraform.
   *
   * @default "running"
   */
  readonly state?: MachineState;

  /**
   * How the machine is shut down.
   *
   * @default - the guest has 30 seconds to shut down, then its power is cut
   */
  readonly shutdown?: Shutdown;

  /**
   * How a change is handled that a running guest cannot take over.
   *
   * @default "defer"
   */
  readonly onChange?: ChangePolicy;

  /**
   * How the machine migrates while it runs, when `host` changes.
   *
   * @default - without limits on bandwidth and time, and with a pause of about 300 ms at most
   */
  readonly migration?: Migration;

  /**
   * Tags by which a SeparationPolicy selects the machine: each 1 to 40 letters, digits, '-' and '_'.
   *
   * @default - no tags
   */
  readonly tags?: readonly string[];

  /**
   * A short title on one line, which lists of machines show.
   *
   * @default - no title
   * @see https://libvirt.org/formatdomain.html#general-metadata
   */
  readonly title?: string;

  /**
   * A description for people.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Name of the machine on its host. A change replaces the machine.
   *
   * @default - the construct's id
   */
  readonly vmName?: string;
}
