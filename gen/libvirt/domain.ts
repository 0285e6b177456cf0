// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedMap, nestedSingle, toHclAttributes } from "../binding";

/**
 * A virtual machine. Changes are made in its definition, which keeps all that is not named here; what a running
 * guest can't take over at once waits for its next start, or as `on_change` says. Destroying it shuts the guest
 * down and removes the definition; its volumes stay.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatdomain.html
 */
export interface DomainConfig extends TerraformMetaArguments {
  /** The CPU architecture. Unset: the host's. A change replaces the object. */
  readonly arch?: string;

  /** Whether libvirt starts the domain when the host starts. Default: `false`. */
  readonly autostart?: boolean | IResolvable;

  /** The share of the host's disks. */
  readonly blkiotune?: DomainBlkiotune | IResolvable;

  /**
   * The clock that the guest starts with, and its timers. Unset: UTC. A change is in effect after the guest's next
   * start.
   */
  readonly clock?: DomainClock | IResolvable;

  /** Its command line. A change is in effect after the guest's next start. */
  readonly cmdline?: string;

  /**
   * The virtual CPU. Unset: libvirt's own choice, which every host can run. A change is in effect after the guest's
   * next start.
   */
  readonly cpu?: DomainCpu | IResolvable;

  /** The share of the host's processors. */
  readonly cputune?: DomainCputune | IResolvable;

  /** A text for people. */
  readonly description?: string;

  /** All other devices. What is unset here is left as it is. A change is in effect after the guest's next start. */
  readonly devices?: DomainDevices | IResolvable;

  /**
   * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. One that is taken away is taken away once
   * the guest has let go of it. An entry on `sata` or `ide` comes and goes at the guest's next start; the first on
   * `scsi`, and one with a `boot`, come then.
   */
  readonly disks?: Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable;

  /**
   * What is special of the firmware `efi`. Variables are kept through every change, each kind in a file of its own:
   * those with secure boot and those without know nothing of each other.
   */
  readonly efi?: DomainEfi | IResolvable;

  /**
   * What the machine and its hypervisor can do. Unset: ACPI and APIC. A change is in effect after the guest's next
   * start.
   */
  readonly features?: DomainFeatures | IResolvable;

  /**
   * `efi` is UEFI, with variables of the domain's own that libvirt makes and removes. One of `bios`, `efi`. Default:
   * `bios`. A change is in effect after the guest's next start.
   */
  readonly firmware?: string;

  /** A graphical console. A change is in effect after the guest's next start. */
  readonly graphics?: DomainGraphics | IResolvable;

  /** A channel for the QEMU guest agent. Default: `false`. A change is in effect after the guest's next start. */
  readonly guestAgent?: boolean | IResolvable;

  /** The host, as named in the provider's `hosts`. A change brings the domain there: live where it runs. */
  readonly host: string;

  /** Its initial ramdisk, on the host. A change is in effect after the guest's next start. */
  readonly initrd?: string;

  /**
   * The network interfaces, by a name of yours: each on a network, a bridge or a device. One that is taken away is
   * taken away once the guest has let go of it. One with a `boot` comes at the guest's next start.
   */
  readonly interfaces?: Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable;

  /** A kernel on the host to boot directly. A change is in effect after the guest's next start. */
  readonly kernel?: string;

  /**
   * The machine type: `q35`, `pc`, or one with its version such as `pc-q35-7.2`. A name without a version is the
   * newest that the host had when the domain was defined. Unset: `q35`. A change is in effect after the guest's next
   * start.
   */
  readonly machine?: string;

  /**
   * How far the guest can grow while it runs. Unset: not beyond `vcpu` and `memory`. A change is in effect after the
   * guest's next start.
   */
  readonly maximum?: DomainMaximum | IResolvable;

  /**
   * The memory, in KiB, without `memory_devices`. A change within `maximum.memory` is live, given or taken by the
   * guest's balloon driver; else it is in effect after the guest's next start.
   */
  readonly memory: number;

  /** What of the host's memory the guest's is made of. A change is in effect after the guest's next start. */
  readonly memoryBacking?: DomainMemoryBacking | IResolvable;

  /**
   * Memory plugged in beside `memory`, by a name of yours. It needs `maximum.memory_slots`. A device comes and goes
   * live, as far as the guest lets go of it; at the guest's next start where the slots come or go with it.
   */
  readonly memoryDevices?: Readonly<Record<string, DomainMemoryDevices | IResolvable>> | IResolvable;

  /**
   * Limits of the host's memory, in KiB. The guest's process needs more than the guest has; one that passes
   * `hard_limit` may be killed.
   */
  readonly memtune?: DomainMemtune | IResolvable;

  /** What other tools keep with the domain, by the URI of its XML namespace: one element each. */
  readonly metadata?: Readonly<Record<string, DomainMetadata | IResolvable>> | IResolvable;

  /** How the domain moves while it runs, when `host` changes. */
  readonly migration?: DomainMigration | IResolvable;

  /** The domain's name. A change replaces the object. */
  readonly name: string;

  /**
   * What becomes of a change that a running guest can't take over. `defer`: it is defined and waits for the guest's
   * next start, shown in `pending_restart`. `restart`: the guest is shut down, as `shutdown` says, and started
   * again. `live-only`: the plan fails. One of `live-only`, `defer`, `restart`. Default: `defer`.
   */
  readonly onChange?: string;

  /** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
  readonly serial?: DomainSerial | IResolvable;

  /**
   * How the guest is shut down, when the domain is stopped, restarted, replaced or destroyed. A paused one is
   * resumed for it.
   */
  readonly shutdown?: DomainShutdown | IResolvable;

  /**
   * What the domain is to be, whoever changes it. `saved` keeps its memory on the host's disk (managed save), and
   * from there it goes on as `running` or `paused`; to be `stopped` it is resumed first, so that the guest can shut
   * down. It reads as `crashed` or `suspended` (by the guest itself) where it is that. One of `running`, `paused`,
   * `saved`, `stopped`. Default: `running`.
   */
  readonly state?: string;

  /** A short line for people. */
  readonly title?: string;

  /**
   * What runs the guest's code: `kvm`, or `qemu` in software where a host has no usable KVM. One of `kvm`, `qemu`.
   * Default: `kvm`. A change is in effect after the guest's next start.
   */
  readonly type?: string;

  /** The UUID by which libvirt, and the guest, know the domain. A change replaces the object. */
  readonly uuid?: string;

  /**
   * The number of virtual CPUs. A change within `maximum.vcpu` is live, as far as the guest lets go of what it has;
   * else it is in effect after the guest's next start, as is taking some away from a guest of type `qemu`.
   */
  readonly vcpu: number;

  /**
   * What an apply that starts the guest waits for. Where it does not come in time the guest is left as it is: of a
   * new domain it is a warning, and of one that is there already an error, because Terraform would replace an object
   * whose creation failed. The next apply then waits again.
   */
  readonly waitFor?: DomainWaitFor | IResolvable;

  /**
   * Elements of libvirt's XML that no attribute stands for, by a name of yours. Each is kept through every change,
   * found again by all that is said in it, and taken out when it is taken away. A change is in effect after the
   * guest's next start.
   */
  readonly xml?: Readonly<Record<string, DomainXml | IResolvable>> | IResolvable;
}

/** The share of the host's disks. */
export interface DomainBlkiotune {
  /** The weight against other guests. */
  readonly weight?: number;
}

/**
 * The clock that the guest starts with, and its timers. Unset: UTC. A change is in effect after the guest's next
 * start.
 */
export interface DomainClock {
  /**
   * Seconds that the clock is ahead of `basis`, with offset `variable`. Default: `0`. A change is in effect after
   * the guest's next start.
   */
  readonly adjustment?: number;

  /**
   * What `adjustment` starts from. One of `utc`, `localtime`. Default: `utc`. A change is in effect after the
   * guest's next start.
   */
  readonly basis?: string;

  /**
   * `localtime` is the host's, which Windows wants; `timezone` the one named in `timezone`; `variable` goes by
   * `adjustment`. One of `utc`, `localtime`, `timezone`, `variable`. Default: `utc`. A change is in effect after the
   * guest's next start.
   */
  readonly offset?: string;

  /**
   * The timers, by name: `rtc`, `pit`, `hpet`, `tsc`, `kvmclock`, `hypervclock`, ... A change is in effect after the
   * guest's next start.
   */
  readonly timers?: Readonly<Record<string, DomainClockTimers | IResolvable>> | IResolvable;

  /** The zone, with offset `timezone`: `Europe/Zurich`. A change is in effect after the guest's next start. */
  readonly timezone?: string;
}

/**
 * The timers, by name: `rtc`, `pit`, `hpet`, `tsc`, `kvmclock`, `hypervclock`, ... A change is in effect after the
 * guest's next start.
 */
export interface DomainClockTimers {
  /** The frequency of `tsc`, in Hz. A change is in effect after the guest's next start. */
  readonly frequency?: number;

  /**
   * How `tsc` is made. One of `auto`, `native`, `emulate`, `paravirt`, `smpsafe`. A change is in effect after the
   * guest's next start.
   */
  readonly mode?: string;

  /** Whether the guest has it. Unset: the hypervisor's choice. A change is in effect after the guest's next start. */
  readonly present?: boolean | IResolvable;

  /**
   * What becomes of ticks that were missed. One of `delay`, `catchup`, `merge`, `discard`. A change is in effect
   * after the guest's next start.
   */
  readonly tickpolicy?: string;

  /**
   * What `rtc` follows. One of `boot`, `guest`, `wall`, `realtime`. A change is in effect after the guest's next
   * start.
   */
  readonly track?: string;
}

/**
 * The virtual CPU. Unset: libvirt's own choice, which every host can run. A change is in effect after the guest's
 * next start.
 */
export interface DomainCpu {
  /**
   * `host-passthrough` is the host's CPU itself, `host-model` the nearest named model, `maximum` all that the
   * accelerator can do, `custom` the `model`. One of `host-passthrough`, `host-model`, `maximum`, `custom`. A change
   * is in effect after the guest's next start.
   */
  readonly mode: string;

  /** The model, with mode `custom`: for example `Skylake-Server`. A change is in effect after the guest's next start. */
  readonly model?: string;
}

/** The share of the host's processors. */
export interface DomainCputune {
  /** The length, in µs, over which `emulator_quota` is counted. */
  readonly emulatorPeriod?: number;

  /** How many µs what is not a virtual CPU may run in an `emulator_period`. */
  readonly emulatorQuota?: number;

  /** The host's CPUs on which what is not a virtual CPU may run: `0-3,^2`. */
  readonly emulatorpin?: string;

  /** The length, in µs, over which `quota` is counted. */
  readonly period?: number;

  /** How many µs each virtual CPU may run in a `period`. */
  readonly quota?: number;

  /** The weight against other guests where there is not enough for all. */
  readonly shares?: number;

  /** Where each virtual CPU may run, by its number; of one that the guest does not have yet, as soon as it gets it. */
  readonly vcpupin?: Readonly<Record<string, DomainCputuneVcpupin | IResolvable>> | IResolvable;
}

/** Where each virtual CPU may run, by its number; of one that the guest does not have yet, as soon as it gets it. */
export interface DomainCputuneVcpupin {
  /** The host's CPUs: `0-3,^2`. */
  readonly cpuset: string;
}

/** All other devices. What is unset here is left as it is. A change is in effect after the guest's next start. */
export interface DomainDevices {
  /**
   * How memory is given and taken while the guest runs. Unset: by virtio. A change is in effect after the guest's
   * next start.
   */
  readonly balloon?: DomainDevicesBalloon | IResolvable;

  /**
   * Directories of the host that the guest can mount, by the tag under which it finds them: `mount -t virtiofs TAG
   * /mnt`. One comes and goes live by `virtiofs`, where the guest runs with shared memory; otherwise at the guest's
   * next start.
   */
  readonly filesystems?: Readonly<Record<string, DomainDevicesFilesystems | IResolvable>> | IResolvable;

  /**
   * Devices of the host that are the guest's alone, by a name of yours. Each is one of `pci`, `usb`, `usb_address`
   * and `mdev`. A guest that has one can't move while it runs. One comes and goes live; with a place in the boot
   * order at the guest's next start.
   */
  readonly hostdevs?: Readonly<Record<string, DomainDevicesHostdevs | IResolvable>> | IResolvable;

  /** How the guest says that its system crashed. A change is in effect after the guest's next start. */
  readonly panic?: DomainDevicesPanic | IResolvable;

  /**
   * What gives the guest random numbers. Unset: a new domain gets some from the host's `/dev/urandom`. A change is
   * in effect after the guest's next start.
   */
  readonly rng?: DomainDevicesRng | IResolvable;

  /**
   * The sound card that the guest sees. Unset: none. One of `ich9`, `ich7`, `ich6`, `ac97`, `es1370`, `sb16`, `usb`.
   * A change is in effect after the guest's next start.
   */
  readonly sound?: string;

  /**
   * A tablet, by which a graphical console's pointer is where the viewer's is, and its bus. Unset: none. One of
   * `usb`, `virtio`. A change is in effect after the guest's next start.
   */
  readonly tablet?: string;

  /**
   * A Trusted Platform Module. What an emulated one keeps goes with the domain when that is destroyed. A change is
   * in effect after the guest's next start.
   */
  readonly tpm?: DomainDevicesTpm | IResolvable;

  /**
   * The graphics card. Unset: libvirt's own choice where there is a graphical console. A change is in effect after
   * the guest's next start.
   */
  readonly video?: DomainDevicesVideo | IResolvable;

  /**
   * A socket between the guest and its host that needs no network. A change is in effect after the guest's next
   * start.
   */
  readonly vsock?: DomainDevicesVsock | IResolvable;

  /**
   * What notices that the guest hangs, and does something about it. A change is in effect after the guest's next
   * start.
   */
  readonly watchdog?: DomainDevicesWatchdog | IResolvable;
}

/**
 * How memory is given and taken while the guest runs. Unset: by virtio. A change is in effect after the guest's
 * next start.
 */
export interface DomainDevicesBalloon {
  /**
   * Whether it gives memory back before the guest kills a process for want of it. A change is in effect after the
   * guest's next start.
   */
  readonly autodeflate?: boolean | IResolvable;

  /**
   * Whether the guest says which memory it does not use, so that the host can. A change is in effect after the
   * guest's next start.
   */
  readonly freePageReporting?: boolean | IResolvable;

  /**
   * What the guest sees. `none`: the memory stays as it is. One of `virtio`, `virtio-transitional`,
   * `virtio-non-transitional`, `none`. Default: `virtio`. A change is in effect after the guest's next start.
   */
  readonly model?: string;

  /**
   * Every how many seconds the guest says how it uses its memory. Unset: never. A change is in effect after the
   * guest's next start.
   */
  readonly statsPeriod?: number;
}

/**
 * Directories of the host that the guest can mount, by the tag under which it finds them: `mount -t virtiofs TAG
 * /mnt`. One comes and goes live by `virtiofs`, where the guest runs with shared memory; otherwise at the guest's
 * next start.
 */
export interface DomainDevicesFilesystems {
  /**
   * Who owns what the guest makes there. `passthrough`: the guest's users, by their numbers. The others are for
   * `9p`. One of `passthrough`, `mapped`, `squash`. Default: `passthrough`. A change is in effect after the guest's
   * next start.
   */
  readonly accessMode?: string;

  /**
   * How much `virtiofs` lets the guest keep in its own memory. Unset: virtiofsd's own choice. One of `none`,
   * `always`. A change is in effect after the guest's next start.
   */
  readonly cache?: string;

  /**
   * `virtiofs` needs `memory_backing.access` `shared`; `9p` is slower, and needs nothing. One of `virtiofs`, `9p`.
   * Default: `virtiofs`. A change is in effect after the guest's next start.
   */
  readonly driver?: string;

  /** The length of the queue of `virtiofs`. A change is in effect after the guest's next start. */
  readonly queue?: number;

  /**
   * Whether the guest can only read it. libvirt 9.0 can do that with `9p` alone. Default: `false`. A change is in
   * effect after the guest's next start.
   */
  readonly readOnly?: boolean | IResolvable;

  /** The directory on the host. A change is in effect after the guest's next start. */
  readonly source: string;
}

/**
 * Devices of the host that are the guest's alone, by a name of yours. Each is one of `pci`, `usb`, `usb_address`
 * and `mdev`. A guest that has one can't move while it runs. One comes and goes live; with a place in the boot
 * order at the guest's next start.
 */
export interface DomainDevicesHostdevs {
  /**
   * Its place in the order in which the firmware tries to boot, see `boot` of `disks`. A change is in effect after
   * the guest's next start.
   */
  readonly boot?: number;

  /**
   * Whether libvirt takes a PCI device from the host's driver, and gives it back. Default: `true`. A change is in
   * effect after the guest's next start.
   */
  readonly managed?: boolean | IResolvable;

  /**
   * The UUID of a mediated device, for example a part of a graphics card. A change is in effect after the guest's
   * next start.
   */
  readonly mdev?: string;

  /**
   * The address of a PCI device, as `lspci -D` says it: `0000:05:00.0`. A change is in effect after the guest's next
   * start.
   */
  readonly pci?: string;

  /**
   * Whether the guest sees a PCI device's ROM. Unset: QEMU's choice. A change is in effect after the guest's next
   * start.
   */
  readonly romBar?: boolean | IResolvable;

  /** A file on the host that stands for a PCI device's ROM. A change is in effect after the guest's next start. */
  readonly romFile?: string;

  /**
   * The vendor and product of a USB device, as `lsusb` says them: `1d6b:0002`. A change is in effect after the
   * guest's next start.
   */
  readonly usb?: string;

  /**
   * The bus and number of a USB device, where there are several alike: `1:4`. The host gives another number each
   * time that it is plugged in. A change is in effect after the guest's next start.
   */
  readonly usbAddress?: string;
}

/** How the guest says that its system crashed. A change is in effect after the guest's next start. */
export interface DomainDevicesPanic {
  /**
   * `isa` for Linux on x86, `hyperv` for Windows. One of `isa`, `hyperv`, `pseries`, `s390`, `pvpanic`. A change is
   * in effect after the guest's next start.
   */
  readonly model: string;
}

/**
 * What gives the guest random numbers. Unset: a new domain gets some from the host's `/dev/urandom`. A change is
 * in effect after the guest's next start.
 */
export interface DomainDevicesRng {
  /**
   * `random` is the host's `device`, `builtin` QEMU's own. One of `random`, `builtin`. Default: `random`. A change
   * is in effect after the guest's next start.
   */
  readonly backend?: string;

  /**
   * The host's device: `/dev/urandom`, `/dev/hwrng`. Unset: libvirt's choice. A change is in effect after the
   * guest's next start.
   */
  readonly device?: string;

  /**
   * What the guest sees. `none`: nothing. One of `virtio`, `virtio-transitional`, `virtio-non-transitional`, `none`.
   * Default: `virtio`. A change is in effect after the guest's next start.
   */
  readonly model?: string;

  /**
   * How many bytes the guest gets in each `rate_period`. Unset: as many as it asks for. A change is in effect after
   * the guest's next start.
   */
  readonly rateBytes?: number;

  /** The period, in ms. Unset: a second. A change is in effect after the guest's next start. */
  readonly ratePeriod?: number;
}

/**
 * A Trusted Platform Module. What an emulated one keeps goes with the domain when that is destroyed. A change is
 * in effect after the guest's next start.
 */
export interface DomainDevicesTpm {
  /**
   * `emulator` is one of the guest's own, made by swtpm on the host; `passthrough` is the host's. One of `emulator`,
   * `passthrough`. Default: `emulator`. A change is in effect after the guest's next start.
   */
  readonly backend?: string;

  /**
   * The host's device that is passed through. Unset: libvirt's choice, `/dev/tpm0`. A change is in effect after the
   * guest's next start.
   */
  readonly device?: string;

  /**
   * The UUID of the libvirt secret with which it is encrypted on the host's disk. It can't be changed later. A
   * change is in effect after the guest's next start.
   */
  readonly encryptionSecretUuid?: string;

  /**
   * What the guest sees. Unset: libvirt's choice, on x86 `tpm-tis`. One of `tpm-tis`, `tpm-crb`, `tpm-spapr`. A
   * change is in effect after the guest's next start.
   */
  readonly model?: string;

  /**
   * Whether libvirt keeps what an emulated one holds also where a definition goes only for a time. Default: `false`.
   * A change is in effect after the guest's next start.
   */
  readonly persistentState?: boolean | IResolvable;

  /**
   * The version of an emulated one. One of `1.2`, `2.0`. Default: `2.0`. A change is in effect after the guest's
   * next start.
   */
  readonly version?: string;
}

/**
 * The graphics card. Unset: libvirt's own choice where there is a graphical console. A change is in effect after
 * the guest's next start.
 */
export interface DomainDevicesVideo {
  /**
   * Whether the guest draws with the host's card, with `virtio`. Default: `false`. A change is in effect after the
   * guest's next start.
   */
  readonly accel3d?: boolean | IResolvable;

  /** How many screens it has. Default: `1`. A change is in effect after the guest's next start. */
  readonly heads?: number;

  /**
   * What the guest sees. `none`: no card, also with a console. One of `virtio`, `qxl`, `vga`, `cirrus`, `bochs`,
   * `ramfb`, `none`. A change is in effect after the guest's next start.
   */
  readonly model: string;

  /** Its memory, in KiB. Unset: what libvirt gives the model. A change is in effect after the guest's next start. */
  readonly vram?: number;
}

/**
 * A socket between the guest and its host that needs no network. A change is in effect after the guest's next
 * start.
 */
export interface DomainDevicesVsock {
  /**
   * The guest's number on its host. Unset: libvirt chooses a free one at each start. A change is in effect after the
   * guest's next start.
   */
  readonly cid?: number;
}

/**
 * What notices that the guest hangs, and does something about it. A change is in effect after the guest's next
 * start.
 */
export interface DomainDevicesWatchdog {
  /**
   * What is done to a guest that hangs. One of `reset`, `shutdown`, `poweroff`, `pause`, `none`, `dump`,
   * `inject-nmi`. Default: `reset`. A change is in effect after the guest's next start.
   */
  readonly action?: string;

  /**
   * What the guest sees: `i6300esb` where there is PCI. libvirt 9.0 does not know `itco`. One of `i6300esb`,
   * `ib700`, `diag288`, `itco`. A change is in effect after the guest's next start.
   */
  readonly model: string;
}

/**
 * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. One that is taken away is taken away once
 * the guest has let go of it. An entry on `sata` or `ide` comes and goes at the guest's next start; the first on
 * `scsi`, and one with a `boot`, come then.
 */
export interface DomainDisks {
  /**
   * Its place in the order in which the firmware tries to boot. Where no device has one the first disk by name is
   * tried, and nothing else. A change is in effect after the guest's next start.
   */
  readonly boot?: number;

  /**
   * How it is attached. A cdrom can't be on `virtio`. One of `virtio`, `sata`, `scsi`, `ide`, `usb`. Default:
   * `virtio`. A change is in effect after the guest's next start.
   */
  readonly bus?: string;

  /**
   * How the host caches it. Unset: QEMU's own choice, `writeback`. One of `none`, `writethrough`, `writeback`,
   * `directsync`, `unsafe`. A change is in effect after the guest's next start.
   */
  readonly cache?: string;

  /**
   * What the guest sees. One of `disk`, `cdrom`. Default: `disk`. A change is in effect after the guest's next
   * start.
   */
  readonly device?: string;

  /**
   * The image's path on the host, for example a volume's `path`. A cdrom without a file or `source` is an empty
   * drive. Of a disk that is no cdrom it is in effect after the guest's next start.
   */
  readonly file?: string;

  /**
   * The image's format. What is no `file` most often is `raw`. One of `qcow2`, `raw`. Default: `qcow2`. It is in
   * effect after the guest's next start, but for a cdrom whose medium changes with it.
   */
  readonly format?: string;

  /** How much the guest may read and write. A total goes without its read and write. */
  readonly iotune?: DomainDisksIotune | IResolvable;

  /** What most disks are without. */
  readonly options?: DomainDisksOptions | IResolvable;

  /** What it is in place of a `file`: a block device, or storage on a network. And what opens an encrypted one. */
  readonly source?: DomainDisksSource | IResolvable;

  /**
   * The pool in which a copy of the disk is made when the guest moves to a host that does not share its storage.
   * Unset: the one of the same name as on the host it leaves.
   */
  readonly targetPool?: string;
}

/** How much the guest may read and write. A total goes without its read and write. */
export interface DomainDisksIotune {
  /** Bytes a second, read. */
  readonly readBytesSec?: number;

  /** Bytes a second for a moment, where `read_bytes_sec` was not used up before. */
  readonly readBytesSecMax?: number;

  /** Seconds for which it may be `read_bytes_sec_max`. Unset: 1. */
  readonly readBytesSecMaxLength?: number;

  /** Operations a second, read. */
  readonly readIopsSec?: number;

  /** Operations a second for a moment, where `read_iops_sec` was not used up before. */
  readonly readIopsSecMax?: number;

  /** Seconds for which it may be `read_iops_sec_max`. Unset: 1. */
  readonly readIopsSecMaxLength?: number;

  /** Bytes a second, read and written together. */
  readonly totalBytesSec?: number;

  /** Bytes a second for a moment, where `total_bytes_sec` was not used up before. */
  readonly totalBytesSecMax?: number;

  /** Seconds for which it may be `total_bytes_sec_max`. Unset: 1. */
  readonly totalBytesSecMaxLength?: number;

  /** Operations a second, read and written together. */
  readonly totalIopsSec?: number;

  /** Operations a second for a moment, where `total_iops_sec` was not used up before. */
  readonly totalIopsSecMax?: number;

  /** Seconds for which it may be `total_iops_sec_max`. Unset: 1. */
  readonly totalIopsSecMaxLength?: number;

  /** Bytes a second, written. */
  readonly writeBytesSec?: number;

  /** Bytes a second for a moment, where `write_bytes_sec` was not used up before. */
  readonly writeBytesSecMax?: number;

  /** Seconds for which it may be `write_bytes_sec_max`. Unset: 1. */
  readonly writeBytesSecMaxLength?: number;

  /** Operations a second, written. */
  readonly writeIopsSec?: number;

  /** Operations a second for a moment, where `write_iops_sec` was not used up before. */
  readonly writeIopsSecMax?: number;

  /** Seconds for which it may be `write_iops_sec_max`. Unset: 1. */
  readonly writeIopsSecMaxLength?: number;
}

/** What most disks are without. */
export interface DomainDisksOptions {
  /**
   * Whether zeroes that the guest writes take room; `unmap` needs a `discard` of its own. Unset: they do. One of
   * `off`, `on`, `unmap`. A change is in effect after the guest's next start.
   */
  readonly detectZeroes?: string;

  /**
   * Whether the room that the guest gives up (TRIM) is given back to the host. Unset: `ignore`. One of `unmap`,
   * `ignore`. A change is in effect after the guest's next start.
   */
  readonly discard?: string;

  /**
   * How QEMU reads and writes. `native` needs a `cache` of `none` or `directsync`. Unset: QEMU's own choice,
   * `threads`. One of `native`, `threads`, `io_uring`. A change is in effect after the guest's next start.
   */
  readonly io?: string;

  /**
   * On `virtio`: how many queues the guest has for it. Unset: QEMU's own choice, one a virtual CPU. A change is in
   * effect after the guest's next start.
   */
  readonly queues?: number;

  /**
   * Whether the guest can only read it. A cdrom always is so. Default: `false`. A change is in effect after the
   * guest's next start.
   */
  readonly readOnly?: boolean | IResolvable;

  /**
   * The serial number that the guest sees, by which `/dev/disk/by-id` knows it. A guest may see the first 20
   * characters only. A change is in effect after the guest's next start.
   */
  readonly serial?: string;

  /**
   * Whether other guests may have it, too. They must know of each other, as cluster file systems do. It needs
   * `format = "raw"`. Default: `false`. A change is in effect after the guest's next start.
   */
  readonly shareable?: boolean | IResolvable;
}

/** What it is in place of a `file`: a block device, or storage on a network. And what opens an encrypted one. */
export interface DomainDisksSource {
  /**
   * A block device's path on the host, for example that of a volume in a `logical` pool. Of a disk that is no cdrom
   * it is in effect after the guest's next start.
   */
  readonly block?: string;

  /**
   * A `ceph.conf` on the host, with `rbd`; it may take the place of `hosts`. Of a disk that is no cdrom it is in
   * effect after the guest's next start.
   */
  readonly config?: string;

  /**
   * The UUID of the libvirt secret on the host that opens what is encrypted with LUKS, or the name of its usage;
   * this goes with a `file`, too. It is in effect after the guest's next start, but for a cdrom whose medium changes
   * with it.
   */
  readonly encryptionSecret?: string;

  /**
   * Where it is, by name or address; with `rbd` the monitors. Only `rbd` and `gluster` take several. Of a disk that
   * is no cdrom it is in effect after the guest's next start.
   */
  readonly hosts?: Readonly<Record<string, DomainDisksSourceHosts | IResolvable>> | IResolvable;

  /**
   * The IQN under which the target knows the host, with `iscsi`. Of a disk that is no cdrom it is in effect after
   * the guest's next start.
   */
  readonly initiator?: string;

  /**
   * What it is called there: `pool/image` with `rbd`, `iqn.../lun` with `iscsi`, `volume/path` with `gluster`, an
   * export with `nbd`, a path with the others. Of a disk that is no cdrom it is in effect after the guest's next
   * start.
   */
  readonly name?: string;

  /**
   * The pool of a `volume`, on the same host. A `file` is better: it moves with the guest. Of a disk that is no
   * cdrom it is in effect after the guest's next start.
   */
  readonly pool?: string;

  /**
   * How QEMU itself reaches storage on the network. `http`, `https`, `ftp` and `ftps` can only be read. One of
   * `rbd`, `iscsi`, `nbd`, `gluster`, `http`, `https`, `ftp`, `ftps`. Of a disk that is no cdrom it is in effect
   * after the guest's next start.
   */
  readonly protocol?: string;

  /**
   * The UUID of the libvirt secret on the host that holds the key or password, or the name of its usage. Of a disk
   * that is no cdrom it is in effect after the guest's next start.
   */
  readonly secret?: string;

  /**
   * In place of `hosts`, with `nbd` and `gluster`: a Unix socket on the host. Of a disk that is no cdrom it is in
   * effect after the guest's next start.
   */
  readonly socket?: string;

  /**
   * Whether `nbd` is encrypted, with the certificates that the host's `qemu.conf` names. Default: `false`. Of a disk
   * that is no cdrom it is in effect after the guest's next start.
   */
  readonly tls?: boolean | IResolvable;

  /** Who logs in, with `rbd` and `iscsi`. Of a disk that is no cdrom it is in effect after the guest's next start. */
  readonly username?: string;

  /**
   * Whether the certificate is checked, with `https` and `ftps`. Default: `true`. Of a disk that is no cdrom it is
   * in effect after the guest's next start.
   */
  readonly verify?: boolean | IResolvable;

  /** The name of a volume in the `pool`. Of a disk that is no cdrom it is in effect after the guest's next start. */
  readonly volume?: string;
}

/**
 * Where it is, by name or address; with `rbd` the monitors. Only `rbd` and `gluster` take several. Of a disk that
 * is no cdrom it is in effect after the guest's next start.
 */
export interface DomainDisksSourceHosts {
  /**
   * Its TCP port. Unset: the protocol's own; 0 is one that libvirt leaves open. Of a disk that is no cdrom it is in
   * effect after the guest's next start.
   */
  readonly port?: number;
}

/**
 * What is special of the firmware `efi`. Variables are kept through every change, each kind in a file of its own:
 * those with secure boot and those without know nothing of each other.
 */
export interface DomainEfi {
  /**
   * The firmware image on the host. Unset: libvirt chooses one from what the host has. Another one goes on with the
   * variables that there are, or with `nvram` has some of its own. A change is in effect after the guest's next
   * start.
   */
  readonly loader?: string;

  /**
   * The file on the host that holds the domain's variables, made where it is missing and removed with the domain.
   * Unset: one that libvirt keeps. A change is in effect after the guest's next start.
   */
  readonly nvram?: string;

  /**
   * With a `loader`: the file on the host that its variables are a copy of. Unset: what libvirt knows of that
   * loader. A change is in effect after the guest's next start.
   */
  readonly nvramTemplate?: string;

  /**
   * Whether only signed systems start: with the keys of the firmware's maker enrolled, and protected from the guest
   * (SMM). It needs a `q35` machine. Default: `false`. A change is in effect after the guest's next start.
   */
  readonly secureBoot?: boolean | IResolvable;
}

/**
 * What the machine and its hypervisor can do. Unset: ACPI and APIC. A change is in effect after the guest's next
 * start.
 */
export interface DomainFeatures {
  /**
   * ACPI. Without it a guest hears no power button. Default: `true`. A change is in effect after the guest's next
   * start.
   */
  readonly acpi?: boolean | IResolvable;

  /**
   * The interrupt controller that more than one processor needs, on x86. Default: `true`. A change is in effect
   * after the guest's next start.
   */
  readonly apic?: boolean | IResolvable;

  /** What Windows is offered by the name of Hyper-V. A change is in effect after the guest's next start. */
  readonly hyperv?: DomainFeaturesHyperv | IResolvable;

  /**
   * What runs the I/O APIC. Unset: the hypervisor's choice. One of `kvm`, `qemu`. A change is in effect after the
   * guest's next start.
   */
  readonly ioapic?: string;

  /** Whether the guest is not told that it runs on KVM. A change is in effect after the guest's next start. */
  readonly kvmHidden?: boolean | IResolvable;

  /** More than 4 GiB for a 32-bit guest. Default: `false`. A change is in effect after the guest's next start. */
  readonly pae?: boolean | IResolvable;

  /** The processor's performance counters. A change is in effect after the guest's next start. */
  readonly pmu?: boolean | IResolvable;

  /**
   * System Management Mode, which secure boot needs. Unset: as the firmware needs it. A change is in effect after
   * the guest's next start.
   */
  readonly smm?: boolean | IResolvable;

  /** A place where the guest says where its crash dump is. A change is in effect after the guest's next start. */
  readonly vmcoreinfo?: boolean | IResolvable;

  /** The port on which QEMU answers as VMware does. A change is in effect after the guest's next start. */
  readonly vmport?: boolean | IResolvable;
}

/** What Windows is offered by the name of Hyper-V. A change is in effect after the guest's next start. */
export interface DomainFeaturesHyperv {
  /** For Hyper-V in the guest. A change is in effect after the guest's next start. */
  readonly evmcs?: boolean | IResolvable;

  /** The frequencies of processor and interrupt controller. A change is in effect after the guest's next start. */
  readonly frequencies?: boolean | IResolvable;

  /** Interrupts between processors by the hypervisor. A change is in effect after the guest's next start. */
  readonly ipi?: boolean | IResolvable;

  /**
   * `passthrough` is all that the host can, `custom` what is set here. One of `custom`, `passthrough`. Default:
   * `custom`. A change is in effect after the guest's next start.
   */
  readonly mode?: string;

  /** Notes of a migration, for guests in the guest. A change is in effect after the guest's next start. */
  readonly reenlightenment?: boolean | IResolvable;

  /** No watchdog over timers. A change is in effect after the guest's next start. */
  readonly relaxed?: boolean | IResolvable;

  /** A way for the guest to reset the machine. A change is in effect after the guest's next start. */
  readonly reset?: boolean | IResolvable;

  /** How long a virtual processor has run. A change is in effect after the guest's next start. */
  readonly runtime?: boolean | IResolvable;

  /**
   * How often the guest tries for a lock before it tells the hypervisor: `8191` is usual. A change is in effect
   * after the guest's next start.
   */
  readonly spinlocks?: number;

  /**
   * Timers of its own. They need `synic`, and the timer `hypervclock`. A change is in effect after the guest's next
   * start.
   */
  readonly stimer?: boolean | IResolvable;

  /** Interrupts of its own. It needs `vpindex`. A change is in effect after the guest's next start. */
  readonly synic?: boolean | IResolvable;

  /** Flushes of the translation buffer by the hypervisor. A change is in effect after the guest's next start. */
  readonly tlbflush?: boolean | IResolvable;

  /** A faster interrupt controller. A change is in effect after the guest's next start. */
  readonly vapic?: boolean | IResolvable;

  /** What the hypervisor calls itself: at most 12 characters. A change is in effect after the guest's next start. */
  readonly vendorId?: string;

  /** The number of a virtual processor. A change is in effect after the guest's next start. */
  readonly vpindex?: boolean | IResolvable;
}

/** A graphical console. A change is in effect after the guest's next start. */
export interface DomainGraphics {
  /**
   * The host's address that it listens on; `host` is what the host's qemu.conf says. Default: `127.0.0.1`. A change
   * is in effect after the guest's next start.
   */
  readonly listen?: string;

  /**
   * Its password, with a `password_version`; with `vnc` it has at most 8 characters. It is kept in no plan and no
   * state: it is written when this is made, and again when `password_version` changes.
   *
   * Sensitive: Terraform doesn't show it.
   *
   * Write-only: Terraform doesn't keep it in its state.
   */
  readonly password?: string;

  /**
   * To be set with `password`, and to be raised with each new one: begin with 1. Where somebody has taken the
   * password away it reads as null. Another password is live; whether there is one is in effect after the guest's
   * next start.
   */
  readonly passwordVersion?: number;

  /** Its port. Unset: libvirt chooses a free one at each start. A change is in effect after the guest's next start. */
  readonly port?: number;

  /** Its protocol. One of `vnc`, `spice`. A change is in effect after the guest's next start. */
  readonly type: string;
}

/**
 * The network interfaces, by a name of yours: each on a network, a bridge or a device. One that is taken away is
 * taken away once the guest has let go of it. One with a `boot` comes at the guest's next start.
 */
export interface DomainInterfaces {
  /** How much may go through. `inbound` is what comes to the guest. */
  readonly bandwidth?: DomainInterfacesBandwidth | IResolvable;

  /**
   * Its place in the order in which the firmware tries to boot, see `boot` of `disks`. A change is in effect after
   * the guest's next start.
   */
  readonly boot?: number;

  /**
   * In place of a network: the name of a bridge on the host. To a device or a bridge of Open vSwitch, or from one,
   * it is in effect after the guest's next start.
   */
  readonly bridge?: string;

  /** In place of a network: a device of the host, by macvtap. A change is in effect after the guest's next start. */
  readonly direct?: DomainInterfacesDirect | IResolvable;

  /** The network filter (nwfilter) on the host that says what the guest may send and receive: `clean-traffic`, ... */
  readonly filter?: string;

  /** What the filter asks for, by name: `IP`, `CTRL_IP_LEARNING`, ... */
  readonly filterParameters?: Readonly<Record<string, DomainInterfacesFilterParameters | IResolvable>> | IResolvable;

  /** Whether it does not reach the other interfaces of its bridge that are isolated. */
  readonly isolated?: boolean | IResolvable;

  /** Whether the cable is plugged in, as the guest sees it. Unset: `up`. One of `up`, `down`. */
  readonly link?: string;

  /** The MAC address. Unset: libvirt chooses one, once. A change is in effect after the guest's next start. */
  readonly mac?: string;

  /**
   * What the guest sees: `virtio`, `e1000e`, ... Default: `virtio`. A change is in effect after the guest's next
   * start.
   */
  readonly model?: string;

  /**
   * The size of the largest packet, in bytes. Unset: its network's. A change is in effect after the guest's next
   * start.
   */
  readonly mtu?: number;

  /**
   * The name of the network, on the same host. To a device or a bridge of Open vSwitch, or from one, it is in effect
   * after the guest's next start.
   */
  readonly network?: string;

  /**
   * The group of the network's ports. Unset: its default. But with another `network` it is in effect after the
   * guest's next start.
   */
  readonly portgroup?: string;

  /**
   * How many of its processors a guest can use for it at once, with `virtio`. Unset: 1. A change is in effect after
   * the guest's next start.
   */
  readonly queues?: number;

  /**
   * What kind of switch the bridge is, where it is none of Linux's own. One of `openvswitch`. A change is in effect
   * after the guest's next start.
   */
  readonly virtualport?: string;

  /** The VLANs that it is in, on a bridge of Open vSwitch or on a virtual function. */
  readonly vlan?: DomainInterfacesVlan | IResolvable;
}

/** How much may go through. `inbound` is what comes to the guest. */
export interface DomainInterfacesBandwidth {
  /** Kilobytes a second that may come to the guest in the long run. */
  readonly inboundAverage?: number;

  /** KiB that may come at `inbound_peak`. */
  readonly inboundBurst?: number;

  /** Kilobytes a second that may come at most. */
  readonly inboundPeak?: number;

  /** Kilobytes a second that may go from the guest in the long run. */
  readonly outboundAverage?: number;

  /** KiB that may go at `outbound_peak`. */
  readonly outboundBurst?: number;

  /** Kilobytes a second that may go at most. */
  readonly outboundPeak?: number;
}

/** In place of a network: a device of the host, by macvtap. A change is in effect after the guest's next start. */
export interface DomainInterfacesDirect {
  /** The device, for example `eth0`. A change is in effect after the guest's next start. */
  readonly dev: string;

  /**
   * Whom else it reaches: guests on the same device (`bridge`), nobody there (`private`), whom the switch lets it
   * (`vepa`); or it has the device for itself (`passthrough`). One of `bridge`, `private`, `vepa`, `passthrough`.
   * Default: `bridge`. A change is in effect after the guest's next start.
   */
  readonly mode?: string;
}

/** What the filter asks for, by name: `IP`, `CTRL_IP_LEARNING`, ... */
export interface DomainInterfacesFilterParameters {
  /** Its value; of a list, all of them. */
  readonly values: readonly string[];
}

/** The VLANs that it is in, on a bridge of Open vSwitch or on a virtual function. */
export interface DomainInterfacesVlan {
  /**
   * The tags, from 0 to 4095: one is taken off and put on, several are a trunk, on which the guest sees them. The
   * first, or none any more, is in effect after the guest's next start.
   */
  readonly tags: readonly string[];

  /**
   * Whether a single tag is a trunk as well. Several always are. The first, or none any more, is in effect after the
   * guest's next start.
   */
  readonly trunk?: boolean | IResolvable;
}

/**
 * How far the guest can grow while it runs. Unset: not beyond `vcpu` and `memory`. A change is in effect after the
 * guest's next start.
 */
export interface DomainMaximum {
  /**
   * The most memory that the balloon can give, in KiB. The guest boots with all of it and gives back what is beyond
   * `memory` as soon as its driver runs. A change is in effect after the guest's next start.
   */
  readonly memory?: number;

  /** How many memory devices it can have. A change is in effect after the guest's next start. */
  readonly memorySlots?: number;

  /** The most memory with all devices, in KiB. A change is in effect after the guest's next start. */
  readonly memoryWithDevices?: number;

  /**
   * The most virtual CPUs. All but the first can then be taken away again. A change is in effect after the guest's
   * next start.
   */
  readonly vcpu?: number;
}

/** What of the host's memory the guest's is made of. A change is in effect after the guest's next start. */
export interface DomainMemoryBacking {
  /**
   * `shared` is what `virtiofs` and vhost-user need, with source `memfd` or `file`. Unset: `private`. One of
   * `private`, `shared`. A change is in effect after the guest's next start.
   */
  readonly access?: string;

  /**
   * When the host has to have it. Unset: `ondemand`. One of `immediate`, `ondemand`. A change is in effect after the
   * guest's next start.
   */
  readonly allocation?: string;

  /**
   * Whether what is in it is thrown away, not written to the file, when the guest ends. Default: `false`. A change
   * is in effect after the guest's next start.
   */
  readonly discard?: boolean | IResolvable;

  /**
   * How large they are, in KiB: `2048`, `1048576`. Unset: the host's default. A change is in effect after the
   * guest's next start.
   */
  readonly hugepageSize?: number;

  /**
   * Whether it is made of huge pages, which the host has to have set aside. Default: `false`. A change is in effect
   * after the guest's next start.
   */
  readonly hugepages?: boolean | IResolvable;

  /**
   * Whether the host never swaps it out. It needs a `memtune.hard_limit`, or the host's leave. Default: `false`. A
   * change is in effect after the guest's next start.
   */
  readonly locked?: boolean | IResolvable;

  /**
   * Whether the host does not look for pages that guests have alike. Default: `false`. A change is in effect after
   * the guest's next start.
   */
  readonly nosharepages?: boolean | IResolvable;

  /**
   * Where it comes from. Unset: `anonymous`. One of `anonymous`, `file`, `memfd`. A change is in effect after the
   * guest's next start.
   */
  readonly source?: string;
}

/**
 * Memory plugged in beside `memory`, by a name of yours. It needs `maximum.memory_slots`. A device comes and goes
 * live, as far as the guest lets go of it; at the guest's next start where the slots come or go with it.
 */
export interface DomainMemoryDevices {
  /** The guest's NUMA node that it belongs to. Default: `0`. A change is in effect after the guest's next start. */
  readonly node?: number;

  /** Its size, in KiB. A change is in effect after the guest's next start. */
  readonly size: number;
}

/**
 * Limits of the host's memory, in KiB. The guest's process needs more than the guest has; one that passes
 * `hard_limit` may be killed.
 */
export interface DomainMemtune {
  /** The most memory. */
  readonly hardLimit?: number;

  /** The most where the host runs short. */
  readonly softLimit?: number;

  /** The most memory and swap together. */
  readonly swapHardLimit?: number;
}

/** What other tools keep with the domain, by the URI of its XML namespace: one element each. */
export interface DomainMetadata {
  /** The prefix that stands for the namespace in libvirt's XML. */
  readonly prefix: string;

  /** The element, without a prefix: `<owner team="storage"/>`. Blanks between elements don't count. */
  readonly xml: string;
}

/** How the domain moves while it runs, when `host` changes. */
export interface DomainMigration {
  /** Whether the guest is slowed down where it changes its memory faster than that can be sent. */
  readonly autoConverge?: boolean | IResolvable;

  /** MiB a second that the memory, and each disk that is copied, may take. Unset: no limit. */
  readonly bandwidth?: number;

  /**
   * How memory is compressed on its way. `zlib` and `zstd` go over parallel connections, and are unknown to libvirt
   * 9.0. One of `xbzrle`, `zlib`, `zstd`.
   */
  readonly compression?: string;

  /** Milliseconds that the guest may pause at the end. Unset: QEMU's own 300. */
  readonly downtime?: number;

  /**
   * `abort` leaves the guest where it is, `suspend` pauses it until it has arrived, `force` sends it over at once:
   * by post-copy where that is allowed, otherwise with as long a pause as it takes. Unset: `abort`. One of `abort`,
   * `suspend`, `force`.
   */
  readonly onTimeout?: string;

  /** Over how many connections memory is sent. Unset: one. */
  readonly parallelConnections?: number;

  /**
   * Whether the guest may go on at its destination before all its memory is there, when it has not arrived in time.
   * It is lost if the connection then is.
   */
  readonly postCopy?: boolean | IResolvable;

  /**
   * Whether the hosts share the disks. `auto` goes by the pools that they are in: those of one network storage are
   * shared, and what is in others is copied. `shared` and `copy` say so for all. Unset: `auto`. One of `auto`,
   * `shared`, `copy`.
   */
  readonly storage?: string;

  /** Seconds after which `on_timeout` is done. Unset: it may take as long as it does. */
  readonly timeout?: number;

  /** Whether memory and disks are encrypted on their way, with the certificates that the hosts' `qemu.conf` names. */
  readonly tls?: boolean | IResolvable;
}

/** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
export interface DomainSerial {
  /**
   * Whether the log goes on through a restart; otherwise each start begins it anew. Default: `false`. A change is in
   * effect after the guest's next start.
   */
  readonly logAppend?: boolean | IResolvable;

  /**
   * A file on the host that gets all that the guest writes to it. A change is in effect after the guest's next
   * start.
   */
  readonly logFile?: string;
}

/**
 * How the guest is shut down, when the domain is stopped, restarted, replaced or destroyed. A paused one is
 * resumed for it.
 */
export interface DomainShutdown {
  /**
   * How it is asked: by the power button or by the guest agent. Unset: libvirt's choice, the agent where it is
   * connected. One of `acpi`, `agent`.
   */
  readonly mode?: string;

  /**
   * What happens after that. `force`: its power is cut. `fail`: it keeps running, and what was to be done to it is
   * an error. One of `force`, `fail`. Default: `force`.
   */
  readonly onTimeout?: string;

  /**
   * How many seconds the guest has. 0 cuts its power at once, and discards the memory of a saved one. The same where
   * the group is unset. Default: `30`.
   */
  readonly timeout?: number;
}

/**
 * What an apply that starts the guest waits for. Where it does not come in time the guest is left as it is: of a
 * new domain it is a warning, and of one that is there already an error, because Terraform would replace an object
 * whose creation failed. The next apply then waits again.
 */
export interface DomainWaitFor {
  /** The interface, by its name in `interfaces`, that is to have an IP address; `any` is whichever has one first. */
  readonly address?: string;

  /** Whether the guest agent is to be connected. */
  readonly guestAgent?: boolean | IResolvable;

  /**
   * How addresses are known. `lease`: the networks of the host itself gave them. `agent`: the guest agent says so.
   * `arp`: the host has heard of them. One of `lease`, `agent`, `arp`. Default: `lease`.
   */
  readonly source?: string;

  /** How many seconds to wait. Default: `300`. */
  readonly timeout?: number;
}

/**
 * Elements of libvirt's XML that no attribute stands for, by a name of yours. Each is kept through every change,
 * found again by all that is said in it, and taken out when it is taken away. A change is in effect after the
 * guest's next start.
 */
export interface DomainXml {
  /**
   * The element, spelled as libvirt gives it back: `<hub type="usb"/>`. What libvirt adds to it is no difference. A
   * prefix is declared in it: `<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">`. A change
   * is in effect after the guest's next start.
   */
  readonly element: string;

  /**
   * The path of the element that it stands in, below `domain`: `devices`, `cpu`, `features`. Empty: `domain` itself.
   * Default: ``. A change is in effect after the guest's next start.
   */
  readonly under?: string;
}

/**
 * A virtual machine. Changes are made in its definition, which keeps all that is not named here; what a running
 * guest can't take over at once waits for its next start, or as `on_change` says. Destroying it shuts the guest
 * down and removes the definition; its volumes stay.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatdomain.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class Domain extends TerraformResource {
  public static readonly tfResourceType = "libvirt_domain";

  /**
   * Writes an import block. `cdktf diff` then shows the configuration of the existing object.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId the id that `terraform import` takes
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: Domain.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<DomainConfig>;

  constructor(scope: Construct, id: string, config: DomainConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Domain.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** The CPU architecture. Unset: the host's. A change replaces the object. */
  public get arch(): string {
    return this.getStringAttribute("arch");
  }

  public set arch(value: string | undefined) {
    this.inputs.arch = value;
  }

  public get archInput(): string | undefined {
    return this.inputs.arch;
  }

  /** Whether libvirt starts the domain when the host starts. Default: `false`. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  public set autostart(value: boolean | IResolvable | undefined) {
    this.inputs.autostart = value;
  }

  public get autostartInput(): boolean | IResolvable | undefined {
    return this.inputs.autostart;
  }

  /** The share of the host's disks. */
  public get blkiotune(): IResolvable {
    return this.interpolationForAttribute("blkiotune");
  }

  public set blkiotune(value: DomainBlkiotune | IResolvable | undefined) {
    this.inputs.blkiotune = value;
  }

  public get blkiotuneInput(): DomainBlkiotune | IResolvable | undefined {
    return this.inputs.blkiotune;
  }

  /**
   * The clock that the guest starts with, and its timers. Unset: UTC. A change is in effect after the guest's next
   * start.
   */
  public get clock(): IResolvable {
    return this.interpolationForAttribute("clock");
  }

  public set clock(value: DomainClock | IResolvable | undefined) {
    this.inputs.clock = value;
  }

  public get clockInput(): DomainClock | IResolvable | undefined {
    return this.inputs.clock;
  }

  /** Its command line. A change is in effect after the guest's next start. */
  public get cmdline(): string {
    return this.getStringAttribute("cmdline");
  }

  public set cmdline(value: string | undefined) {
    this.inputs.cmdline = value;
  }

  public get cmdlineInput(): string | undefined {
    return this.inputs.cmdline;
  }

  /**
   * The virtual CPU. Unset: libvirt's own choice, which every host can run. A change is in effect after the guest's
   * next start.
   */
  public get cpu(): IResolvable {
    return this.interpolationForAttribute("cpu");
  }

  public set cpu(value: DomainCpu | IResolvable | undefined) {
    this.inputs.cpu = value;
  }

  public get cpuInput(): DomainCpu | IResolvable | undefined {
    return this.inputs.cpu;
  }

  /** The share of the host's processors. */
  public get cputune(): IResolvable {
    return this.interpolationForAttribute("cputune");
  }

  public set cputune(value: DomainCputune | IResolvable | undefined) {
    this.inputs.cputune = value;
  }

  public get cputuneInput(): DomainCputune | IResolvable | undefined {
    return this.inputs.cputune;
  }

  /** A text for people. */
  public get description(): string {
    return this.getStringAttribute("description");
  }

  public set description(value: string | undefined) {
    this.inputs.description = value;
  }

  public get descriptionInput(): string | undefined {
    return this.inputs.description;
  }

  /** All other devices. What is unset here is left as it is. A change is in effect after the guest's next start. */
  public get devices(): IResolvable {
    return this.interpolationForAttribute("devices");
  }

  public set devices(value: DomainDevices | IResolvable | undefined) {
    this.inputs.devices = value;
  }

  public get devicesInput(): DomainDevices | IResolvable | undefined {
    return this.inputs.devices;
  }

  /**
   * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. One that is taken away is taken away once
   * the guest has let go of it. An entry on `sata` or `ide` comes and goes at the guest's next start; the first on
   * `scsi`, and one with a `boot`, come then.
   */
  public get disks(): IResolvable {
    return this.interpolationForAttribute("disks");
  }

  public set disks(value: Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable | undefined) {
    this.inputs.disks = value;
  }

  public get disksInput(): Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable | undefined {
    return this.inputs.disks;
  }

  /**
   * What is special of the firmware `efi`. Variables are kept through every change, each kind in a file of its own:
   * those with secure boot and those without know nothing of each other.
   */
  public get efi(): IResolvable {
    return this.interpolationForAttribute("efi");
  }

  public set efi(value: DomainEfi | IResolvable | undefined) {
    this.inputs.efi = value;
  }

  public get efiInput(): DomainEfi | IResolvable | undefined {
    return this.inputs.efi;
  }

  /**
   * What the machine and its hypervisor can do. Unset: ACPI and APIC. A change is in effect after the guest's next
   * start.
   */
  public get features(): IResolvable {
    return this.interpolationForAttribute("features");
  }

  public set features(value: DomainFeatures | IResolvable | undefined) {
    this.inputs.features = value;
  }

  public get featuresInput(): DomainFeatures | IResolvable | undefined {
    return this.inputs.features;
  }

  /**
   * `efi` is UEFI, with variables of the domain's own that libvirt makes and removes. One of `bios`, `efi`. Default:
   * `bios`. A change is in effect after the guest's next start.
   */
  public get firmware(): string {
    return this.getStringAttribute("firmware");
  }

  public set firmware(value: string | undefined) {
    this.inputs.firmware = value;
  }

  public get firmwareInput(): string | undefined {
    return this.inputs.firmware;
  }

  /** A graphical console. A change is in effect after the guest's next start. */
  public get graphics(): IResolvable {
    return this.interpolationForAttribute("graphics");
  }

  public set graphics(value: DomainGraphics | IResolvable | undefined) {
    this.inputs.graphics = value;
  }

  public get graphicsInput(): DomainGraphics | IResolvable | undefined {
    return this.inputs.graphics;
  }

  /** A channel for the QEMU guest agent. Default: `false`. A change is in effect after the guest's next start. */
  public get guestAgent(): IResolvable {
    return this.getBooleanAttribute("guest_agent");
  }

  public set guestAgent(value: boolean | IResolvable | undefined) {
    this.inputs.guestAgent = value;
  }

  public get guestAgentInput(): boolean | IResolvable | undefined {
    return this.inputs.guestAgent;
  }

  /** The host, as named in the provider's `hosts`. A change brings the domain there: live where it runs. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** What `terraform import` takes: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** Its initial ramdisk, on the host. A change is in effect after the guest's next start. */
  public get initrd(): string {
    return this.getStringAttribute("initrd");
  }

  public set initrd(value: string | undefined) {
    this.inputs.initrd = value;
  }

  public get initrdInput(): string | undefined {
    return this.inputs.initrd;
  }

  /**
   * The network interfaces, by a name of yours: each on a network, a bridge or a device. One that is taken away is
   * taken away once the guest has let go of it. One with a `boot` comes at the guest's next start.
   */
  public get interfaces(): IResolvable {
    return this.interpolationForAttribute("interfaces");
  }

  public set interfaces(value: Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable | undefined) {
    this.inputs.interfaces = value;
  }

  public get interfacesInput(): Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable | undefined {
    return this.inputs.interfaces;
  }

  /** A kernel on the host to boot directly. A change is in effect after the guest's next start. */
  public get kernel(): string {
    return this.getStringAttribute("kernel");
  }

  public set kernel(value: string | undefined) {
    this.inputs.kernel = value;
  }

  public get kernelInput(): string | undefined {
    return this.inputs.kernel;
  }

  /**
   * The machine type: `q35`, `pc`, or one with its version such as `pc-q35-7.2`. A name without a version is the
   * newest that the host had when the domain was defined. Unset: `q35`. A change is in effect after the guest's next
   * start.
   */
  public get machine(): string {
    return this.getStringAttribute("machine");
  }

  public set machine(value: string | undefined) {
    this.inputs.machine = value;
  }

  public get machineInput(): string | undefined {
    return this.inputs.machine;
  }

  /**
   * How far the guest can grow while it runs. Unset: not beyond `vcpu` and `memory`. A change is in effect after the
   * guest's next start.
   */
  public get maximum(): IResolvable {
    return this.interpolationForAttribute("maximum");
  }

  public set maximum(value: DomainMaximum | IResolvable | undefined) {
    this.inputs.maximum = value;
  }

  public get maximumInput(): DomainMaximum | IResolvable | undefined {
    return this.inputs.maximum;
  }

  /**
   * The memory, in KiB, without `memory_devices`. A change within `maximum.memory` is live, given or taken by the
   * guest's balloon driver; else it is in effect after the guest's next start.
   */
  public get memory(): number {
    return this.getNumberAttribute("memory");
  }

  public set memory(value: number) {
    this.inputs.memory = value;
  }

  public get memoryInput(): number {
    return this.inputs.memory;
  }

  /** What of the host's memory the guest's is made of. A change is in effect after the guest's next start. */
  public get memoryBacking(): IResolvable {
    return this.interpolationForAttribute("memory_backing");
  }

  public set memoryBacking(value: DomainMemoryBacking | IResolvable | undefined) {
    this.inputs.memoryBacking = value;
  }

  public get memoryBackingInput(): DomainMemoryBacking | IResolvable | undefined {
    return this.inputs.memoryBacking;
  }

  /**
   * Memory plugged in beside `memory`, by a name of yours. It needs `maximum.memory_slots`. A device comes and goes
   * live, as far as the guest lets go of it; at the guest's next start where the slots come or go with it.
   */
  public get memoryDevices(): IResolvable {
    return this.interpolationForAttribute("memory_devices");
  }

  public set memoryDevices(
    value: Readonly<Record<string, DomainMemoryDevices | IResolvable>> | IResolvable | undefined,
  ) {
    this.inputs.memoryDevices = value;
  }

  public get memoryDevicesInput():
    Readonly<Record<string, DomainMemoryDevices | IResolvable>> | IResolvable | undefined {
    return this.inputs.memoryDevices;
  }

  /**
   * Limits of the host's memory, in KiB. The guest's process needs more than the guest has; one that passes
   * `hard_limit` may be killed.
   */
  public get memtune(): IResolvable {
    return this.interpolationForAttribute("memtune");
  }

  public set memtune(value: DomainMemtune | IResolvable | undefined) {
    this.inputs.memtune = value;
  }

  public get memtuneInput(): DomainMemtune | IResolvable | undefined {
    return this.inputs.memtune;
  }

  /** What other tools keep with the domain, by the URI of its XML namespace: one element each. */
  public get metadata(): IResolvable {
    return this.interpolationForAttribute("metadata");
  }

  public set metadata(value: Readonly<Record<string, DomainMetadata | IResolvable>> | IResolvable | undefined) {
    this.inputs.metadata = value;
  }

  public get metadataInput(): Readonly<Record<string, DomainMetadata | IResolvable>> | IResolvable | undefined {
    return this.inputs.metadata;
  }

  /** How the domain moves while it runs, when `host` changes. */
  public get migration(): IResolvable {
    return this.interpolationForAttribute("migration");
  }

  public set migration(value: DomainMigration | IResolvable | undefined) {
    this.inputs.migration = value;
  }

  public get migrationInput(): DomainMigration | IResolvable | undefined {
    return this.inputs.migration;
  }

  /** The domain's name. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /**
   * What becomes of a change that a running guest can't take over. `defer`: it is defined and waits for the guest's
   * next start, shown in `pending_restart`. `restart`: the guest is shut down, as `shutdown` says, and started
   * again. `live-only`: the plan fails. One of `live-only`, `defer`, `restart`. Default: `defer`.
   */
  public get onChange(): string {
    return this.getStringAttribute("on_change");
  }

  public set onChange(value: string | undefined) {
    this.inputs.onChange = value;
  }

  public get onChangeInput(): string | undefined {
    return this.inputs.onChange;
  }

  /**
   * The attributes that the running guest has otherwise than they are defined: they wait for its next start. Null
   * where nothing waits, and where it does not run.
   */
  public get pendingRestart(): string {
    return this.getStringAttribute("pending_restart");
  }

  /** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
  public get serial(): IResolvable {
    return this.interpolationForAttribute("serial");
  }

  public set serial(value: DomainSerial | IResolvable | undefined) {
    this.inputs.serial = value;
  }

  public get serialInput(): DomainSerial | IResolvable | undefined {
    return this.inputs.serial;
  }

  /**
   * How the guest is shut down, when the domain is stopped, restarted, replaced or destroyed. A paused one is
   * resumed for it.
   */
  public get shutdown(): IResolvable {
    return this.interpolationForAttribute("shutdown");
  }

  public set shutdown(value: DomainShutdown | IResolvable | undefined) {
    this.inputs.shutdown = value;
  }

  public get shutdownInput(): DomainShutdown | IResolvable | undefined {
    return this.inputs.shutdown;
  }

  /**
   * What the domain is to be, whoever changes it. `saved` keeps its memory on the host's disk (managed save), and
   * from there it goes on as `running` or `paused`; to be `stopped` it is resumed first, so that the guest can shut
   * down. It reads as `crashed` or `suspended` (by the guest itself) where it is that. One of `running`, `paused`,
   * `saved`, `stopped`. Default: `running`.
   */
  public get state(): string {
    return this.getStringAttribute("state");
  }

  public set state(value: string | undefined) {
    this.inputs.state = value;
  }

  public get stateInput(): string | undefined {
    return this.inputs.state;
  }

  /** A short line for people. */
  public get title(): string {
    return this.getStringAttribute("title");
  }

  public set title(value: string | undefined) {
    this.inputs.title = value;
  }

  public get titleInput(): string | undefined {
    return this.inputs.title;
  }

  /**
   * What runs the guest's code: `kvm`, or `qemu` in software where a host has no usable KVM. One of `kvm`, `qemu`.
   * Default: `kvm`. A change is in effect after the guest's next start.
   */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  public set type(value: string | undefined) {
    this.inputs.type = value;
  }

  public get typeInput(): string | undefined {
    return this.inputs.type;
  }

  /**
   * The devices that the domain has and no attribute is set for: what somebody else attached. Null where there is
   * none. What libvirt gives every domain, and what serves its graphical console, does not count. Every plan warns
   * of them.
   */
  public get undeclared(): string {
    return this.getStringAttribute("undeclared");
  }

  /** The UUID by which libvirt, and the guest, know the domain. A change replaces the object. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  public set uuid(value: string | undefined) {
    this.inputs.uuid = value;
  }

  public get uuidInput(): string | undefined {
    return this.inputs.uuid;
  }

  /**
   * The number of virtual CPUs. A change within `maximum.vcpu` is live, as far as the guest lets go of what it has;
   * else it is in effect after the guest's next start, as is taking some away from a guest of type `qemu`.
   */
  public get vcpu(): number {
    return this.getNumberAttribute("vcpu");
  }

  public set vcpu(value: number) {
    this.inputs.vcpu = value;
  }

  public get vcpuInput(): number {
    return this.inputs.vcpu;
  }

  /**
   * What an apply that starts the guest waits for. Where it does not come in time the guest is left as it is: of a
   * new domain it is a warning, and of one that is there already an error, because Terraform would replace an object
   * whose creation failed. The next apply then waits again.
   */
  public get waitFor(): IResolvable {
    return this.interpolationForAttribute("wait_for");
  }

  public set waitFor(value: DomainWaitFor | IResolvable | undefined) {
    this.inputs.waitFor = value;
  }

  public get waitForInput(): DomainWaitFor | IResolvable | undefined {
    return this.inputs.waitFor;
  }

  /**
   * Elements of libvirt's XML that no attribute stands for, by a name of yours. Each is kept through every change,
   * found again by all that is said in it, and taken out when it is taken away. A change is in effect after the
   * guest's next start.
   */
  public get xml(): IResolvable {
    return this.interpolationForAttribute("xml");
  }

  public set xml(value: Readonly<Record<string, DomainXml | IResolvable>> | IResolvable | undefined) {
    this.inputs.xml = value;
  }

  public get xmlInput(): Readonly<Record<string, DomainXml | IResolvable>> | IResolvable | undefined {
    return this.inputs.xml;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      arch: this.inputs.arch,
      autostart: this.inputs.autostart,
      blkiotune: nestedSingle(this.inputs.blkiotune, domainBlkiotuneToTerraform),
      clock: nestedSingle(this.inputs.clock, domainClockToTerraform),
      cmdline: this.inputs.cmdline,
      cpu: nestedSingle(this.inputs.cpu, domainCpuToTerraform),
      cputune: nestedSingle(this.inputs.cputune, domainCputuneToTerraform),
      description: this.inputs.description,
      devices: nestedSingle(this.inputs.devices, domainDevicesToTerraform),
      disks: nestedMap(this.inputs.disks, domainDisksToTerraform),
      efi: nestedSingle(this.inputs.efi, domainEfiToTerraform),
      features: nestedSingle(this.inputs.features, domainFeaturesToTerraform),
      firmware: this.inputs.firmware,
      graphics: nestedSingle(this.inputs.graphics, domainGraphicsToTerraform),
      guest_agent: this.inputs.guestAgent,
      host: this.inputs.host,
      initrd: this.inputs.initrd,
      interfaces: nestedMap(this.inputs.interfaces, domainInterfacesToTerraform),
      kernel: this.inputs.kernel,
      machine: this.inputs.machine,
      maximum: nestedSingle(this.inputs.maximum, domainMaximumToTerraform),
      memory: this.inputs.memory,
      memory_backing: nestedSingle(this.inputs.memoryBacking, domainMemoryBackingToTerraform),
      memory_devices: nestedMap(this.inputs.memoryDevices, domainMemoryDevicesToTerraform),
      memtune: nestedSingle(this.inputs.memtune, domainMemtuneToTerraform),
      metadata: nestedMap(this.inputs.metadata, domainMetadataToTerraform),
      migration: nestedSingle(this.inputs.migration, domainMigrationToTerraform),
      name: this.inputs.name,
      on_change: this.inputs.onChange,
      serial: nestedSingle(this.inputs.serial, domainSerialToTerraform),
      shutdown: nestedSingle(this.inputs.shutdown, domainShutdownToTerraform),
      state: this.inputs.state,
      title: this.inputs.title,
      type: this.inputs.type,
      uuid: this.inputs.uuid,
      vcpu: this.inputs.vcpu,
      wait_for: nestedSingle(this.inputs.waitFor, domainWaitForToTerraform),
      xml: nestedMap(this.inputs.xml, domainXmlToTerraform),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function domainBlkiotuneToTerraform(value: DomainBlkiotune): Record<string, unknown> {
  return {
    weight: value.weight,
  };
}

function domainClockToTerraform(value: DomainClock): Record<string, unknown> {
  return {
    adjustment: value.adjustment,
    basis: value.basis,
    offset: value.offset,
    timers: nestedMap(value.timers, domainClockTimersToTerraform),
    timezone: value.timezone,
  };
}

function domainClockTimersToTerraform(value: DomainClockTimers): Record<string, unknown> {
  return {
    frequency: value.frequency,
    mode: value.mode,
    present: value.present,
    tickpolicy: value.tickpolicy,
    track: value.track,
  };
}

function domainCpuToTerraform(value: DomainCpu): Record<string, unknown> {
  return {
    mode: value.mode,
    model: value.model,
  };
}

function domainCputuneToTerraform(value: DomainCputune): Record<string, unknown> {
  return {
    emulator_period: value.emulatorPeriod,
    emulator_quota: value.emulatorQuota,
    emulatorpin: value.emulatorpin,
    period: value.period,
    quota: value.quota,
    shares: value.shares,
    vcpupin: nestedMap(value.vcpupin, domainCputuneVcpupinToTerraform),
  };
}

function domainCputuneVcpupinToTerraform(value: DomainCputuneVcpupin): Record<string, unknown> {
  return {
    cpuset: value.cpuset,
  };
}

function domainDevicesToTerraform(value: DomainDevices): Record<string, unknown> {
  return {
    balloon: nestedSingle(value.balloon, domainDevicesBalloonToTerraform),
    filesystems: nestedMap(value.filesystems, domainDevicesFilesystemsToTerraform),
    hostdevs: nestedMap(value.hostdevs, domainDevicesHostdevsToTerraform),
    panic: nestedSingle(value.panic, domainDevicesPanicToTerraform),
    rng: nestedSingle(value.rng, domainDevicesRngToTerraform),
    sound: value.sound,
    tablet: value.tablet,
    tpm: nestedSingle(value.tpm, domainDevicesTpmToTerraform),
    video: nestedSingle(value.video, domainDevicesVideoToTerraform),
    vsock: nestedSingle(value.vsock, domainDevicesVsockToTerraform),
    watchdog: nestedSingle(value.watchdog, domainDevicesWatchdogToTerraform),
  };
}

function domainDevicesBalloonToTerraform(value: DomainDevicesBalloon): Record<string, unknown> {
  return {
    autodeflate: value.autodeflate,
    free_page_reporting: value.freePageReporting,
    model: value.model,
    stats_period: value.statsPeriod,
  };
}

function domainDevicesFilesystemsToTerraform(value: DomainDevicesFilesystems): Record<string, unknown> {
  return {
    access_mode: value.accessMode,
    cache: value.cache,
    driver: value.driver,
    queue: value.queue,
    read_only: value.readOnly,
    source: value.source,
  };
}

function domainDevicesHostdevsToTerraform(value: DomainDevicesHostdevs): Record<string, unknown> {
  return {
    boot: value.boot,
    managed: value.managed,
    mdev: value.mdev,
    pci: value.pci,
    rom_bar: value.romBar,
    rom_file: value.romFile,
    usb: value.usb,
    usb_address: value.usbAddress,
  };
}

function domainDevicesPanicToTerraform(value: DomainDevicesPanic): Record<string, unknown> {
  return {
    model: value.model,
  };
}

function domainDevicesRngToTerraform(value: DomainDevicesRng): Record<string, unknown> {
  return {
    backend: value.backend,
    device: value.device,
    model: value.model,
    rate_bytes: value.rateBytes,
    rate_period: value.ratePeriod,
  };
}

function domainDevicesTpmToTerraform(value: DomainDevicesTpm): Record<string, unknown> {
  return {
    backend: value.backend,
    device: value.device,
    encryption_secret_uuid: value.encryptionSecretUuid,
    model: value.model,
    persistent_state: value.persistentState,
    version: value.version,
  };
}

function domainDevicesVideoToTerraform(value: DomainDevicesVideo): Record<string, unknown> {
  return {
    accel3d: value.accel3d,
    heads: value.heads,
    model: value.model,
    vram: value.vram,
  };
}

function domainDevicesVsockToTerraform(value: DomainDevicesVsock): Record<string, unknown> {
  return {
    cid: value.cid,
  };
}

function domainDevicesWatchdogToTerraform(value: DomainDevicesWatchdog): Record<string, unknown> {
  return {
    action: value.action,
    model: value.model,
  };
}

function domainDisksToTerraform(value: DomainDisks): Record<string, unknown> {
  return {
    boot: value.boot,
    bus: value.bus,
    cache: value.cache,
    device: value.device,
    file: value.file,
    format: value.format,
    iotune: nestedSingle(value.iotune, domainDisksIotuneToTerraform),
    options: nestedSingle(value.options, domainDisksOptionsToTerraform),
    source: nestedSingle(value.source, domainDisksSourceToTerraform),
    target_pool: value.targetPool,
  };
}

function domainDisksIotuneToTerraform(value: DomainDisksIotune): Record<string, unknown> {
  return {
    read_bytes_sec: value.readBytesSec,
    read_bytes_sec_max: value.readBytesSecMax,
    read_bytes_sec_max_length: value.readBytesSecMaxLength,
    read_iops_sec: value.readIopsSec,
    read_iops_sec_max: value.readIopsSecMax,
    read_iops_sec_max_length: value.readIopsSecMaxLength,
    total_bytes_sec: value.totalBytesSec,
    total_bytes_sec_max: value.totalBytesSecMax,
    total_bytes_sec_max_length: value.totalBytesSecMaxLength,
    total_iops_sec: value.totalIopsSec,
    total_iops_sec_max: value.totalIopsSecMax,
    total_iops_sec_max_length: value.totalIopsSecMaxLength,
    write_bytes_sec: value.writeBytesSec,
    write_bytes_sec_max: value.writeBytesSecMax,
    write_bytes_sec_max_length: value.writeBytesSecMaxLength,
    write_iops_sec: value.writeIopsSec,
    write_iops_sec_max: value.writeIopsSecMax,
    write_iops_sec_max_length: value.writeIopsSecMaxLength,
  };
}

function domainDisksOptionsToTerraform(value: DomainDisksOptions): Record<string, unknown> {
  return {
    detect_zeroes: value.detectZeroes,
    discard: value.discard,
    io: value.io,
    queues: value.queues,
    read_only: value.readOnly,
    serial: value.serial,
    shareable: value.shareable,
  };
}

function domainDisksSourceToTerraform(value: DomainDisksSource): Record<string, unknown> {
  return {
    block: value.block,
    config: value.config,
    encryption_secret: value.encryptionSecret,
    hosts: nestedMap(value.hosts, domainDisksSourceHostsToTerraform),
    initiator: value.initiator,
    name: value.name,
    pool: value.pool,
    protocol: value.protocol,
    secret: value.secret,
    socket: value.socket,
    tls: value.tls,
    username: value.username,
    verify: value.verify,
    volume: value.volume,
  };
}

function domainDisksSourceHostsToTerraform(value: DomainDisksSourceHosts): Record<string, unknown> {
  return {
    port: value.port,
  };
}

function domainEfiToTerraform(value: DomainEfi): Record<string, unknown> {
  return {
    loader: value.loader,
    nvram: value.nvram,
    nvram_template: value.nvramTemplate,
    secure_boot: value.secureBoot,
  };
}

function domainFeaturesToTerraform(value: DomainFeatures): Record<string, unknown> {
  return {
    acpi: value.acpi,
    apic: value.apic,
    hyperv: nestedSingle(value.hyperv, domainFeaturesHypervToTerraform),
    ioapic: value.ioapic,
    kvm_hidden: value.kvmHidden,
    pae: value.pae,
    pmu: value.pmu,
    smm: value.smm,
    vmcoreinfo: value.vmcoreinfo,
    vmport: value.vmport,
  };
}

function domainFeaturesHypervToTerraform(value: DomainFeaturesHyperv): Record<string, unknown> {
  return {
    evmcs: value.evmcs,
    frequencies: value.frequencies,
    ipi: value.ipi,
    mode: value.mode,
    reenlightenment: value.reenlightenment,
    relaxed: value.relaxed,
    reset: value.reset,
    runtime: value.runtime,
    spinlocks: value.spinlocks,
    stimer: value.stimer,
    synic: value.synic,
    tlbflush: value.tlbflush,
    vapic: value.vapic,
    vendor_id: value.vendorId,
    vpindex: value.vpindex,
  };
}

function domainGraphicsToTerraform(value: DomainGraphics): Record<string, unknown> {
  return {
    listen: value.listen,
    password: value.password,
    password_version: value.passwordVersion,
    port: value.port,
    type: value.type,
  };
}

function domainInterfacesToTerraform(value: DomainInterfaces): Record<string, unknown> {
  return {
    bandwidth: nestedSingle(value.bandwidth, domainInterfacesBandwidthToTerraform),
    boot: value.boot,
    bridge: value.bridge,
    direct: nestedSingle(value.direct, domainInterfacesDirectToTerraform),
    filter: value.filter,
    filter_parameters: nestedMap(value.filterParameters, domainInterfacesFilterParametersToTerraform),
    isolated: value.isolated,
    link: value.link,
    mac: value.mac,
    model: value.model,
    mtu: value.mtu,
    network: value.network,
    portgroup: value.portgroup,
    queues: value.queues,
    virtualport: value.virtualport,
    vlan: nestedSingle(value.vlan, domainInterfacesVlanToTerraform),
  };
}

function domainInterfacesBandwidthToTerraform(value: DomainInterfacesBandwidth): Record<string, unknown> {
  return {
    inbound_average: value.inboundAverage,
    inbound_burst: value.inboundBurst,
    inbound_peak: value.inboundPeak,
    outbound_average: value.outboundAverage,
    outbound_burst: value.outboundBurst,
    outbound_peak: value.outboundPeak,
  };
}

function domainInterfacesDirectToTerraform(value: DomainInterfacesDirect): Record<string, unknown> {
  return {
    dev: value.dev,
    mode: value.mode,
  };
}

function domainInterfacesFilterParametersToTerraform(value: DomainInterfacesFilterParameters): Record<string, unknown> {
  return {
    values: value.values,
  };
}

function domainInterfacesVlanToTerraform(value: DomainInterfacesVlan): Record<string, unknown> {
  return {
    tags: value.tags,
    trunk: value.trunk,
  };
}

function domainMaximumToTerraform(value: DomainMaximum): Record<string, unknown> {
  return {
    memory: value.memory,
    memory_slots: value.memorySlots,
    memory_with_devices: value.memoryWithDevices,
    vcpu: value.vcpu,
  };
}

function domainMemoryBackingToTerraform(value: DomainMemoryBacking): Record<string, unknown> {
  return {
    access: value.access,
    allocation: value.allocation,
    discard: value.discard,
    hugepage_size: value.hugepageSize,
    hugepages: value.hugepages,
    locked: value.locked,
    nosharepages: value.nosharepages,
    source: value.source,
  };
}

function domainMemoryDevicesToTerraform(value: DomainMemoryDevices): Record<string, unknown> {
  return {
    node: value.node,
    size: value.size,
  };
}

function domainMemtuneToTerraform(value: DomainMemtune): Record<string, unknown> {
  return {
    hard_limit: value.hardLimit,
    soft_limit: value.softLimit,
    swap_hard_limit: value.swapHardLimit,
  };
}

function domainMetadataToTerraform(value: DomainMetadata): Record<string, unknown> {
  return {
    prefix: value.prefix,
    xml: value.xml,
  };
}

function domainMigrationToTerraform(value: DomainMigration): Record<string, unknown> {
  return {
    auto_converge: value.autoConverge,
    bandwidth: value.bandwidth,
    compression: value.compression,
    downtime: value.downtime,
    on_timeout: value.onTimeout,
    parallel_connections: value.parallelConnections,
    post_copy: value.postCopy,
    storage: value.storage,
    timeout: value.timeout,
    tls: value.tls,
  };
}

function domainSerialToTerraform(value: DomainSerial): Record<string, unknown> {
  return {
    log_append: value.logAppend,
    log_file: value.logFile,
  };
}

function domainShutdownToTerraform(value: DomainShutdown): Record<string, unknown> {
  return {
    mode: value.mode,
    on_timeout: value.onTimeout,
    timeout: value.timeout,
  };
}

function domainWaitForToTerraform(value: DomainWaitFor): Record<string, unknown> {
  return {
    address: value.address,
    guest_agent: value.guestAgent,
    source: value.source,
    timeout: value.timeout,
  };
}

function domainXmlToTerraform(value: DomainXml): Record<string, unknown> {
  return {
    element: value.element,
    under: value.under,
  };
}
