import type { MovableProps } from "../core/formerly";
import type { ProtectableProps } from "../core/protectable";
import type { Size } from "../core/size";
import type { Cpu } from "../host/cpu";
import type { PerHost } from "../host/per-host";
import type { Accelerator, IFleet, IHost } from "../host/types";
import type { INetwork } from "../network/types";
import type { CloudInit } from "../seed/cloud-init";
import type { ISeed } from "../seed/types";
import type { IStoragePool, IVolume } from "../storage/types";
import type { Architecture } from "./architecture";
import type { KernelBoot } from "./boot";
import type { Confinement } from "./confinement";
import type { CpuTopology } from "./cpu-topology";
import type { Dedicated } from "./dedicated";
import type { CdromAttachment, DiskAttachment, DiskBus, DiskCache, DiskOptions, DiskThrottle } from "./disks";
import type { Graphics } from "./graphics";
import type { MachineHardwareProps } from "./hardware";
import type { ChangePolicy, MachineState, Migration, Shutdown } from "./lifecycle";
import type { MachineType } from "./machine-type";
import type { MemoryModules } from "./memory";
import type { NetworkAttachment } from "./network-interfaces";
import type { MachinePlacement } from "./placement";
import type { MachineResources } from "./resources";
import type { RollingGroup } from "./rolling-group";
import type { WaitFor } from "./wait";

/** The firmware that starts the guest: a BIOS, or UEFI (`efi`), which newer guests may require. */
export type Firmware = "bios" | "efi";

/**
 * Properties of a virtual machine.
 *
 * Most changes apply to a running guest. A change that a running guest cannot take over is handled as `onChange` says.
 */
export interface VirtualMachineProps extends MachineHardwareProps, MovableProps, ProtectableProps {
  /**
   * Whether a deployment that would destroy or replace the machine, its own disk or the volumes among its `disks` is
   * refused in the plan, also by `kvm-fleet destroy`. A Volume with a `protect` of its own is protected as that says, and so
   * are disks that the guest can only read.
   *
   * To destroy or replace the machine, set it to false, deploy that, and then remove or change the machine.
   *
   * @default false
   */
  readonly protect?: boolean;

  /**
   * The host that the machine is on.
   *
   * Changing it migrates the machine to the other host, with its disks: live if it runs.
   *
   * With a fleet, `kvm-fleet place` decides the host and keeps it in `kvm-fleet.lock.json`. Without a decision, synthesis
   * fails.
   */
  readonly host: IHost | IFleet;

  /**
   * What decides the host of the machine, if `host` is a fleet.
   *
   * @default - any host of the fleet that has what the machine uses, and room for it
   */
  readonly placement?: MachinePlacement;

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
   * Number of virtual CPUs, at least 1. It can be changed while the guest runs, up to `maxVcpus`. `Dedicated` gives each of
   * them a CPU of the host for itself.
   *
   * @default 1
   * @see https://libvirt.org/formatdomain.html#cpu-allocation
   */
  readonly vcpus?: number | Dedicated;

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
   * Another image gives the disk new content, and all data on it is lost. `onImageChange` says how.
   *
   * @default - an empty disk of `diskSize`; without `diskSize` the machine has no disk of its own
   */
  readonly image?: IVolume | PerHost<IVolume>;

  /**
   * What happens to an existing machine when it gets another `image`.
   *
   * - `refuse`: the plan fails while the machine runs. The disk of a stopped machine gets the new content
   * - `replace`: the machine and its own disk are replaced. All data on that disk is lost; other disks stay
   *
   * @default "refuse"
   */
  readonly onImageChange?: "refuse" | "replace";

  /**
   * Size of the machine's own disk, at least that of the image. It can be raised later, but never lowered.
   *
   * @default - the size of the image
   */
  readonly diskSize?: Size;

  /**
   * Name of the volume of the machine's own disk. Another name replaces the disk, and the machine with it.
   *
   * Set it to the present name before you change `vmName`: then the machine keeps its disk, and is renamed.
   *
   * @default - `vmName` with the extension `.qcow2`
   */
  readonly diskName?: string;

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
   * @default - the pool of the image; required for `diskSize`, `cloudInit` or `seed` without an image
   */
  readonly pool?: IStoragePool | PerHost<IStoragePool>;

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
  readonly network?: INetwork | PerHost<INetwork>;

  /**
   * Network interfaces, after that of `network`.
   *
   * @default - no further interfaces
   */
  readonly networks?: readonly NetworkAttachment<INetwork | PerHost<INetwork>>[];

  /**
   * What cloud-init sets up in the guest when it boots for the first time.
   *
   * @default - no cloud-init data
   */
  readonly cloudInit?: CloudInit;

  /**
   * What the guest configures itself with, if that is not cloud-init: `Ignition`, `Combustion`, a `ConfigDrive`, or a
   * `SeedDisk` with any label.
   *
   * @default - no seed
   */
  readonly seed?: ISeed;

  /**
   * The bus that the disk with the cloud-init data or the seed is attached to: a disk on `virtio`, a CD-ROM drive
   * on the others. Windows has no driver for `virtio` before one is installed.
   *
   * @default - `diskBus`
   */
  readonly seedBus?: DiskBus;

  /**
   * What happens to an existing machine when its cloud-init data or its seed changes.
   *
   * - `next-boot`: the guest finds the new content when it next starts, and does not run again what it ran at its first boot
   * - `rerun`: cloud-init runs again as at the first boot when the guest next starts. It also creates new SSH host keys
   * - `replace`: the machine and its own disk are replaced, so that the new guest starts with the new content. All data on
   *   that disk is lost; other disks stay
   *
   * @default "next-boot"
   */
  readonly onSeedChange?: "next-boot" | "rerun" | "replace";

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
   * How the virtual CPUs are divided into sockets, cores and threads.
   *
   * @default - the cores of one socket
   */
  readonly cpuTopology?: CpuTopology;

  /**
   * The architecture of the processors. One that the host's processors do not have requires `accelerator` of `qemu`.
   *
   * Another architecture replaces the machine and its disk.
   *
   * @default - the host's
   */
  readonly architecture?: Architecture;

  /**
   * How the host runs the machine: with its processors (`kvm`), or in software (`qemu`), which is slower and can run every
   * architecture that the host has an emulator for.
   *
   * @default - the host's `accelerator`
   */
  readonly accelerator?: Accelerator;

  /**
   * The machine type: the board that the guest sees.
   *
   * @default - `q35` on x86 and `virt` on ARM, in the newest version that the host has
   * @see https://libvirt.org/formatdomain.html#operating-system-booting
   */
  readonly machine?: MachineType;

  /**
   * The firmware that starts the guest.
   *
   * @default - `bios`, and `efi` for `Architecture.AARCH64`
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
   * How the security drivers of the host confine the machine, where that is not left to them.
   *
   * @default - each driver gives the machine a label of its own
   */
  readonly confinement?: Confinement;

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
   * The group whose machines are restarted and replaced a few at a time.
   *
   * @default - the machine is restarted and replaced whatever the others do
   */
  readonly rollingGroup?: RollingGroup;

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
   * Name of the machine on its host.
   *
   * With a fixed `diskName`, another name renames the machine, which has to be off, or have `onChange` `restart`. Otherwise it replaces the machine and its disk.
   *
   * @default - the construct's id
   */
  readonly vmName?: string;
}
