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
 * A virtual machine. A change patches the definition and keeps everything in it that no attribute sets. What a
 * running guest cannot take over at once waits for its next start, or happens as `on_change` says. Destroying the
 * domain shuts the guest down and removes the definition; its volumes stay.
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
   * The clock with which the guest starts, and its timers. Unset: UTC. A change is in effect after the guest's next
   * start.
   */
  readonly clock?: DomainClock | IResolvable;

  /** The command line of `kernel`. A change is in effect after the guest's next start. */
  readonly cmdline?: string;

  /**
   * The virtual CPU. Unset: libvirt's own choice, which every host can run; for `aarch64` a Cortex-A57, or the
   * host's CPU with KVM. A change is in effect after the guest's next start.
   */
  readonly cpu?: DomainCpu | IResolvable;

  /** The share of the host's processors, and the threads of the guest that run on them. */
  readonly cputune?: DomainCputune | IResolvable;

  /** A description, for display. It can have several lines. */
  readonly description?: string;

  /** The other devices. Unset devices are not managed. A change is in effect after the guest's next start. */
  readonly devices?: DomainDevices | IResolvable;

  /**
   * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. A removed entry is detached as soon as the
   * guest has released it. An entry on `sata` or `ide` is attached and detached at the guest's next start, and so
   * are the first entry on `scsi` and an entry with `boot` or `address`.
   */
  readonly disks?: Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable;

  /**
   * Settings of the firmware `efi`. UEFI variables survive every change. Those with secure boot and those without
   * are in separate files, and neither contains the other's settings.
   */
  readonly efi?: DomainEfi | IResolvable;

  /**
   * Features of the machine and its hypervisor. Unset: ACPI and APIC; on ARM, ACPI with the firmware `efi` only. A
   * change is in effect after the guest's next start.
   */
  readonly features?: DomainFeatures | IResolvable;

  /**
   * `efi` is UEFI; libvirt creates and removes its variables. One of `bios`, `efi`. Default: `bios`. For `aarch64`,
   * which has no BIOS: `efi`; there, `bios` boots `kernel` without firmware. A change is in effect after the guest's
   * next start.
   */
  readonly firmware?: string;

  /** The graphical console. A change is in effect after the guest's next start. */
  readonly graphics?: DomainGraphics | IResolvable;

  /**
   * Whether the domain has a channel for the QEMU guest agent. Default: `false`. A change is in effect after the
   * guest's next start.
   */
  readonly guestAgent?: boolean | IResolvable;

  /** The host, as named in the provider's `hosts`. Another host moves the domain there: live if it runs. */
  readonly host: string;

  /** The initial ramdisk of `kernel`, on the host. A change is in effect after the guest's next start. */
  readonly initrd?: string;

  /**
   * The network interfaces, by a name of your choice: each connected to a network, a bridge or a device. A removed
   * entry is detached as soon as the guest has released it. An entry with `boot` or `address` is attached at the
   * guest's next start.
   */
  readonly interfaces?: Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable;

  /** A kernel on the host that is booted directly. A change is in effect after the guest's next start. */
  readonly kernel?: string;

  /**
   * The machine type: `q35`, `pc`, or one with a version such as `pc-q35-7.2`. A name without a version stands for
   * the newest version of the host when the domain was defined. Unset: `q35` on x86, and `virt` on ARM and RISC-V. A
   * change is in effect after the guest's next start.
   */
  readonly machine?: string;

  /**
   * The limits within which the guest can grow while it runs. Unset: `vcpu` and `memory`. A change is in effect
   * after the guest's next start.
   */
  readonly maximum?: DomainMaximum | IResolvable;

  /**
   * The memory, in KiB, without `memory_devices`. A change within `maximum.memory` is live, by the balloon driver of
   * the guest; otherwise it is in effect after the guest's next start.
   */
  readonly memory: number;

  /** How guest memory is backed on the host. A change is in effect after the guest's next start. */
  readonly memoryBacking?: DomainMemoryBacking | IResolvable;

  /**
   * Memory devices in addition to `memory`, by a name of your choice. They require `maximum.memory_slots`. A `dimm`
   * is attached live, and detached as far as the guest releases it. `virtio-mem` and `virtio-pmem` are attached
   * live, and detached at the guest's next start. An `nvdimm` is attached and detached at the guest's next start, as
   * is every device if the slots are added or removed with it.
   */
  readonly memoryDevices?: Readonly<Record<string, DomainMemoryDevices | IResolvable>> | IResolvable;

  /**
   * Limits of the memory on the host, in KiB. The guest's process needs more memory than the guest has; the host may
   * kill a process that exceeds `hard_limit`.
   */
  readonly memtune?: DomainMemtune | IResolvable;

  /** Metadata of other tools, by the URI of its XML namespace: one element each. */
  readonly metadata?: Readonly<Record<string, DomainMetadata | IResolvable>> | IResolvable;

  /** How a running domain moves when `host` changes. */
  readonly migration?: DomainMigration | IResolvable;

  /**
   * The domain's name. A change renames the domain, which has to be off and without snapshots: if the guest runs,
   * the plan fails, unless `on_change` is `restart` or `state` is `stopped`.
   */
  readonly name: string;

  /**
   * What happens to a change that a running guest cannot take over. `defer`: the change is defined and waits for the
   * guest's next start, listed in `pending_restart`. `restart`: the guest is shut down, as `shutdown` says, and
   * started again. `live-only`: the plan fails. One of `live-only`, `defer`, `restart`. Default: `defer`.
   */
  readonly onChange?: string;

  /**
   * Whether a plan that destroys or replaces the domain is refused, also by `terraform destroy`. To destroy or
   * replace it, set this to `false` first, and apply that alone.
   */
  readonly protect?: boolean | IResolvable;

  /**
   * The rolling group of the domain. An apply that restarts or replaces members interrupts only as many guests at a
   * time as the group permits, on all hosts together, and continues when they are ready: when they run, and
   * `wait_for` is met. If one does not become ready, the apply changes no further member. The next apply continues
   * with the rest.
   */
  readonly rollout?: DomainRollout | IResolvable;

  /**
   * How the host's security drivers confine the guest, by the name of the driver: `selinux`, `apparmor`, `dac` (user
   * and group of QEMU). A driver without an entry gives each guest a label of its own. A change is in effect after
   * the guest's next start.
   */
  readonly seclabel?: Readonly<Record<string, DomainSeclabel | IResolvable>> | IResolvable;

  /** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
  readonly serial?: DomainSerial | IResolvable;

  /**
   * How the guest is shut down when the domain is stopped, restarted, replaced or destroyed. A paused guest is
   * resumed first.
   */
  readonly shutdown?: DomainShutdown | IResolvable;

  /**
   * The desired run state. `saved` stores the guest's memory on the host's disk (managed save); from there it
   * continues as `running` or `paused`. A saved or paused guest that is to be `stopped` is resumed first, so that it
   * can shut down. The state also reads as `crashed`, or as `suspended` if the guest suspended itself. One of
   * `running`, `paused`, `saved`, `stopped`. Default: `running`.
   */
  readonly state?: string;

  /** A short title, for display. */
  readonly title?: string;

  /**
   * What runs the guest: `kvm`, or software emulation (`qemu`) on a host without usable KVM. One of `kvm`, `qemu`.
   * Default: `kvm`. A change is in effect after the guest's next start.
   */
  readonly type?: string;

  /** The UUID by which libvirt and the guest know the domain. A change replaces the object. */
  readonly uuid?: string;

  /**
   * The number of virtual CPUs. In a new domain they are the cores of one socket, unless `cpu.topology` says
   * otherwise. A change within `maximum.vcpu` is live, as far as the guest releases its CPUs; otherwise it is in
   * effect after the guest's next start. Removing CPUs from a guest of type `qemu` always is.
   */
  readonly vcpu: number;

  /**
   * The condition that an apply waits for after it starts the guest. If it is not met in time, the guest stays as it
   * is. For a new domain this is a warning, because Terraform would replace an object whose creation failed; for an
   * existing domain it is an error. The next apply waits again.
   */
  readonly waitFor?: DomainWaitFor | IResolvable;

  /**
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. A change is in effect after the guest's next start.
   */
  readonly xml?: Readonly<Record<string, DomainXml | IResolvable>> | IResolvable;
}

/** The share of the host's disks. */
export interface DomainBlkiotune {
  /**
   * Limits of the guest's use of single disks of the host, by the path of the whole disk, `/dev/sda`, not of a
   * partition.
   */
  readonly devices?: Readonly<Record<string, DomainBlkiotuneDevices | IResolvable>> | IResolvable;

  /** The weight relative to other guests. */
  readonly weight?: number;
}

/**
 * Limits of the guest's use of single disks of the host, by the path of the whole disk, `/dev/sda`, not of a
 * partition.
 */
export interface DomainBlkiotuneDevices {
  /** Bytes per second that are read. Unset: no limit. */
  readonly readBytesSec?: number;

  /** Operations per second that read. Unset: no limit. */
  readonly readIopsSec?: number;

  /** The weight relative to other guests, on a disk with the I/O scheduler BFQ. Unset: as `blkiotune.weight` says. */
  readonly weight?: number;

  /** Bytes per second that are written. Unset: no limit. */
  readonly writeBytesSec?: number;

  /** Operations per second that write. Unset: no limit. */
  readonly writeIopsSec?: number;
}

/**
 * The clock with which the guest starts, and its timers. Unset: UTC. A change is in effect after the guest's next
 * start.
 */
export interface DomainClock {
  /**
   * How many seconds the clock is ahead of `basis`, with offset `variable`. Default: `0`. A change is in effect
   * after the guest's next start.
   */
  readonly adjustment?: number;

  /**
   * The time that `adjustment` is added to, with offset `variable`. One of `utc`, `localtime`. Default: `utc`. A
   * change is in effect after the guest's next start.
   */
  readonly basis?: string;

  /**
   * What the clock shows: `utc`, the local time of the host (`localtime`, which Windows expects), the zone in
   * `timezone`, or `basis` plus `adjustment` (`variable`). One of `utc`, `localtime`, `timezone`, `variable`.
   * Default: `utc`. A change is in effect after the guest's next start.
   */
  readonly offset?: string;

  /**
   * The timers, by name: `rtc`, `pit`, `hpet`, `tsc`, `kvmclock`, `hypervclock`, ... A change is in effect after the
   * guest's next start.
   */
  readonly timers?: Readonly<Record<string, DomainClockTimers | IResolvable>> | IResolvable;

  /** The time zone, with offset `timezone`: `Europe/Zurich`. A change is in effect after the guest's next start. */
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
   * How the hypervisor provides `tsc`. One of `auto`, `native`, `emulate`, `paravirt`, `smpsafe`. A change is in
   * effect after the guest's next start.
   */
  readonly mode?: string;

  /**
   * Whether the guest has the timer. Unset: the hypervisor's choice. A change is in effect after the guest's next
   * start.
   */
  readonly present?: boolean | IResolvable;

  /**
   * What the hypervisor does about missed ticks. One of `delay`, `catchup`, `merge`, `discard`. A change is in
   * effect after the guest's next start.
   */
  readonly tickpolicy?: string;

  /**
   * The clock that `rtc` follows. One of `boot`, `guest`, `wall`, `realtime`. A change is in effect after the
   * guest's next start.
   */
  readonly track?: string;
}

/**
 * The virtual CPU. Unset: libvirt's own choice, which every host can run; for `aarch64` a Cortex-A57, or the
 * host's CPU with KVM. A change is in effect after the guest's next start.
 */
export interface DomainCpu {
  /**
   * The CPU cache that the guest sees. Unset: the hypervisor's choice. A change is in effect after the guest's next
   * start.
   */
  readonly cache?: DomainCpuCache | IResolvable;

  /**
   * What libvirt compares at the start: `none`; `partial`, whether the host has the model and the features; `full`,
   * whether the guest gets exactly these. Unset: `partial` for a named model with KVM, `none` otherwise. One of
   * `none`, `partial`, `full`. A change is in effect after the guest's next start.
   */
  readonly check?: string;

  /**
   * CPU features that differ from those of `mode` and `model`, by libvirt's name: `vmx`, `pcid`. They require
   * `mode`. A change is in effect after the guest's next start.
   */
  readonly features?: Readonly<Record<string, DomainCpuFeatures | IResolvable>> | IResolvable;

  /**
   * The size of physical addresses, which limits the guest's memory. Unset: the hypervisor's choice. A change is in
   * effect after the guest's next start.
   */
  readonly maxphysaddr?: DomainCpuMaxphysaddr | IResolvable;

  /**
   * Whether features that keep the guest from moving are left out, with mode `host-passthrough` or `maximum`. Unset:
   * `true`. A change is in effect after the guest's next start.
   */
  readonly migratable?: boolean | IResolvable;

  /**
   * `host-passthrough` is the host's CPU, `host-model` the nearest named model, `maximum` all features of the
   * accelerator, `custom` the CPU named in `model`. Unset: libvirt's own choice. One of `host-passthrough`,
   * `host-model`, `maximum`, `custom`. A change is in effect after the guest's next start.
   */
  readonly mode?: string;

  /**
   * The CPU model, with mode `custom`: for example `Skylake-Server`. A change is in effect after the guest's next
   * start.
   */
  readonly model?: string;

  /**
   * The NUMA nodes that the guest sees, by their numbers from 0. Together they have all virtual CPUs, and the
   * guest's memory: `maximum.memory`, or `memory` without it. Unset: one node. A change is in effect after the
   * guest's next start.
   */
  readonly numa?: Readonly<Record<string, DomainCpuNuma | IResolvable>> | IResolvable;

  /**
   * How the virtual CPUs are divided. The product of all numbers must be `maximum.vcpu`, or `vcpu` without it.
   * Unset: the cores of one socket in a new domain; an existing domain keeps its topology, whose cores or sockets
   * follow `vcpu`. A change is in effect after the guest's next start.
   */
  readonly topology?: DomainCpuTopology | IResolvable;

  /**
   * The vendor that the guest reads from the CPU (CPUID), 12 characters, with mode `custom` or `host-model`:
   * `GenuineIntel`, `AuthenticAMD`. Unset: that of the model. A change is in effect after the guest's next start.
   */
  readonly vendorId?: string;
}

/**
 * The CPU cache that the guest sees. Unset: the hypervisor's choice. A change is in effect after the guest's next
 * start.
 */
export interface DomainCpuCache {
  /** The level. Unset: all. A change is in effect after the guest's next start. */
  readonly level?: number;

  /**
   * `passthrough` is the host's, with mode `host-passthrough` or `maximum`; `emulate` is QEMU's own, and requires
   * `level` 3; `disable`: none. One of `emulate`, `passthrough`, `disable`. A change is in effect after the guest's
   * next start.
   */
  readonly mode: string;
}

/**
 * CPU features that differ from those of `mode` and `model`, by libvirt's name: `vmx`, `pcid`. They require
 * `mode`. A change is in effect after the guest's next start.
 */
export interface DomainCpuFeatures {
  /**
   * `force`: the guest has it even if the host does not. `require`: the host must have it. `optional`: if the host
   * has it. `disable`: the guest does not have it. `forbid`: the host must not have it. One of `force`, `require`,
   * `optional`, `disable`, `forbid`. Default: `require`. A change is in effect after the guest's next start.
   */
  readonly policy?: string;
}

/**
 * The size of physical addresses, which limits the guest's memory. Unset: the hypervisor's choice. A change is in
 * effect after the guest's next start.
 */
export interface DomainCpuMaxphysaddr {
  /** The size in bits, with mode `emulate`. A change is in effect after the guest's next start. */
  readonly bits?: number;

  /**
   * `passthrough` is the host's size, `emulate` that of `bits`. One of `passthrough`, `emulate`. A change is in
   * effect after the guest's next start.
   */
  readonly mode: string;
}

/**
 * The NUMA nodes that the guest sees, by their numbers from 0. Together they have all virtual CPUs, and the
 * guest's memory: `maximum.memory`, or `memory` without it. Unset: one node. A change is in effect after the
 * guest's next start.
 */
export interface DomainCpuNuma {
  /**
   * Whether other processes of the host can map the memory of the node. Unset: as `memory_backing.access` says. One
   * of `shared`, `private`. A change is in effect after the guest's next start.
   */
  readonly access?: string;

  /** The virtual CPUs of the node: `0-3`. Unset: none. A change is in effect after the guest's next start. */
  readonly cpus?: string;

  /**
   * Whether the content of the node's memory file is discarded when the guest stops. Unset: as
   * `memory_backing.discard` says. A change is in effect after the guest's next start.
   */
  readonly discard?: boolean | IResolvable;

  /**
   * The distance to each other node, by its number. Either all nodes have distances or none. Unset: 20. A change is
   * in effect after the guest's next start.
   */
  readonly distances?: Readonly<Record<string, DomainCpuNumaDistances | IResolvable>> | IResolvable;

  /** The memory of the node, in KiB: a multiple of 1024. A change is in effect after the guest's next start. */
  readonly memory: number;
}

/**
 * The distance to each other node, by its number. Either all nodes have distances or none. Unset: 20. A change is
 * in effect after the guest's next start.
 */
export interface DomainCpuNumaDistances {
  /** The distance. That of a node to itself is 10. A change is in effect after the guest's next start. */
  readonly value: number;
}

/**
 * How the virtual CPUs are divided. The product of all numbers must be `maximum.vcpu`, or `vcpu` without it.
 * Unset: the cores of one socket in a new domain; an existing domain keeps its topology, whose cores or sockets
 * follow `vcpu`. A change is in effect after the guest's next start.
 */
export interface DomainCpuTopology {
  /**
   * The number of clusters in a die, on ARM. Default: `1`. It requires libvirt 10.1. A change is in effect after the
   * guest's next start.
   */
  readonly clusters?: number;

  /** The number of cores in a cluster. Default: `1`. A change is in effect after the guest's next start. */
  readonly cores?: number;

  /** The number of dies in a socket. Default: `1`. A change is in effect after the guest's next start. */
  readonly dies?: number;

  /**
   * The number of sockets. Desktop Windows uses two at most. Default: `1`. A change is in effect after the guest's
   * next start.
   */
  readonly sockets?: number;

  /** The number of threads in a core. Default: `1`. A change is in effect after the guest's next start. */
  readonly threads?: number;
}

/** The share of the host's processors, and the threads of the guest that run on them. */
export interface DomainCputune {
  /**
   * Parts of the host's caches for groups of virtual CPUs alone, by their numbers: `0-1`. The host must have resctrl
   * (`/sys/fs/resctrl`) and a processor that can allocate caches. A change is in effect after the guest's next
   * start.
   */
  readonly cachetune?: Readonly<Record<string, DomainCputuneCachetune | IResolvable>> | IResolvable;

  /** The period in which `emulator_quota` is counted, in µs. */
  readonly emulatorPeriod?: number;

  /** How long the threads other than virtual CPUs may run in an `emulator_period`, in µs. */
  readonly emulatorQuota?: number;

  /** The host's CPUs for the threads other than virtual CPUs: `0-3,^2`. */
  readonly emulatorpin?: string;

  /**
   * The kernel's scheduler for the threads other than virtual CPUs and I/O threads. Unset: the ordinary one. A
   * change is in effect after the guest's next start.
   */
  readonly emulatorsched?: DomainCputuneEmulatorsched | IResolvable;

  /** The period in which `global_quota` is counted, in µs. */
  readonly globalPeriod?: number;

  /** How long all threads of the guest together may run in a `global_period`, in µs. */
  readonly globalQuota?: number;

  /** The period in which `iothread_quota` is counted, in µs. */
  readonly iothreadPeriod?: number;

  /** How long each I/O thread may run in an `iothread_period`, in µs. */
  readonly iothreadQuota?: number;

  /**
   * The I/O threads, by their numbers from 1. A disk uses one by its `options.iothread`. An entry is added and
   * removed live, unless it has a `scheduler` or a disk of the running guest uses it.
   */
  readonly iothreads?: Readonly<Record<string, DomainCputuneIothreads | IResolvable>> | IResolvable;

  /**
   * Limits of the memory bandwidth for groups of virtual CPUs, by their numbers: `0-1`. The host must have resctrl
   * (`/sys/fs/resctrl`) and a processor that can limit it. A change is in effect after the guest's next start.
   */
  readonly memorytune?: Readonly<Record<string, DomainCputuneMemorytune | IResolvable>> | IResolvable;

  /**
   * The control group of the host in which the guest's own one is made: `/machine/production`. It must exist. Unset:
   * `/machine`. A change is in effect after the guest's next start.
   */
  readonly partition?: string;

  /** The period in which `quota` is counted, in µs. */
  readonly period?: number;

  /** How long each virtual CPU may run in a `period`, in µs. */
  readonly quota?: number;

  /** The weight relative to other guests when the host is busy. */
  readonly shares?: number;

  /**
   * The host's CPUs for each virtual CPU, by its number. An entry for a CPU that the guest does not have yet applies
   * when the CPU is added.
   */
  readonly vcpupin?: Readonly<Record<string, DomainCputuneVcpupin | IResolvable>> | IResolvable;

  /**
   * The kernel's scheduler for virtual CPUs, by their numbers. Unset: the ordinary one. A change is in effect after
   * the guest's next start.
   */
  readonly vcpusched?: Readonly<Record<string, DomainCputuneVcpusched | IResolvable>> | IResolvable;
}

/**
 * Parts of the host's caches for groups of virtual CPUs alone, by their numbers: `0-1`. The host must have resctrl
 * (`/sys/fs/resctrl`) and a processor that can allocate caches. A change is in effect after the guest's next
 * start.
 */
export interface DomainCputuneCachetune {
  /**
   * The caches, by the number that the host gives the cache, and what it holds for them: `0/both`, `1/code`,
   * `1/data`. A change is in effect after the guest's next start.
   */
  readonly caches: Readonly<Record<string, DomainCputuneCachetuneCaches | IResolvable>> | IResolvable;
}

/**
 * The caches, by the number that the host gives the cache, and what it holds for them: `0/both`, `1/code`,
 * `1/data`. A change is in effect after the guest's next start.
 */
export interface DomainCputuneCachetuneCaches {
  /** The level of the cache. Default: `3`. A change is in effect after the guest's next start. */
  readonly level?: number;

  /**
   * The size, in KiB: a multiple of what the host allocates at once. A change is in effect after the guest's next
   * start.
   */
  readonly size: number;
}

/**
 * The kernel's scheduler for the threads other than virtual CPUs and I/O threads. Unset: the ordinary one. A
 * change is in effect after the guest's next start.
 */
export interface DomainCputuneEmulatorsched {
  /**
   * The priority with `fifo` and `rr`, which require it: 99 is the highest. A change is in effect after the guest's
   * next start.
   */
  readonly priority?: number;

  /**
   * `fifo` and `rr` are real-time schedulers, for which the host must have time to give; `batch` and `idle` yield to
   * other threads. One of `fifo`, `rr`, `batch`, `idle`. A change is in effect after the guest's next start.
   */
  readonly scheduler: string;
}

/**
 * The I/O threads, by their numbers from 1. A disk uses one by its `options.iothread`. An entry is added and
 * removed live, unless it has a `scheduler` or a disk of the running guest uses it.
 */
export interface DomainCputuneIothreads {
  /** The host's CPUs for the thread: `0-3,^2`. Unset: all. */
  readonly cpuset?: string;

  /**
   * By which factor the time grows, up to `poll_max`. Unset: QEMU's own choice. It requires libvirt 9.4. A change is
   * live; a removal is in effect after the guest's next start.
   */
  readonly pollGrow?: number;

  /**
   * How long the thread polls for work before it sleeps, in ns. `0`: never. Unset: QEMU's own choice. It requires
   * libvirt 9.4. A change is live; a removal is in effect after the guest's next start.
   */
  readonly pollMax?: number;

  /**
   * By which factor the time shrinks. Unset: QEMU's own choice. It requires libvirt 9.4. A change is live; a removal
   * is in effect after the guest's next start.
   */
  readonly pollShrink?: number;

  /**
   * The greatest number of worker threads. Unset: QEMU's own choice. A change is live; a removal is in effect after
   * the guest's next start.
   */
  readonly poolMax?: number;

  /**
   * The least number of worker threads. Unset: QEMU's own choice. A change is live; a removal is in effect after the
   * guest's next start.
   */
  readonly poolMin?: number;

  /**
   * The priority with `fifo` and `rr`, which require it: 99 is the highest. A change is in effect after the guest's
   * next start.
   */
  readonly priority?: number;

  /**
   * The kernel's scheduler for the thread. `fifo` and `rr` are real-time schedulers. Unset: the ordinary one. One of
   * `fifo`, `rr`, `batch`, `idle`. A change is in effect after the guest's next start.
   */
  readonly scheduler?: string;
}

/**
 * Limits of the memory bandwidth for groups of virtual CPUs, by their numbers: `0-1`. The host must have resctrl
 * (`/sys/fs/resctrl`) and a processor that can limit it. A change is in effect after the guest's next start.
 */
export interface DomainCputuneMemorytune {
  /** The nodes of the host's memory, by number. A change is in effect after the guest's next start. */
  readonly nodes: Readonly<Record<string, DomainCputuneMemorytuneNodes | IResolvable>> | IResolvable;
}

/** The nodes of the host's memory, by number. A change is in effect after the guest's next start. */
export interface DomainCputuneMemorytuneNodes {
  /**
   * The bandwidth, in percent; in MB/s on a host that mounts resctrl with `mba_MBps`. A change is in effect after
   * the guest's next start.
   */
  readonly bandwidth: number;
}

/**
 * The host's CPUs for each virtual CPU, by its number. An entry for a CPU that the guest does not have yet applies
 * when the CPU is added.
 */
export interface DomainCputuneVcpupin {
  /** The host's CPUs: `0-3,^2`. */
  readonly cpuset: string;
}

/**
 * The kernel's scheduler for virtual CPUs, by their numbers. Unset: the ordinary one. A change is in effect after
 * the guest's next start.
 */
export interface DomainCputuneVcpusched {
  /**
   * The priority with `fifo` and `rr`, which require it: 99 is the highest. A change is in effect after the guest's
   * next start.
   */
  readonly priority?: number;

  /**
   * `fifo` and `rr` are real-time schedulers, for which the host must have time to give; `batch` and `idle` yield to
   * other threads. One of `fifo`, `rr`, `batch`, `idle`. A change is in effect after the guest's next start.
   */
  readonly scheduler: string;
}

/** The other devices. Unset devices are not managed. A change is in effect after the guest's next start. */
export interface DomainDevices {
  /**
   * The memory balloon, by which the guest's memory changes while it runs. Unset: `virtio`. A change is in effect
   * after the guest's next start.
   */
  readonly balloon?: DomainDevicesBalloon | IResolvable;

  /**
   * Directories of the host that the guest can mount, by their mount tag: `mount -t virtiofs TAG /mnt`. An entry
   * with `virtiofs` is attached and detached live if the guest runs with shared memory and the entry has no
   * `address`; otherwise at the guest's next start.
   */
  readonly filesystems?: Readonly<Record<string, DomainDevicesFilesystems | IResolvable>> | IResolvable;

  /**
   * Devices of the host that only this guest uses, by a name of your choice. Each entry sets one of `pci`, `usb`,
   * `usb_address` and `mdev`. A guest with such a device cannot move while it runs. An entry is attached and
   * detached live; one with `boot` or `address` at the guest's next start.
   */
  readonly hostdevs?: Readonly<Record<string, DomainDevicesHostdevs | IResolvable>> | IResolvable;

  /**
   * The device by which the guest reports that its system crashed. A change is in effect after the guest's next
   * start.
   */
  readonly panic?: DomainDevicesPanic | IResolvable;

  /**
   * The random number generator. Unset: a new domain gets one with the host's `/dev/urandom`. A change is in effect
   * after the guest's next start.
   */
  readonly rng?: DomainDevicesRng | IResolvable;

  /**
   * The sound card that the guest sees. Unset: none. One of `ich9`, `ich7`, `ich6`, `ac97`, `es1370`, `sb16`, `usb`.
   * A change is in effect after the guest's next start.
   */
  readonly sound?: string;

  /**
   * The bus of a tablet, which aligns the pointer of a graphical console with the viewer's. Unset: no tablet. One of
   * `usb`, `virtio`. A change is in effect after the guest's next start.
   */
  readonly tablet?: string;

  /**
   * A Trusted Platform Module. The state of an emulated TPM is deleted with the domain. A change is in effect after
   * the guest's next start.
   */
  readonly tpm?: DomainDevicesTpm | IResolvable;

  /**
   * The graphics card. Unset: libvirt's own choice if there is a graphical console. A change is in effect after the
   * guest's next start.
   */
  readonly video?: DomainDevicesVideo | IResolvable;

  /**
   * A socket between the guest and its host that needs no network. A change is in effect after the guest's next
   * start.
   */
  readonly vsock?: DomainDevicesVsock | IResolvable;

  /** The watchdog, which acts when the guest hangs. A change is in effect after the guest's next start. */
  readonly watchdog?: DomainDevicesWatchdog | IResolvable;
}

/**
 * The memory balloon, by which the guest's memory changes while it runs. Unset: `virtio`. A change is in effect
 * after the guest's next start.
 */
export interface DomainDevicesBalloon {
  /**
   * The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of its own,
   * with slot 0. Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it
   * is. A change is in effect after the guest's next start.
   */
  readonly address?: string;

  /**
   * Whether the balloon returns memory before the guest kills a process for lack of memory. A change is in effect
   * after the guest's next start.
   */
  readonly autodeflate?: boolean | IResolvable;

  /**
   * Whether the guest reports unused memory, so that the host can use it. A change is in effect after the guest's
   * next start.
   */
  readonly freePageReporting?: boolean | IResolvable;

  /**
   * The model that the guest sees. `none`: the memory cannot change. One of `virtio`, `virtio-transitional`,
   * `virtio-non-transitional`, `none`. Default: `virtio`. A change is in effect after the guest's next start.
   */
  readonly model?: string;

  /**
   * The interval of the guest's memory statistics, in seconds. Unset: no statistics. A change is in effect after the
   * guest's next start.
   */
  readonly statsPeriod?: number;
}

/**
 * Directories of the host that the guest can mount, by their mount tag: `mount -t virtiofs TAG /mnt`. An entry
 * with `virtiofs` is attached and detached live if the guest runs with shared memory and the entry has no
 * `address`; otherwise at the guest's next start.
 */
export interface DomainDevicesFilesystems {
  /**
   * Who owns the files that the guest creates. `passthrough`: the users of the guest, by their numbers. The other
   * modes require `9p`. One of `passthrough`, `mapped`, `squash`. Default: `passthrough`. A change is in effect
   * after the guest's next start.
   */
  readonly accessMode?: string;

  /**
   * The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of its own,
   * with slot 0. Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it
   * is. A change is in effect after the guest's next start.
   */
  readonly address?: string;

  /**
   * How much `virtiofs` lets the guest cache. Unset: virtiofsd's own choice. One of `none`, `always`. A change is in
   * effect after the guest's next start.
   */
  readonly cache?: string;

  /**
   * How the directory is shared. `virtiofs` requires `memory_backing.access` to be `shared`; `9p` is slower and has
   * no requirements. One of `virtiofs`, `9p`. Default: `virtiofs`. A change is in effect after the guest's next
   * start.
   */
  readonly driver?: string;

  /** The length of the request queue of `virtiofs`. A change is in effect after the guest's next start. */
  readonly queue?: number;

  /**
   * Whether the guest can only read the directory. libvirt 9.0 supports that with `9p` only. Default: `false`. A
   * change is in effect after the guest's next start.
   */
  readonly readOnly?: boolean | IResolvable;

  /** The directory on the host. A change is in effect after the guest's next start. */
  readonly source: string;
}

/**
 * Devices of the host that only this guest uses, by a name of your choice. Each entry sets one of `pci`, `usb`,
 * `usb_address` and `mdev`. A guest with such a device cannot move while it runs. An entry is attached and
 * detached live; one with `boot` or `address` at the guest's next start.
 */
export interface DomainDevicesHostdevs {
  /**
   * The PCI address that the guest sees, of a `pci` or `mdev` device: `0000:05:00.0`. Unset: libvirt chooses a free
   * one when the device is added. Removing it leaves the device where it is. A change is in effect after the guest's
   * next start.
   */
  readonly address?: string;

  /**
   * The position in the boot order of the firmware, see `boot` of `disks`. A change is in effect after the guest's
   * next start.
   */
  readonly boot?: number;

  /**
   * Whether libvirt detaches a PCI device from the host's driver before it is used, and reattaches it afterwards.
   * Default: `true`. A change is in effect after the guest's next start.
   */
  readonly managed?: boolean | IResolvable;

  /**
   * The UUID of a mediated device, for example a part of a graphics card. A change is in effect after the guest's
   * next start.
   */
  readonly mdev?: string;

  /**
   * The address of a PCI device, as in `lspci -D`: `0000:05:00.0`. A change is in effect after the guest's next
   * start.
   */
  readonly pci?: string;

  /**
   * Whether the guest sees the ROM of a PCI device. Unset: QEMU's choice. A change is in effect after the guest's
   * next start.
   */
  readonly romBar?: boolean | IResolvable;

  /** A file on the host that replaces the ROM of a PCI device. A change is in effect after the guest's next start. */
  readonly romFile?: string;

  /**
   * The vendor and product of a USB device, as in `lsusb`: `1d6b:0002`. A change is in effect after the guest's next
   * start.
   */
  readonly usb?: string;

  /**
   * The bus and number of a USB device, if there are several of one product: `1:4`. The host assigns another number
   * each time the device is plugged in. A change is in effect after the guest's next start.
   */
  readonly usbAddress?: string;
}

/**
 * The device by which the guest reports that its system crashed. A change is in effect after the guest's next
 * start.
 */
export interface DomainDevicesPanic {
  /**
   * `isa` for Linux on x86, `hyperv` for Windows. One of `isa`, `hyperv`, `pseries`, `s390`, `pvpanic`. A change is
   * in effect after the guest's next start.
   */
  readonly model: string;
}

/**
 * The random number generator. Unset: a new domain gets one with the host's `/dev/urandom`. A change is in effect
 * after the guest's next start.
 */
export interface DomainDevicesRng {
  /**
   * The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of its own,
   * with slot 0. Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it
   * is. A change is in effect after the guest's next start.
   */
  readonly address?: string;

  /**
   * `random` is the host's `device`, `builtin` is QEMU's own generator. One of `random`, `builtin`. Default:
   * `random`. A change is in effect after the guest's next start.
   */
  readonly backend?: string;

  /**
   * The host's device: `/dev/urandom`, `/dev/hwrng`. Unset: libvirt's choice. A change is in effect after the
   * guest's next start.
   */
  readonly device?: string;

  /**
   * The model that the guest sees. `none`: no generator. One of `virtio`, `virtio-transitional`,
   * `virtio-non-transitional`, `none`. Default: `virtio`. A change is in effect after the guest's next start.
   */
  readonly model?: string;

  /**
   * How many bytes the guest gets in each `rate_period`. Unset: no limit. A change is in effect after the guest's
   * next start.
   */
  readonly rateBytes?: number;

  /** The period, in milliseconds. Unset: 1000. A change is in effect after the guest's next start. */
  readonly ratePeriod?: number;
}

/**
 * A Trusted Platform Module. The state of an emulated TPM is deleted with the domain. A change is in effect after
 * the guest's next start.
 */
export interface DomainDevicesTpm {
  /**
   * `emulator` is an emulated TPM (swtpm on the host), `passthrough` the host's TPM. One of `emulator`,
   * `passthrough`. Default: `emulator`. A change is in effect after the guest's next start.
   */
  readonly backend?: string;

  /**
   * The host's device, with `passthrough`. Unset: libvirt's choice, `/dev/tpm0`. A change is in effect after the
   * guest's next start.
   */
  readonly device?: string;

  /**
   * The UUID of the libvirt secret that encrypts the state of an emulated TPM on the host. It cannot be changed
   * later. A change is in effect after the guest's next start.
   */
  readonly encryptionSecretUuid?: string;

  /**
   * The model that the guest sees. Unset: libvirt's choice, on x86 `tpm-tis`. One of `tpm-tis`, `tpm-crb`,
   * `tpm-spapr`. A change is in effect after the guest's next start.
   */
  readonly model?: string;

  /**
   * Whether libvirt keeps the state of an emulated TPM even if the definition is removed temporarily. Default:
   * `false`. A change is in effect after the guest's next start.
   */
  readonly persistentState?: boolean | IResolvable;

  /**
   * The version of an emulated TPM. One of `1.2`, `2.0`. Default: `2.0`. A change is in effect after the guest's
   * next start.
   */
  readonly version?: string;
}

/**
 * The graphics card. Unset: libvirt's own choice if there is a graphical console. A change is in effect after the
 * guest's next start.
 */
export interface DomainDevicesVideo {
  /**
   * Whether the guest uses the host's graphics card for 3D, with model `virtio`. Default: `false`. A change is in
   * effect after the guest's next start.
   */
  readonly accel3d?: boolean | IResolvable;

  /**
   * The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of its own,
   * with slot 0. Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it
   * is. A change is in effect after the guest's next start.
   */
  readonly address?: string;

  /** The number of screens. Default: `1`. A change is in effect after the guest's next start. */
  readonly heads?: number;

  /**
   * The model that the guest sees. `none`: no card, even with a console. One of `virtio`, `qxl`, `vga`, `cirrus`,
   * `bochs`, `ramfb`, `none`. A change is in effect after the guest's next start.
   */
  readonly model: string;

  /**
   * The video memory, in KiB. Unset: libvirt's default for the model. A change is in effect after the guest's next
   * start.
   */
  readonly vram?: number;
}

/**
 * A socket between the guest and its host that needs no network. A change is in effect after the guest's next
 * start.
 */
export interface DomainDevicesVsock {
  /**
   * The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of its own,
   * with slot 0. Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it
   * is. A change is in effect after the guest's next start.
   */
  readonly address?: string;

  /**
   * The address of the guest (CID). Unset: libvirt chooses a free one at each start. A change is in effect after the
   * guest's next start.
   */
  readonly cid?: number;
}

/** The watchdog, which acts when the guest hangs. A change is in effect after the guest's next start. */
export interface DomainDevicesWatchdog {
  /**
   * What happens to a guest that hangs. One of `reset`, `shutdown`, `poweroff`, `pause`, `none`, `dump`,
   * `inject-nmi`. Default: `reset`. A change is in effect after the guest's next start.
   */
  readonly action?: string;

  /**
   * The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of its own,
   * with slot 0. Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it
   * is. A change is in effect after the guest's next start.
   */
  readonly address?: string;

  /**
   * The model that the guest sees: `i6300esb` on machines with PCI. libvirt 9.0 does not support `itco`. One of
   * `i6300esb`, `ib700`, `diag288`, `itco`. A change is in effect after the guest's next start.
   */
  readonly model: string;
}

/**
 * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. A removed entry is detached as soon as the
 * guest has released it. An entry on `sata` or `ide` is attached and detached at the guest's next start, and so
 * are the first entry on `scsi` and an entry with `boot` or `address`.
 */
export interface DomainDisks {
  /**
   * The address of the disk on the guest's bus: of a PCI device like `0000:05:00.0` on `virtio`; the controller,
   * bus, target and unit like `0:0:0:1` on `sata`, `scsi` and `ide`. A cdrom on `sata` is most often at `0:0:0:0`.
   * Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it is. A change
   * is in effect after the guest's next start.
   */
  readonly address?: string;

  /**
   * The position in the boot order of the firmware. If no device has a position, the firmware tries only the first
   * disk by name. A change is in effect after the guest's next start.
   */
  readonly boot?: number;

  /**
   * The bus to which the disk is attached. A cdrom is not supported on `virtio`. One of `virtio`, `sata`, `scsi`,
   * `ide`, `usb`. Default: `virtio`. A change is in effect after the guest's next start.
   */
  readonly bus?: string;

  /**
   * How the host caches the disk. Unset: QEMU's own choice, `writeback`. One of `none`, `writethrough`, `writeback`,
   * `directsync`, `unsafe`. A change is in effect after the guest's next start.
   */
  readonly cache?: string;

  /**
   * The type of the device that the guest sees. One of `disk`, `cdrom`. Default: `disk`. A change is in effect after
   * the guest's next start.
   */
  readonly device?: string;

  /**
   * The path of the image on the host, for example a volume's `path`. A cdrom without `file` and `source` is an
   * empty drive. Unless the disk is a cdrom, it is in effect after the guest's next start.
   */
  readonly file?: string;

  /**
   * The format of the image. A source that is not a `file` is most often `raw`. One of `qcow2`, `raw`. Default:
   * `qcow2`. It is in effect after the guest's next start, unless the medium of a cdrom changes with it.
   */
  readonly format?: string;

  /** Limits of the disk's throughput. A total cannot be combined with its read and write. */
  readonly iotune?: DomainDisksIotune | IResolvable;

  /** Less common settings of the disk. */
  readonly options?: DomainDisksOptions | IResolvable;

  /**
   * A source other than a `file`: a block device, a volume, or storage on the network; and the secret of an
   * encrypted source.
   */
  readonly source?: DomainDisksSource | IResolvable;

  /**
   * The pool for the copy of the disk when the guest moves to a host that does not share its storage. Unset: the
   * pool with the same name as on the source host. An import has the pool that the disk is in.
   */
  readonly targetPool?: string;
}

/** Limits of the disk's throughput. A total cannot be combined with its read and write. */
export interface DomainDisksIotune {
  /** Bytes per second, read. */
  readonly readBytesSec?: number;

  /** Bytes per second in a burst, if `read_bytes_sec` was not used up before. */
  readonly readBytesSecMax?: number;

  /** How long a burst of `read_bytes_sec_max` may last, in seconds. Unset: 1. */
  readonly readBytesSecMaxLength?: number;

  /** Operations per second, read. */
  readonly readIopsSec?: number;

  /** Operations per second in a burst, if `read_iops_sec` was not used up before. */
  readonly readIopsSecMax?: number;

  /** How long a burst of `read_iops_sec_max` may last, in seconds. Unset: 1. */
  readonly readIopsSecMaxLength?: number;

  /** Bytes per second, read and written together. */
  readonly totalBytesSec?: number;

  /** Bytes per second in a burst, if `total_bytes_sec` was not used up before. */
  readonly totalBytesSecMax?: number;

  /** How long a burst of `total_bytes_sec_max` may last, in seconds. Unset: 1. */
  readonly totalBytesSecMaxLength?: number;

  /** Operations per second, read and written together. */
  readonly totalIopsSec?: number;

  /** Operations per second in a burst, if `total_iops_sec` was not used up before. */
  readonly totalIopsSecMax?: number;

  /** How long a burst of `total_iops_sec_max` may last, in seconds. Unset: 1. */
  readonly totalIopsSecMaxLength?: number;

  /** Bytes per second, written. */
  readonly writeBytesSec?: number;

  /** Bytes per second in a burst, if `write_bytes_sec` was not used up before. */
  readonly writeBytesSecMax?: number;

  /** How long a burst of `write_bytes_sec_max` may last, in seconds. Unset: 1. */
  readonly writeBytesSecMaxLength?: number;

  /** Operations per second, written. */
  readonly writeIopsSec?: number;

  /** Operations per second in a burst, if `write_iops_sec` was not used up before. */
  readonly writeIopsSecMax?: number;

  /** How long a burst of `write_iops_sec_max` may last, in seconds. Unset: 1. */
  readonly writeIopsSecMaxLength?: number;
}

/** Less common settings of the disk. */
export interface DomainDisksOptions {
  /**
   * Whether QEMU detects zeroes that the guest writes and does not store them. `unmap` requires `discard` to be
   * `unmap`. Unset: QEMU stores them. One of `off`, `on`, `unmap`. A change is in effect after the guest's next
   * start.
   */
  readonly detectZeroes?: string;

  /**
   * Whether space that the guest trims is released on the host. Unset: `ignore`. One of `unmap`, `ignore`. A change
   * is in effect after the guest's next start.
   */
  readonly discard?: string;

  /**
   * How QEMU reads and writes. `native` requires `cache` to be `none` or `directsync`. Unset: QEMU's own choice,
   * `threads`. One of `native`, `threads`, `io_uring`. A change is in effect after the guest's next start.
   */
  readonly io?: string;

  /**
   * The I/O thread of the disk, on bus `virtio`: a key of `cputune.iothreads`. Unset: QEMU's main thread. A change
   * is in effect after the guest's next start.
   */
  readonly iothread?: number;

  /**
   * The number of queues, on bus `virtio`. Unset: QEMU's own choice, one for each virtual CPU. A change is in effect
   * after the guest's next start.
   */
  readonly queues?: number;

  /**
   * Whether the guest can only read the disk. A cdrom is always read-only. Default: `false`. A change is in effect
   * after the guest's next start.
   */
  readonly readOnly?: boolean | IResolvable;

  /**
   * How the host's security drivers label the image, by the name of the driver. Without an entry it gets the guest's
   * label at each start. A change is in effect after the guest's next start.
   */
  readonly seclabel?: Readonly<Record<string, DomainDisksOptionsSeclabel | IResolvable>> | IResolvable;

  /**
   * The serial number that the guest sees, for example in `/dev/disk/by-id`. A guest may see only the first 20
   * characters. A change is in effect after the guest's next start.
   */
  readonly serial?: string;

  /**
   * Whether several guests can have the disk at the same time. They must coordinate their writes, as cluster file
   * systems do. It requires `format` to be `raw`. Default: `false`. A change is in effect after the guest's next
   * start.
   */
  readonly shareable?: boolean | IResolvable;
}

/**
 * How the host's security drivers label the image, by the name of the driver. Without an entry it gets the guest's
 * label at each start. A change is in effect after the guest's next start.
 */
export interface DomainDisksOptionsSeclabel {
  /** The label that the image gets. Unset: that of the guest. A change is in effect after the guest's next start. */
  readonly label?: string;

  /**
   * Whether libvirt labels the image. If not, its label has to permit the guest's access already. Default: `true`. A
   * change is in effect after the guest's next start.
   */
  readonly relabel?: boolean | IResolvable;
}

/**
 * A source other than a `file`: a block device, a volume, or storage on the network; and the secret of an
 * encrypted source.
 */
export interface DomainDisksSource {
  /**
   * The path of a block device on the host, for example of a volume in a `logical` pool. Of a disk that is no cdrom
   * it is in effect after the guest's next start.
   */
  readonly block?: string;

  /**
   * The path of a `ceph.conf` on the host, with `rbd`. It can replace `hosts`. Of a disk that is no cdrom it is in
   * effect after the guest's next start.
   */
  readonly config?: string;

  /**
   * The libvirt secret on the host that decrypts a LUKS image: its UUID, or the name of its usage. It can also be
   * set with `file`. It is in effect after the guest's next start, unless the medium of a cdrom changes with it.
   */
  readonly encryptionSecret?: string;

  /**
   * The servers, by name or address; with `rbd` the monitors. Only `rbd` and `gluster` support several. Of a disk
   * that is no cdrom it is in effect after the guest's next start.
   */
  readonly hosts?: Readonly<Record<string, DomainDisksSourceHosts | IResolvable>> | IResolvable;

  /**
   * The IQN by which the host identifies itself to the target, with `iscsi`. Of a disk that is no cdrom it is in
   * effect after the guest's next start.
   */
  readonly initiator?: string;

  /**
   * The name of the image in the storage: `pool/image` with `rbd`, `iqn.../LUN` with `iscsi`, `volume/path` with
   * `gluster`, an export with `nbd`, a path with the others. Of a disk that is no cdrom it is in effect after the
   * guest's next start.
   */
  readonly name?: string;

  /**
   * The pool of the `volume`, on the same host. Prefer `file`: it moves with the guest. Of a disk that is no cdrom
   * it is in effect after the guest's next start.
   */
  readonly pool?: string;

  /**
   * The protocol by which QEMU itself reaches storage on the network. `http`, `https`, `ftp` and `ftps` are
   * read-only. One of `rbd`, `iscsi`, `nbd`, `gluster`, `http`, `https`, `ftp`, `ftps`. Of a disk that is no cdrom
   * it is in effect after the guest's next start.
   */
  readonly protocol?: string;

  /**
   * The libvirt secret on the host with the key or password: its UUID, or the name of its usage. Of a disk that is
   * no cdrom it is in effect after the guest's next start.
   */
  readonly secret?: string;

  /**
   * A Unix socket on the host instead of `hosts`, with `nbd` and `gluster`. Of a disk that is no cdrom it is in
   * effect after the guest's next start.
   */
  readonly socket?: string;

  /**
   * Whether the connection is encrypted, with `nbd`. It uses the certificates in the host's `qemu.conf`. Default:
   * `false`. Of a disk that is no cdrom it is in effect after the guest's next start.
   */
  readonly tls?: boolean | IResolvable;

  /** The user name, with `rbd` and `iscsi`. Of a disk that is no cdrom it is in effect after the guest's next start. */
  readonly username?: string;

  /**
   * Whether the server's certificate is verified, with `https` and `ftps`. Default: `true`. Of a disk that is no
   * cdrom it is in effect after the guest's next start.
   */
  readonly verify?: boolean | IResolvable;

  /** The name of a volume in `pool`. Of a disk that is no cdrom it is in effect after the guest's next start. */
  readonly volume?: string;
}

/**
 * The servers, by name or address; with `rbd` the monitors. Only `rbd` and `gluster` support several. Of a disk
 * that is no cdrom it is in effect after the guest's next start.
 */
export interface DomainDisksSourceHosts {
  /**
   * The TCP port. Unset: the default of the protocol. libvirt knows none for `rbd`, which is read as 0. Of a disk
   * that is no cdrom it is in effect after the guest's next start.
   */
  readonly port?: number;
}

/**
 * Settings of the firmware `efi`. UEFI variables survive every change. Those with secure boot and those without
 * are in separate files, and neither contains the other's settings.
 */
export interface DomainEfi {
  /**
   * The firmware image on the host. Unset: libvirt chooses one of the host's images. Another image keeps the
   * existing variables, unless `nvram` names other ones. A change is in effect after the guest's next start.
   */
  readonly loader?: string;

  /**
   * The file on the host with the domain's variables. It is created if it is missing, and removed with the domain.
   * Unset: a file that libvirt manages. A change is in effect after the guest's next start.
   */
  readonly nvram?: string;

  /**
   * The file on the host from which the variables are copied, with `loader`. Unset: the template that libvirt knows
   * for the loader. A change is in effect after the guest's next start.
   */
  readonly nvramTemplate?: string;

  /**
   * Whether only signed systems start: the vendor's keys are enrolled, and the variables are protected from the
   * guest (SMM). It requires a `q35` machine. Default: `false`. A change is in effect after the guest's next start.
   */
  readonly secureBoot?: boolean | IResolvable;
}

/**
 * Features of the machine and its hypervisor. Unset: ACPI and APIC; on ARM, ACPI with the firmware `efi` only. A
 * change is in effect after the guest's next start.
 */
export interface DomainFeatures {
  /**
   * Whether the machine has ACPI. Without it, the guest does not react to the power button. Default: `true`. A
   * change is in effect after the guest's next start.
   */
  readonly acpi?: boolean | IResolvable;

  /**
   * Whether the machine has an APIC, the interrupt controller that several processors require, on x86. Default:
   * `true`. A change is in effect after the guest's next start.
   */
  readonly apic?: boolean | IResolvable;

  /** Hyper-V enlightenments, which Windows uses. A change is in effect after the guest's next start. */
  readonly hyperv?: DomainFeaturesHyperv | IResolvable;

  /**
   * What emulates the I/O APIC. Unset: the hypervisor's choice. One of `kvm`, `qemu`. A change is in effect after
   * the guest's next start.
   */
  readonly ioapic?: string;

  /** Whether KVM is hidden from the guest. A change is in effect after the guest's next start. */
  readonly kvmHidden?: boolean | IResolvable;

  /**
   * Whether a 32-bit guest can use more than 4 GiB of memory. Default: `false`. A change is in effect after the
   * guest's next start.
   */
  readonly pae?: boolean | IResolvable;

  /** The performance counters of the processor (PMU). A change is in effect after the guest's next start. */
  readonly pmu?: boolean | IResolvable;

  /**
   * System Management Mode, which secure boot requires. Unset: as the firmware requires. A change is in effect after
   * the guest's next start.
   */
  readonly smm?: boolean | IResolvable;

  /**
   * A location where the guest publishes debug information for memory dumps. A change is in effect after the guest's
   * next start.
   */
  readonly vmcoreinfo?: boolean | IResolvable;

  /** The I/O port of VMware's guest interface, emulated by QEMU. A change is in effect after the guest's next start. */
  readonly vmport?: boolean | IResolvable;
}

/** Hyper-V enlightenments, which Windows uses. A change is in effect after the guest's next start. */
export interface DomainFeaturesHyperv {
  /** The enlightened VMCS, for Hyper-V in the guest. A change is in effect after the guest's next start. */
  readonly evmcs?: boolean | IResolvable;

  /**
   * The frequencies of the processor and the interrupt controller. A change is in effect after the guest's next
   * start.
   */
  readonly frequencies?: boolean | IResolvable;

  /** Interrupts between processors by the hypervisor. A change is in effect after the guest's next start. */
  readonly ipi?: boolean | IResolvable;

  /**
   * `passthrough` enables all enlightenments of the host, `custom` those that are set here. One of `custom`,
   * `passthrough`. Default: `custom`. A change is in effect after the guest's next start.
   */
  readonly mode?: string;

  /** Notifications of a migration, for nested guests. A change is in effect after the guest's next start. */
  readonly reenlightenment?: boolean | IResolvable;

  /**
   * Relaxed timing: the guest does not treat missed timer interrupts as a failure. A change is in effect after the
   * guest's next start.
   */
  readonly relaxed?: boolean | IResolvable;

  /** A register by which the guest resets the machine. A change is in effect after the guest's next start. */
  readonly reset?: boolean | IResolvable;

  /** The run time of a virtual processor. A change is in effect after the guest's next start. */
  readonly runtime?: boolean | IResolvable;

  /**
   * How often the guest tries to take a lock before it notifies the hypervisor: `8191` is usual. A change is in
   * effect after the guest's next start.
   */
  readonly spinlocks?: number;

  /**
   * Synthetic timers. They require `synic`, and the timer `hypervclock`. A change is in effect after the guest's
   * next start.
   */
  readonly stimer?: boolean | IResolvable;

  /** The synthetic interrupt controller. It requires `vpindex`. A change is in effect after the guest's next start. */
  readonly synic?: boolean | IResolvable;

  /** Flushes of the TLB by the hypervisor. A change is in effect after the guest's next start. */
  readonly tlbflush?: boolean | IResolvable;

  /** The paravirtualized interrupt controller. A change is in effect after the guest's next start. */
  readonly vapic?: boolean | IResolvable;

  /**
   * The vendor ID that the hypervisor reports: at most 12 characters. A change is in effect after the guest's next
   * start.
   */
  readonly vendorId?: string;

  /** The index of a virtual processor. A change is in effect after the guest's next start. */
  readonly vpindex?: boolean | IResolvable;
}

/** The graphical console. A change is in effect after the guest's next start. */
export interface DomainGraphics {
  /**
   * The address of the host on which the console listens; `host` is the address in the host's qemu.conf. Default:
   * `127.0.0.1`. A change is in effect after the guest's next start.
   */
  readonly listen?: string;

  /**
   * The password, which requires `password_version`. With `vnc` it has at most 8 characters. It is not stored in the
   * plan or the state. It is applied when the object is created, and again when `password_version` changes.
   *
   * Sensitive: Terraform doesn't show it.
   *
   * Write-only: Terraform doesn't keep it in its state.
   */
  readonly password?: string;

  /**
   * The version of `password`, which it requires: begin with 1, and raise it with each new password. It reads as
   * null if the password was removed outside Terraform. Another password is live; adding or removing the password is
   * in effect after the guest's next start.
   */
  readonly passwordVersion?: number;

  /**
   * The TCP port. Unset: libvirt chooses a free port at each start. A change is in effect after the guest's next
   * start.
   */
  readonly port?: number;

  /** The protocol. One of `vnc`, `spice`. A change is in effect after the guest's next start. */
  readonly type: string;
}

/**
 * The network interfaces, by a name of your choice: each connected to a network, a bridge or a device. A removed
 * entry is detached as soon as the guest has released it. An entry with `boot` or `address` is attached at the
 * guest's next start.
 */
export interface DomainInterfaces {
  /**
   * The PCI address that the guest sees, as in `lspci -D`: `0000:05:00.0`. A PCI Express port has a bus of its own,
   * with slot 0. Unset: libvirt chooses a free one when the device is added. Removing it leaves the device where it
   * is. A change is in effect after the guest's next start.
   */
  readonly address?: string;

  /** Limits of the throughput. `inbound` is traffic to the guest. */
  readonly bandwidth?: DomainInterfacesBandwidth | IResolvable;

  /**
   * The position in the boot order of the firmware, see `boot` of `disks`. A change is in effect after the guest's
   * next start.
   */
  readonly boot?: number;

  /**
   * The name of a bridge on the host, instead of a network. If the interface is or was on a device or on a bridge of
   * Open vSwitch, it is in effect after the guest's next start.
   */
  readonly bridge?: string;

  /**
   * A network device of the host (macvtap), instead of a network. A change is in effect after the guest's next
   * start.
   */
  readonly direct?: DomainInterfacesDirect | IResolvable;

  /** The network filter (nwfilter) on the host that restricts what the guest sends and receives: `clean-traffic`, ... */
  readonly filter?: string;

  /** The parameters of the filter, by name: `IP`, `CTRL_IP_LEARNING`, ... */
  readonly filterParameters?: Readonly<Record<string, DomainInterfacesFilterParameters | IResolvable>> | IResolvable;

  /** Whether the interface cannot reach other isolated interfaces of its bridge. */
  readonly isolated?: boolean | IResolvable;

  /** Whether the guest sees a plugged-in cable. Unset: `up`. One of `up`, `down`. */
  readonly link?: string;

  /**
   * The MAC address. Unset: libvirt chooses one when it attaches the interface. A change is in effect after the
   * guest's next start.
   */
  readonly mac?: string;

  /**
   * The model that the guest sees: `virtio`, `e1000e`, ... Default: `virtio`. A change is in effect after the
   * guest's next start.
   */
  readonly model?: string;

  /**
   * The maximum packet size (MTU), in bytes. Unset: the MTU of the network. A change is in effect after the guest's
   * next start.
   */
  readonly mtu?: number;

  /**
   * The name of the network, on the same host. If the interface is or was on a device or on a bridge of Open
   * vSwitch, it is in effect after the guest's next start.
   */
  readonly network?: string;

  /**
   * The port group of the network. Unset: the network's default group. Unless `network` changes too, it is in effect
   * after the guest's next start.
   */
  readonly portgroup?: string;

  /**
   * The position among the interfaces on the guest's bus, by which a guest names them: `enp1s0` before `enp2s0`. If
   * an interface has one, each has one. An interface that is added to a running guest between others is there at its
   * end until the guest's next start. Unset: the order of the names for a new domain; then libvirt's choice. Another
   * order is in effect after the guest's next start.
   */
  readonly position?: number;

  /**
   * How many of its processors the guest can use for the interface at the same time, with model `virtio`. Unset:
   * one. A change is in effect after the guest's next start.
   */
  readonly queues?: number;

  /**
   * The type of the virtual switch, if the bridge is not a Linux bridge. One of `openvswitch`. A change is in effect
   * after the guest's next start.
   */
  readonly virtualport?: string;

  /**
   * The VLANs of the interface, on a bridge of Open vSwitch, on a virtual function, or since libvirt 11.0.0 on a
   * Linux bridge with VLAN filtering.
   */
  readonly vlan?: DomainInterfacesVlan | IResolvable;
}

/** Limits of the throughput. `inbound` is traffic to the guest. */
export interface DomainInterfacesBandwidth {
  /** The average rate of traffic to the guest, in kilobytes per second. */
  readonly inboundAverage?: number;

  /** How much data may arrive at `inbound_peak`, in KiB. */
  readonly inboundBurst?: number;

  /** The maximum rate of traffic to the guest, in kilobytes per second. */
  readonly inboundPeak?: number;

  /** The average rate of traffic from the guest, in kilobytes per second. */
  readonly outboundAverage?: number;

  /** How much data may be sent at `outbound_peak`, in KiB. */
  readonly outboundBurst?: number;

  /** The maximum rate of traffic from the guest, in kilobytes per second. */
  readonly outboundPeak?: number;
}

/**
 * A network device of the host (macvtap), instead of a network. A change is in effect after the guest's next
 * start.
 */
export interface DomainInterfacesDirect {
  /** The network device, for example `eth0`. A change is in effect after the guest's next start. */
  readonly dev: string;

  /**
   * Whom the guest reaches on the device: other guests (`bridge`), no other guest (`private`), or guests through the
   * switch (`vepa`). `passthrough` gives the whole device to the guest. One of `bridge`, `private`, `vepa`,
   * `passthrough`. Default: `bridge`. A change is in effect after the guest's next start.
   */
  readonly mode?: string;
}

/** The parameters of the filter, by name: `IP`, `CTRL_IP_LEARNING`, ... */
export interface DomainInterfacesFilterParameters {
  /** The value of the parameter, or all its values. */
  readonly values: readonly string[];
}

/**
 * The VLANs of the interface, on a bridge of Open vSwitch, on a virtual function, or since libvirt 11.0.0 on a
 * Linux bridge with VLAN filtering.
 */
export interface DomainInterfacesVlan {
  /**
   * The VLAN tags, from 0 to 4095. A single tag is invisible to the guest; several tags are a trunk, and the guest
   * sees them. Adding or removing the group is in effect after the guest's next start.
   */
  readonly tags: readonly string[];

  /**
   * Whether a single tag is a trunk too. Several tags always are. Adding or removing the group is in effect after
   * the guest's next start.
   */
  readonly trunk?: boolean | IResolvable;
}

/**
 * The limits within which the guest can grow while it runs. Unset: `vcpu` and `memory`. A change is in effect
 * after the guest's next start.
 */
export interface DomainMaximum {
  /**
   * The maximum memory that the balloon can give, in KiB. The guest boots with all of it and returns what exceeds
   * `memory` as soon as its driver runs. A change is in effect after the guest's next start.
   */
  readonly memory?: number;

  /** The maximum number of memory devices. A change is in effect after the guest's next start. */
  readonly memorySlots?: number;

  /** The maximum memory including all devices, in KiB. A change is in effect after the guest's next start. */
  readonly memoryWithDevices?: number;

  /**
   * The maximum number of virtual CPUs. All CPUs but the first can then be removed again. A change is in effect
   * after the guest's next start.
   */
  readonly vcpu?: number;
}

/** How guest memory is backed on the host. A change is in effect after the guest's next start. */
export interface DomainMemoryBacking {
  /**
   * Whether other processes of the host can map the memory. `virtiofs` and vhost-user require `shared`, with source
   * `memfd` or `file`. Unset: `private`. One of `private`, `shared`. A change is in effect after the guest's next
   * start.
   */
  readonly access?: string;

  /**
   * When the host allocates the memory: at the start, or on demand. Unset: `ondemand`. One of `immediate`,
   * `ondemand`. A change is in effect after the guest's next start.
   */
  readonly allocation?: string;

  /**
   * Whether the content of a memory file is discarded, and not written back, when the guest stops. Default: `false`.
   * A change is in effect after the guest's next start.
   */
  readonly discard?: boolean | IResolvable;

  /**
   * The NUMA nodes of the guest that have huge pages of another size, by the size in KiB: `1048576`. A change is in
   * effect after the guest's next start.
   */
  readonly hugepageNodes?: Readonly<Record<string, DomainMemoryBackingHugepageNodes | IResolvable>> | IResolvable;

  /**
   * The size of the huge pages, in KiB: `2048`, `1048576`. Unset: the host's default; with `hugepage_nodes`, the
   * other nodes have ordinary pages. A change is in effect after the guest's next start.
   */
  readonly hugepageSize?: number;

  /**
   * Whether the memory consists of huge pages, which the host must have reserved. Default: `false`. A change is in
   * effect after the guest's next start.
   */
  readonly hugepages?: boolean | IResolvable;

  /**
   * Whether the host never swaps the memory out, with that of QEMU itself. libvirt permits the guest's process to
   * lock as much as `memtune.hard_limit`, or any amount without it. The plan refuses a limit that is too low.
   * Default: `false`. A change is in effect after the guest's next start.
   */
  readonly locked?: boolean | IResolvable;

  /**
   * Whether the host excludes the memory from page sharing (KSM). Default: `false`. A change is in effect after the
   * guest's next start.
   */
  readonly nosharepages?: boolean | IResolvable;

  /**
   * The NUMA nodes of the host that have the guest's memory. Unset: the host chooses. A change is in effect after
   * the guest's next start.
   */
  readonly numatune?: DomainMemoryBackingNumatune | IResolvable;

  /**
   * The source of the memory. Unset: `anonymous`. One of `anonymous`, `file`, `memfd`. A change is in effect after
   * the guest's next start.
   */
  readonly source?: string;
}

/**
 * The NUMA nodes of the guest that have huge pages of another size, by the size in KiB: `1048576`. A change is in
 * effect after the guest's next start.
 */
export interface DomainMemoryBackingHugepageNodes {
  /** The nodes in `cpu.numa`: `0-1`. A change is in effect after the guest's next start. */
  readonly nodes: string;
}

/**
 * The NUMA nodes of the host that have the guest's memory. Unset: the host chooses. A change is in effect after
 * the guest's next start.
 */
export interface DomainMemoryBackingNumatune {
  /**
   * The nodes of the host for each node of the guest in `cpu.numa`, by its number. A change is in effect after the
   * guest's next start.
   */
  readonly cells?: Readonly<Record<string, DomainMemoryBackingNumatuneCells | IResolvable>> | IResolvable;

  /**
   * How the nodes are used: `strict` is only these, `preferred` these first, `interleave` all of these in turn;
   * `restrictive` is only these, as the host's control groups enforce it, so that `nodeset` can change live. One of
   * `strict`, `preferred`, `interleave`, `restrictive`. A change is in effect after the guest's next start.
   */
  readonly mode?: string;

  /**
   * The nodes of the host: `0-1`. A change is live with mode `restrictive`; otherwise it is in effect after the
   * guest's next start.
   */
  readonly nodeset?: string;

  /**
   * `auto`: numad on the host chooses the nodes of the memory and the CPUs at each start, in place of `nodeset`. One
   * of `auto`. A change is in effect after the guest's next start.
   */
  readonly placement?: string;
}

/**
 * The nodes of the host for each node of the guest in `cpu.numa`, by its number. A change is in effect after the
 * guest's next start.
 */
export interface DomainMemoryBackingNumatuneCells {
  /**
   * How the nodes are used, as above. One of `strict`, `preferred`, `interleave`, `restrictive`. Default: `strict`.
   * A change is in effect after the guest's next start.
   */
  readonly mode?: string;

  /** The nodes of the host: `0`. A change is in effect after the guest's next start. */
  readonly nodeset: string;
}

/**
 * Memory devices in addition to `memory`, by a name of your choice. They require `maximum.memory_slots`. A `dimm`
 * is attached live, and detached as far as the guest releases it. `virtio-mem` and `virtio-pmem` are attached
 * live, and detached at the guest's next start. An `nvdimm` is attached and detached at the guest's next start, as
 * is every device if the slots are added or removed with it.
 */
export interface DomainMemoryDevices {
  /**
   * Whether other processes of the host can map the memory. `virtio-pmem` requires `shared`; without it, an `nvdimm`
   * does not write to its file. Unset: as `cpu.numa` and `memory_backing` say. One of `shared`, `private`. A change
   * is in effect after the guest's next start.
   */
  readonly access?: string;

  /**
   * The alignment of the addresses of an `nvdimm`, in KiB, which a DAX device requires. Unset: the host's page size.
   * A change is in effect after the guest's next start.
   */
  readonly align?: number;

  /**
   * The unit in which the guest takes memory of a `virtio-mem` device, in KiB: a power of two, at least the size of
   * the host's transparent huge pages. Unset: 2048. A change is in effect after the guest's next start.
   */
  readonly block?: number;

  /**
   * Whether the content of the memory file of a `dimm` or `virtio-mem` is discarded when the guest stops. Unset: as
   * `cpu.numa` and `memory_backing` say. A change is in effect after the guest's next start.
   */
  readonly discard?: boolean | IResolvable;

  /**
   * The NUMA nodes of the host that have the memory of a `dimm` or `virtio-mem`: `0-1`. Unset: as
   * `memory_backing.numatune` says. A change is in effect after the guest's next start.
   */
  readonly hostNodes?: string;

  /**
   * The part of an `nvdimm` that keeps its namespaces, in KiB. Unset: none. A change is in effect after the guest's
   * next start.
   */
  readonly labelSize?: number;

  /**
   * `dimm` is a module of a fixed size. Of `virtio-mem`, the guest takes and returns as much as is `requested` while
   * it runs. `nvdimm` and `virtio-pmem` are persistent memory, whose content is in a file of the host; `virtio-pmem`
   * requires libvirt 9.1. One of `dimm`, `virtio-mem`, `nvdimm`, `virtio-pmem`. Default: `dimm`. A change is in
   * effect after the guest's next start.
   */
  readonly model?: string;

  /**
   * The NUMA node of the guest. `virtio-pmem` is in none. Default: `0`. A change is in effect after the guest's next
   * start.
   */
  readonly node?: number;

  /**
   * The size of the host's pages of a `dimm` or `virtio-mem`, in KiB: `2048`, `1048576`. Unset: as `memory_backing`
   * says. A change is in effect after the guest's next start.
   */
  readonly pageSize?: number;

  /**
   * The file or device of the host with the content of an `nvdimm` or `virtio-pmem`, which require it. It must
   * exist. A change is in effect after the guest's next start.
   */
  readonly path?: string;

  /**
   * Whether `path` of an `nvdimm` is persistent memory of the host, so that QEMU guarantees that writes are
   * persistent. Default: `false`. A change is in effect after the guest's next start.
   */
  readonly pmem?: boolean | IResolvable;

  /**
   * Whether the guest sees the `nvdimm` as read-only. Default: `false`. A change is in effect after the guest's next
   * start.
   */
  readonly readonly?: boolean | IResolvable;

  /**
   * How much of a `virtio-mem` device the guest is to have, in KiB: a multiple of `block`. An apply waits until the
   * guest, whose driver must be running, has taken or returned the difference. A change within the `size` is live.
   */
  readonly requested?: number;

  /**
   * The size, in KiB. Of `virtio-mem`: the most that can be requested. A change is in effect after the guest's next
   * start.
   */
  readonly size: number;
}

/**
 * Limits of the memory on the host, in KiB. The guest's process needs more memory than the guest has; the host may
 * kill a process that exceeds `hard_limit`.
 */
export interface DomainMemtune {
  /** The maximum memory. */
  readonly hardLimit?: number;

  /** The maximum memory when the host is short of memory. */
  readonly softLimit?: number;

  /** The maximum of memory and swap together. */
  readonly swapHardLimit?: number;
}

/** Metadata of other tools, by the URI of its XML namespace: one element each. */
export interface DomainMetadata {
  /** The prefix of the namespace in libvirt's XML. */
  readonly prefix: string;

  /** The element, without a prefix: `<owner team="storage"/>`. White space between elements is ignored. */
  readonly xml: string;
}

/** How a running domain moves when `host` changes. */
export interface DomainMigration {
  /** Whether QEMU slows the guest down if it changes memory faster than the memory can be sent. */
  readonly autoConverge?: boolean | IResolvable;

  /** The maximum transfer rate of the memory, and of each copied disk, in MiB per second. Unset: no limit. */
  readonly bandwidth?: number;

  /**
   * How memory is compressed. `zlib` and `zstd` require `parallel_connections`, and libvirt 9.0 does not support
   * them. One of `xbzrle`, `zlib`, `zstd`.
   */
  readonly compression?: string;

  /** The maximum pause at the end of the migration, in milliseconds. Unset: QEMU's default, 300. */
  readonly downtime?: number;

  /**
   * `abort` leaves the guest on its host, `suspend` pauses it until it has arrived, `force` completes the move at
   * once: by post-copy if it is allowed, otherwise with a pause of any length. Unset: `abort`. One of `abort`,
   * `suspend`, `force`.
   */
  readonly onTimeout?: string;

  /** The number of connections over which memory is sent. Unset: 1. */
  readonly parallelConnections?: number;

  /**
   * Whether the guest may continue on the destination before all its memory is there, if the memory has not arrived
   * in time. The guest is lost if the connection then fails.
   */
  readonly postCopy?: boolean | IResolvable;

  /**
   * Whether the hosts share the disks. `auto` decides by the pools of the disks: pools of the same network storage
   * are shared, disks in other pools are copied. `shared` and `copy` apply to all disks. Unset: `auto`. One of
   * `auto`, `shared`, `copy`.
   */
  readonly storage?: string;

  /** After how many seconds `on_timeout` takes place. Unset: no time limit. */
  readonly timeout?: number;

  /** Whether memory and disks are encrypted in transit, with the certificates in the `qemu.conf` of the hosts. */
  readonly tls?: boolean | IResolvable;
}

/**
 * The rolling group of the domain. An apply that restarts or replaces members interrupts only as many guests at a
 * time as the group permits, on all hosts together, and continues when they are ready: when they run, and
 * `wait_for` is met. If one does not become ready, the apply changes no further member. The next apply continues
 * with the rest.
 */
export interface DomainRollout {
  /** The name of the group, the same for all its members. */
  readonly group: string;

  /**
   * How many members may be unavailable at a time, whatever the reason. A member that does not exist is not counted.
   * Unset: 1, or any number with `min_available`.
   */
  readonly maxUnavailable?: number;

  /** How many members must remain available. Unset: none. */
  readonly minAvailable?: number;
}

/**
 * How the host's security drivers confine the guest, by the name of the driver: `selinux`, `apparmor`, `dac` (user
 * and group of QEMU). A driver without an entry gives each guest a label of its own. A change is in effect after
 * the guest's next start.
 */
export interface DomainSeclabel {
  /**
   * The context to which libvirt adds categories of the guest's own, which `dynamic` requires:
   * `system_u:system_r:svirt_t:s0`. A change is in effect after the guest's next start.
   */
  readonly baselabel?: string;

  /**
   * The label of QEMU, which `static` requires: `system_u:system_r:svirt_t:s0:c1,c2`, `+1000:+1000`. A change is in
   * effect after the guest's next start.
   */
  readonly label?: string;

  /** Why the guest is not confined, which `none` requires. Each plan that creates or changes the domain shows it. */
  readonly reason?: string;

  /**
   * Whether libvirt gives the guest's disks and other files a `static` label at each start. It always does with
   * `dynamic`. Default: `false`. A change is in effect after the guest's next start.
   */
  readonly relabel?: boolean | IResolvable;

  /**
   * `dynamic`, of `selinux` only: libvirt makes a label of `baselabel` at each start. `static`: the guest has
   * `label`. `none`: the driver does not confine the guest. One of `dynamic`, `static`, `none`. A change is in
   * effect after the guest's next start.
   */
  readonly type: string;
}

/** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
export interface DomainSerial {
  /**
   * Whether a start appends to the log; otherwise it overwrites the log. Default: `false`. A change is in effect
   * after the guest's next start.
   */
  readonly logAppend?: boolean | IResolvable;

  /**
   * A file on the host to which libvirt writes the output of the port. A change is in effect after the guest's next
   * start.
   */
  readonly logFile?: string;
}

/**
 * How the guest is shut down when the domain is stopped, restarted, replaced or destroyed. A paused guest is
 * resumed first.
 */
export interface DomainShutdown {
  /**
   * How the guest is asked to shut down: by the power button or by the guest agent. Unset: libvirt's choice, the
   * agent if it is connected. One of `acpi`, `agent`.
   */
  readonly mode?: string;

  /**
   * What happens after the timeout. `force`: the guest is powered off. `fail`: it keeps running, and the operation
   * that required the shutdown fails. One of `force`, `fail`. Default: `force`.
   */
  readonly onTimeout?: string;

  /**
   * How long the guest may take to shut down, in seconds; this also applies if the group is unset. 0 powers it off
   * at once, and discards the memory of a saved guest. Default: `30`.
   */
  readonly timeout?: number;
}

/**
 * The condition that an apply waits for after it starts the guest. If it is not met in time, the guest stays as it
 * is. For a new domain this is a warning, because Terraform would replace an object whose creation failed; for an
 * existing domain it is an error. The next apply waits again.
 */
export interface DomainWaitFor {
  /**
   * The interface that must have an IP address, by its key in `interfaces`; `any` is the first interface with an
   * address.
   */
  readonly address?: string;

  /** Whether the guest agent must be connected. */
  readonly guestAgent?: boolean | IResolvable;

  /**
   * How addresses are found. `lease`: from the DHCP leases of the host's networks. `agent`: from the guest agent.
   * `arp`: from the ARP table of the host. One of `lease`, `agent`, `arp`. Default: `lease`.
   */
  readonly source?: string;

  /** The time limit, in seconds. Default: `300`. */
  readonly timeout?: number;
}

/**
 * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
 * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
 * with its entry. A change is in effect after the guest's next start.
 */
export interface DomainXml {
  /**
   * XML attributes of the element that `under` names, instead of an `element`: `{ queue_size = "1024" }`. The
   * element keeps its other attributes. A change is in effect after the guest's next start.
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * The element, as libvirt returns it: `<hub type="usb"/>`. Additions by libvirt are not a difference. The element
   * declares its prefixes: `<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">`. A change is
   * in effect after the guest's next start.
   */
  readonly element?: string;

  /**
   * The path of the element that contains the `element` or has the `attributes`, below `domain`: `devices`, `cpu`,
   * `features`. Of elements that are entries of an attribute, it names one by its key: `devices/disk[vda]`. Of
   * others with the same name it takes the first, or the one with a number: `devices/controller[2]`. Empty: `domain`
   * itself. Default: ``. A change is in effect after the guest's next start.
   */
  readonly under?: string;
}

/**
 * A virtual machine. A change patches the definition and keeps everything in it that no attribute sets. What a
 * running guest cannot take over at once waits for its next start, or happens as `on_change` says. Destroying the
 * domain shuts the guest down and removes the definition; its volumes stay.
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
   * The clock with which the guest starts, and its timers. Unset: UTC. A change is in effect after the guest's next
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

  /** The command line of `kernel`. A change is in effect after the guest's next start. */
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
   * What confines the running guest, as the host reports it: the security driver, the label, and whether the host
   * enforces it (`apparmor: libvirt-8d0ea3bd-0f0f-4d3c-bb39-6a7dcf9b6d01 (enforcing)`). Null if the guest is off, or
   * the host has neither SELinux nor AppArmor.
   */
  public get confinedBy(): string {
    return this.getStringAttribute("confined_by");
  }

  /**
   * The virtual CPU. Unset: libvirt's own choice, which every host can run; for `aarch64` a Cortex-A57, or the
   * host's CPU with KVM. A change is in effect after the guest's next start.
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

  /** The share of the host's processors, and the threads of the guest that run on them. */
  public get cputune(): IResolvable {
    return this.interpolationForAttribute("cputune");
  }

  public set cputune(value: DomainCputune | IResolvable | undefined) {
    this.inputs.cputune = value;
  }

  public get cputuneInput(): DomainCputune | IResolvable | undefined {
    return this.inputs.cputune;
  }

  /** A description, for display. It can have several lines. */
  public get description(): string {
    return this.getStringAttribute("description");
  }

  public set description(value: string | undefined) {
    this.inputs.description = value;
  }

  public get descriptionInput(): string | undefined {
    return this.inputs.description;
  }

  /** The other devices. Unset devices are not managed. A change is in effect after the guest's next start. */
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
   * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. A removed entry is detached as soon as the
   * guest has released it. An entry on `sata` or `ide` is attached and detached at the guest's next start, and so
   * are the first entry on `scsi` and an entry with `boot` or `address`.
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
   * What an apply that creates or changes the domain means for the guest, for policies and pipelines that read a
   * plan (`terraform show -json PLAN`), which has no warnings. In a plan, it is unknown if it depends on a value
   * that is not known yet, or on what the guest has taken over since the last apply. A plan that does not change the
   * domain has the effect of the last one that did.
   */
  public get effect(): IResolvable {
    return this.interpolationForAttribute("effect");
  }

  /**
   * Settings of the firmware `efi`. UEFI variables survive every change. Those with secure boot and those without
   * are in separate files, and neither contains the other's settings.
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
   * Features of the machine and its hypervisor. Unset: ACPI and APIC; on ARM, ACPI with the firmware `efi` only. A
   * change is in effect after the guest's next start.
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
   * `efi` is UEFI; libvirt creates and removes its variables. One of `bios`, `efi`. Default: `bios`. For `aarch64`,
   * which has no BIOS: `efi`; there, `bios` boots `kernel` without firmware. A change is in effect after the guest's
   * next start.
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

  /** The graphical console. A change is in effect after the guest's next start. */
  public get graphics(): IResolvable {
    return this.interpolationForAttribute("graphics");
  }

  public set graphics(value: DomainGraphics | IResolvable | undefined) {
    this.inputs.graphics = value;
  }

  public get graphicsInput(): DomainGraphics | IResolvable | undefined {
    return this.inputs.graphics;
  }

  /**
   * Whether the domain has a channel for the QEMU guest agent. Default: `false`. A change is in effect after the
   * guest's next start.
   */
  public get guestAgent(): IResolvable {
    return this.getBooleanAttribute("guest_agent");
  }

  public set guestAgent(value: boolean | IResolvable | undefined) {
    this.inputs.guestAgent = value;
  }

  public get guestAgentInput(): boolean | IResolvable | undefined {
    return this.inputs.guestAgent;
  }

  /** The host, as named in the provider's `hosts`. Another host moves the domain there: live if it runs. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** The import ID: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The initial ramdisk of `kernel`, on the host. A change is in effect after the guest's next start. */
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
   * The network interfaces, by a name of your choice: each connected to a network, a bridge or a device. A removed
   * entry is detached as soon as the guest has released it. An entry with `boot` or `address` is attached at the
   * guest's next start.
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

  /** A kernel on the host that is booted directly. A change is in effect after the guest's next start. */
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
   * The machine type: `q35`, `pc`, or one with a version such as `pc-q35-7.2`. A name without a version stands for
   * the newest version of the host when the domain was defined. Unset: `q35` on x86, and `virt` on ARM and RISC-V. A
   * change is in effect after the guest's next start.
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
   * The limits within which the guest can grow while it runs. Unset: `vcpu` and `memory`. A change is in effect
   * after the guest's next start.
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
   * The memory, in KiB, without `memory_devices`. A change within `maximum.memory` is live, by the balloon driver of
   * the guest; otherwise it is in effect after the guest's next start.
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

  /** How guest memory is backed on the host. A change is in effect after the guest's next start. */
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
   * Memory devices in addition to `memory`, by a name of your choice. They require `maximum.memory_slots`. A `dimm`
   * is attached live, and detached as far as the guest releases it. `virtio-mem` and `virtio-pmem` are attached
   * live, and detached at the guest's next start. An `nvdimm` is attached and detached at the guest's next start, as
   * is every device if the slots are added or removed with it.
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
   * Limits of the memory on the host, in KiB. The guest's process needs more memory than the guest has; the host may
   * kill a process that exceeds `hard_limit`.
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

  /** Metadata of other tools, by the URI of its XML namespace: one element each. */
  public get metadata(): IResolvable {
    return this.interpolationForAttribute("metadata");
  }

  public set metadata(value: Readonly<Record<string, DomainMetadata | IResolvable>> | IResolvable | undefined) {
    this.inputs.metadata = value;
  }

  public get metadataInput(): Readonly<Record<string, DomainMetadata | IResolvable>> | IResolvable | undefined {
    return this.inputs.metadata;
  }

  /** How a running domain moves when `host` changes. */
  public get migration(): IResolvable {
    return this.interpolationForAttribute("migration");
  }

  public set migration(value: DomainMigration | IResolvable | undefined) {
    this.inputs.migration = value;
  }

  public get migrationInput(): DomainMigration | IResolvable | undefined {
    return this.inputs.migration;
  }

  /**
   * The domain's name. A change renames the domain, which has to be off and without snapshots: if the guest runs,
   * the plan fails, unless `on_change` is `restart` or `state` is `stopped`.
   */
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
   * What happens to a change that a running guest cannot take over. `defer`: the change is defined and waits for the
   * guest's next start, listed in `pending_restart`. `restart`: the guest is shut down, as `shutdown` says, and
   * started again. `live-only`: the plan fails. One of `live-only`, `defer`, `restart`. Default: `defer`.
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
   * The attributes whose definition differs from the running guest: they wait for its next start. Null if nothing
   * waits or the guest is not running.
   */
  public get pendingRestart(): string {
    return this.getStringAttribute("pending_restart");
  }

  /**
   * Whether a plan that destroys or replaces the domain is refused, also by `terraform destroy`. To destroy or
   * replace it, set this to `false` first, and apply that alone.
   */
  public get protect(): IResolvable {
    return this.getBooleanAttribute("protect");
  }

  public set protect(value: boolean | IResolvable | undefined) {
    this.inputs.protect = value;
  }

  public get protectInput(): boolean | IResolvable | undefined {
    return this.inputs.protect;
  }

  /**
   * The rolling group of the domain. An apply that restarts or replaces members interrupts only as many guests at a
   * time as the group permits, on all hosts together, and continues when they are ready: when they run, and
   * `wait_for` is met. If one does not become ready, the apply changes no further member. The next apply continues
   * with the rest.
   */
  public get rollout(): IResolvable {
    return this.interpolationForAttribute("rollout");
  }

  public set rollout(value: DomainRollout | IResolvable | undefined) {
    this.inputs.rollout = value;
  }

  public get rolloutInput(): DomainRollout | IResolvable | undefined {
    return this.inputs.rollout;
  }

  /**
   * How the host's security drivers confine the guest, by the name of the driver: `selinux`, `apparmor`, `dac` (user
   * and group of QEMU). A driver without an entry gives each guest a label of its own. A change is in effect after
   * the guest's next start.
   */
  public get seclabel(): IResolvable {
    return this.interpolationForAttribute("seclabel");
  }

  public set seclabel(value: Readonly<Record<string, DomainSeclabel | IResolvable>> | IResolvable | undefined) {
    this.inputs.seclabel = value;
  }

  public get seclabelInput(): Readonly<Record<string, DomainSeclabel | IResolvable>> | IResolvable | undefined {
    return this.inputs.seclabel;
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
   * How the guest is shut down when the domain is stopped, restarted, replaced or destroyed. A paused guest is
   * resumed first.
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
   * The desired run state. `saved` stores the guest's memory on the host's disk (managed save); from there it
   * continues as `running` or `paused`. A saved or paused guest that is to be `stopped` is resumed first, so that it
   * can shut down. The state also reads as `crashed`, or as `suspended` if the guest suspended itself. One of
   * `running`, `paused`, `saved`, `stopped`. Default: `running`.
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

  /** A short title, for display. */
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
   * What runs the guest: `kvm`, or software emulation (`qemu`) on a host without usable KVM. One of `kvm`, `qemu`.
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
   * The devices and settings of the domain that no set attribute declares, because they were made outside Terraform.
   * Null if there are none. What libvirt gives every domain, and devices that serve the graphical console, are not
   * listed. Every plan warns about what is listed.
   */
  public get undeclared(): string {
    return this.getStringAttribute("undeclared");
  }

  /** The UUID by which libvirt and the guest know the domain. A change replaces the object. */
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
   * The number of virtual CPUs. In a new domain they are the cores of one socket, unless `cpu.topology` says
   * otherwise. A change within `maximum.vcpu` is live, as far as the guest releases its CPUs; otherwise it is in
   * effect after the guest's next start. Removing CPUs from a guest of type `qemu` always is.
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
   * The condition that an apply waits for after it starts the guest. If it is not met in time, the guest stays as it
   * is. For a new domain this is a warning, because Terraform would replace an object whose creation failed; for an
   * existing domain it is an error. The next apply waits again.
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
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. A change is in effect after the guest's next start.
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
      protect: this.inputs.protect,
      rollout: nestedSingle(this.inputs.rollout, domainRolloutToTerraform),
      seclabel: nestedMap(this.inputs.seclabel, domainSeclabelToTerraform),
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
    devices: nestedMap(value.devices, domainBlkiotuneDevicesToTerraform),
    weight: value.weight,
  };
}

function domainBlkiotuneDevicesToTerraform(value: DomainBlkiotuneDevices): Record<string, unknown> {
  return {
    read_bytes_sec: value.readBytesSec,
    read_iops_sec: value.readIopsSec,
    weight: value.weight,
    write_bytes_sec: value.writeBytesSec,
    write_iops_sec: value.writeIopsSec,
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
    cache: nestedSingle(value.cache, domainCpuCacheToTerraform),
    check: value.check,
    features: nestedMap(value.features, domainCpuFeaturesToTerraform),
    maxphysaddr: nestedSingle(value.maxphysaddr, domainCpuMaxphysaddrToTerraform),
    migratable: value.migratable,
    mode: value.mode,
    model: value.model,
    numa: nestedMap(value.numa, domainCpuNumaToTerraform),
    topology: nestedSingle(value.topology, domainCpuTopologyToTerraform),
    vendor_id: value.vendorId,
  };
}

function domainCpuCacheToTerraform(value: DomainCpuCache): Record<string, unknown> {
  return {
    level: value.level,
    mode: value.mode,
  };
}

function domainCpuFeaturesToTerraform(value: DomainCpuFeatures): Record<string, unknown> {
  return {
    policy: value.policy,
  };
}

function domainCpuMaxphysaddrToTerraform(value: DomainCpuMaxphysaddr): Record<string, unknown> {
  return {
    bits: value.bits,
    mode: value.mode,
  };
}

function domainCpuNumaToTerraform(value: DomainCpuNuma): Record<string, unknown> {
  return {
    access: value.access,
    cpus: value.cpus,
    discard: value.discard,
    distances: nestedMap(value.distances, domainCpuNumaDistancesToTerraform),
    memory: value.memory,
  };
}

function domainCpuNumaDistancesToTerraform(value: DomainCpuNumaDistances): Record<string, unknown> {
  return {
    value: value.value,
  };
}

function domainCpuTopologyToTerraform(value: DomainCpuTopology): Record<string, unknown> {
  return {
    clusters: value.clusters,
    cores: value.cores,
    dies: value.dies,
    sockets: value.sockets,
    threads: value.threads,
  };
}

function domainCputuneToTerraform(value: DomainCputune): Record<string, unknown> {
  return {
    cachetune: nestedMap(value.cachetune, domainCputuneCachetuneToTerraform),
    emulator_period: value.emulatorPeriod,
    emulator_quota: value.emulatorQuota,
    emulatorpin: value.emulatorpin,
    emulatorsched: nestedSingle(value.emulatorsched, domainCputuneEmulatorschedToTerraform),
    global_period: value.globalPeriod,
    global_quota: value.globalQuota,
    iothread_period: value.iothreadPeriod,
    iothread_quota: value.iothreadQuota,
    iothreads: nestedMap(value.iothreads, domainCputuneIothreadsToTerraform),
    memorytune: nestedMap(value.memorytune, domainCputuneMemorytuneToTerraform),
    partition: value.partition,
    period: value.period,
    quota: value.quota,
    shares: value.shares,
    vcpupin: nestedMap(value.vcpupin, domainCputuneVcpupinToTerraform),
    vcpusched: nestedMap(value.vcpusched, domainCputuneVcpuschedToTerraform),
  };
}

function domainCputuneCachetuneToTerraform(value: DomainCputuneCachetune): Record<string, unknown> {
  return {
    caches: nestedMap(value.caches, domainCputuneCachetuneCachesToTerraform),
  };
}

function domainCputuneCachetuneCachesToTerraform(value: DomainCputuneCachetuneCaches): Record<string, unknown> {
  return {
    level: value.level,
    size: value.size,
  };
}

function domainCputuneEmulatorschedToTerraform(value: DomainCputuneEmulatorsched): Record<string, unknown> {
  return {
    priority: value.priority,
    scheduler: value.scheduler,
  };
}

function domainCputuneIothreadsToTerraform(value: DomainCputuneIothreads): Record<string, unknown> {
  return {
    cpuset: value.cpuset,
    poll_grow: value.pollGrow,
    poll_max: value.pollMax,
    poll_shrink: value.pollShrink,
    pool_max: value.poolMax,
    pool_min: value.poolMin,
    priority: value.priority,
    scheduler: value.scheduler,
  };
}

function domainCputuneMemorytuneToTerraform(value: DomainCputuneMemorytune): Record<string, unknown> {
  return {
    nodes: nestedMap(value.nodes, domainCputuneMemorytuneNodesToTerraform),
  };
}

function domainCputuneMemorytuneNodesToTerraform(value: DomainCputuneMemorytuneNodes): Record<string, unknown> {
  return {
    bandwidth: value.bandwidth,
  };
}

function domainCputuneVcpupinToTerraform(value: DomainCputuneVcpupin): Record<string, unknown> {
  return {
    cpuset: value.cpuset,
  };
}

function domainCputuneVcpuschedToTerraform(value: DomainCputuneVcpusched): Record<string, unknown> {
  return {
    priority: value.priority,
    scheduler: value.scheduler,
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
    address: value.address,
    autodeflate: value.autodeflate,
    free_page_reporting: value.freePageReporting,
    model: value.model,
    stats_period: value.statsPeriod,
  };
}

function domainDevicesFilesystemsToTerraform(value: DomainDevicesFilesystems): Record<string, unknown> {
  return {
    access_mode: value.accessMode,
    address: value.address,
    cache: value.cache,
    driver: value.driver,
    queue: value.queue,
    read_only: value.readOnly,
    source: value.source,
  };
}

function domainDevicesHostdevsToTerraform(value: DomainDevicesHostdevs): Record<string, unknown> {
  return {
    address: value.address,
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
    address: value.address,
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
    address: value.address,
    heads: value.heads,
    model: value.model,
    vram: value.vram,
  };
}

function domainDevicesVsockToTerraform(value: DomainDevicesVsock): Record<string, unknown> {
  return {
    address: value.address,
    cid: value.cid,
  };
}

function domainDevicesWatchdogToTerraform(value: DomainDevicesWatchdog): Record<string, unknown> {
  return {
    action: value.action,
    address: value.address,
    model: value.model,
  };
}

function domainDisksToTerraform(value: DomainDisks): Record<string, unknown> {
  return {
    address: value.address,
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
    iothread: value.iothread,
    queues: value.queues,
    read_only: value.readOnly,
    seclabel: nestedMap(value.seclabel, domainDisksOptionsSeclabelToTerraform),
    serial: value.serial,
    shareable: value.shareable,
  };
}

function domainDisksOptionsSeclabelToTerraform(value: DomainDisksOptionsSeclabel): Record<string, unknown> {
  return {
    label: value.label,
    relabel: value.relabel,
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
    address: value.address,
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
    position: value.position,
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
    hugepage_nodes: nestedMap(value.hugepageNodes, domainMemoryBackingHugepageNodesToTerraform),
    hugepage_size: value.hugepageSize,
    hugepages: value.hugepages,
    locked: value.locked,
    nosharepages: value.nosharepages,
    numatune: nestedSingle(value.numatune, domainMemoryBackingNumatuneToTerraform),
    source: value.source,
  };
}

function domainMemoryBackingHugepageNodesToTerraform(value: DomainMemoryBackingHugepageNodes): Record<string, unknown> {
  return {
    nodes: value.nodes,
  };
}

function domainMemoryBackingNumatuneToTerraform(value: DomainMemoryBackingNumatune): Record<string, unknown> {
  return {
    cells: nestedMap(value.cells, domainMemoryBackingNumatuneCellsToTerraform),
    mode: value.mode,
    nodeset: value.nodeset,
    placement: value.placement,
  };
}

function domainMemoryBackingNumatuneCellsToTerraform(value: DomainMemoryBackingNumatuneCells): Record<string, unknown> {
  return {
    mode: value.mode,
    nodeset: value.nodeset,
  };
}

function domainMemoryDevicesToTerraform(value: DomainMemoryDevices): Record<string, unknown> {
  return {
    access: value.access,
    align: value.align,
    block: value.block,
    discard: value.discard,
    host_nodes: value.hostNodes,
    label_size: value.labelSize,
    model: value.model,
    node: value.node,
    page_size: value.pageSize,
    path: value.path,
    pmem: value.pmem,
    readonly: value.readonly,
    requested: value.requested,
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

function domainRolloutToTerraform(value: DomainRollout): Record<string, unknown> {
  return {
    group: value.group,
    max_unavailable: value.maxUnavailable,
    min_available: value.minAvailable,
  };
}

function domainSeclabelToTerraform(value: DomainSeclabel): Record<string, unknown> {
  return {
    baselabel: value.baselabel,
    label: value.label,
    reason: value.reason,
    relabel: value.relabel,
    type: value.type,
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
    attributes: value.attributes,
    element: value.element,
    under: value.under,
  };
}
