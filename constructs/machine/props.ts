import type { CloudInit } from "../cloud-init/cloud-init";
import type { Cpu } from "../host/cpu";
import type { IHost } from "../host/host";
import type { MachineType } from "./machine-type";
import type { INetwork } from "../network/network";
import type { Size } from "../core/size";
import type { IStoragePool } from "../storage/storage-pool";
import type { Graphics, KernelBoot, NetworkAttachment } from "./network-interfaces";
import type { CdromAttachment, DiskAttachment, DiskBus, DiskCache, DiskOptions, DiskThrottle } from "./disks";
import type { MachineHardwareProps } from "./hardware";
import type { ChangePolicy, MachineState, Migration, Shutdown } from "./lifecycle";
import type { MachineResources, MemoryModules } from "./resources";
import type { WaitFor } from "./wait";
import type { IVolume } from "../storage/volume";

/** What starts the guest: a BIOS, or UEFI, which newer guests may ask for. */
export type Firmware = "bios" | "efi";

/** Properties of a virtual machine. */
export interface VirtualMachineProps extends MachineHardwareProps {
  /** The host it is on. Another one is where it moves to, live where it runs, with its disks. */
  readonly host: IHost;

  /** Its memory, at least 64 MiB. It is live up to `maxMemory`. */
  readonly memory: Size;

  /**
   * The most memory that `memory` can be raised to while it runs, given and taken by its balloon driver.
   *
   * @default - that of `memory`
   */
  readonly maxMemory?: Size;

  /**
   * Memory modules that are plugged in and out while it runs, beside `memory`.
   *
   * @default - none
   */
  readonly memoryModules?: MemoryModules;

  /**
   * Number of virtual CPUs. It is live up to `maxVcpus`.
   *
   * @default 1
   */
  readonly vcpus?: number;

  /**
   * The most virtual CPUs that `vcpus` can be raised to while it runs.
   *
   * @default - that of `vcpus`
   */
  readonly maxVcpus?: number;

  /**
   * Its share of the host: weights, limits, and the processors it may run on.
   *
   * @default - what every machine has
   */
  readonly resources?: MachineResources;

  /**
   * What its disk is a thin clone of, on the same host: a base image, or any volume that is not written to any more. Another
   * image replaces the disk, and the machine with it.
   *
   * @default - an empty disk of `diskSize`; no disk without that
   */
  readonly image?: IVolume;

  /**
   * Size of its disk, at least that of the image. It can be raised later, and never lowered.
   *
   * @default - the image's
   */
  readonly diskSize?: Size;

  /**
   * How its disk is connected.
   *
   * @default "virtio"
   */
  readonly diskBus?: DiskBus;

  /**
   * How the host caches its disk.
   *
   * @default - QEMU's own choice, `writeback`
   */
  readonly diskCache?: DiskCache;

  /**
   * How much the guest may read from its disk and write to it.
   *
   * @default - as much as the host can
   */
  readonly diskThrottle?: DiskThrottle;

  /**
   * How its disk is read and written, and what the guest sees of it.
   *
   * @default - as QEMU and libvirt choose
   */
  readonly diskOptions?: Omit<DiskOptions, "readOnly" | "shared">;

  /**
   * Where its disk and first-boot data are kept, on the same host.
   *
   * @default - the image's pool; required without an image where something is to be kept
   */
  readonly pool?: IStoragePool;

  /**
   * Disks besides the one that it boots from.
   *
   * @default - none
   */
  readonly disks?: readonly DiskAttachment[];

  /**
   * Its CD-ROM drives; `attachCdrom` adds more.
   *
   * @default - none
   */
  readonly cdroms?: readonly CdromAttachment[];

  /**
   * What it tries to boot from, in this order: `disk` is its own disk, or the first of `disks`; `cdrom` all its drives,
   * `network` all its interfaces; any other is a disk's target, such as `vdb`, or an interface's name.
   *
   * @default - its own disk, and nothing else; without one the first by name
   */
  readonly bootOrder?: readonly string[];

  /**
   * The network of its only interface, with an address by DHCP: short for `networks: [{ network }]`.
   *
   * @default - none
   */
  readonly network?: INetwork;

  /**
   * Its network interfaces, after that of `network`.
   *
   * @default - none
   */
  readonly networks?: readonly NetworkAttachment[];

  /**
   * What it is told when it boots for the first time.
   *
   * @default - nothing
   */
  readonly cloudInit?: CloudInit;

  /**
   * What processor the guest sees.
   *
   * Where hosts are themselves virtual, KVM may refuse to start it with theirs: name a model, such as `qemu64`, there.
   *
   * @default - that of the host's fleet; without one the host's, as nearly as libvirt knows it by name; under emulation QEMU's
   */
  readonly cpu?: Cpu;

  /**
   * What board the guest finds itself on.
   *
   * @default - the hypervisor's own
   */
  readonly machine?: MachineType;

  /**
   * What starts the guest.
   *
   * @default "bios"
   */
  readonly firmware?: Firmware;

  /**
   * Whether UEFI starts signed systems only, with the keys of the firmware's maker. It has variables of its own: what was
   * said to be booted is not known to it, and is again when this is taken back.
   *
   * @default false
   */
  readonly secureBoot?: boolean;

  /**
   * A kernel that is started without a boot loader.
   *
   * @default - the boot loader on its disk
   */
  readonly kernel?: KernelBoot;

  /**
   * Absolute path of a file on the host that keeps what the serial console prints. Each host keeps its own.
   *
   * @default - none: the serial console is there, and not kept
   */
  readonly serialLog?: string;

  /**
   * Whether that file goes on where it exists; otherwise it is begun anew when the machine starts on the host, or moves there.
   *
   * @default false
   */
  readonly serialLogAppend?: boolean;

  /**
   * Whether there is a channel for the QEMU guest agent.
   *
   * @default false
   */
  readonly guestAgent?: boolean;

  /**
   * What a deployment that starts it waits for.
   *
   * @default - nothing
   */
  readonly waitFor?: WaitFor;

  /**
   * A screen that can be looked at from outside.
   *
   * @default - none
   */
  readonly graphics?: Graphics;

  /**
   * Whether libvirt starts it with the host.
   *
   * @default false
   */
  readonly autostart?: boolean;

  /**
   * What it is to be doing, whoever changes it.
   *
   * @default "running"
   */
  readonly state?: MachineState;

  /**
   * How it is shut down.
   *
   * @default - it has 30 seconds, then its power is cut
   */
  readonly shutdown?: Shutdown;

  /**
   * What becomes of a change that it can't take over while it runs.
   *
   * @default "defer"
   */
  readonly onChange?: ChangePolicy;

  /**
   * How it moves while it runs, when `host` changes.
   *
   * @default - as fast as it can, with a pause of at most some 300 ms
   */
  readonly migration?: Migration;

  /**
   * What it is for, in words that a SeparationPolicy can name it by: letters, digits, '-' and '_'.
   *
   * @default - none
   */
  readonly tags?: readonly string[];

  /**
   * A few words on one line, as lists show them.
   *
   * @default - none
   */
  readonly title?: string;

  /**
   * What it is for.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * Its name on the host. A change replaces the machine.
   *
   * @default - the construct's id
   */
  readonly vmName?: string;
}
