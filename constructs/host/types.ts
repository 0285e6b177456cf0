import type { IConstruct } from "constructs";
import { Cpu } from "./cpu";

/** The CPUs of a host that machines can have alone. */
export interface DedicatedCpus {
  /**
   * The CPUs of each core, in the order in which machines get them: `["2,10", "3,11"]` for two cores with two threads each.
   * The host has them in `/sys/devices/system/cpu/cpu2/topology/thread_siblings_list`.
   */
  readonly cores: readonly string[];

  /**
   * The CPUs of each package (socket): `["0-7,16-23", "8-15,24-31"]`.
   *
   * @default - all CPUs are in one package
   */
  readonly packages?: readonly string[];

  /**
   * The CPUs for everything else that the machines do, such as their disk and network I/O: `0-1`.
   *
   * @default - each machine does it on its own CPUs
   */
  readonly housekeeping?: string;
}

/**
 * How a host runs virtual machines: with the processor's virtualization (`kvm`), or with QEMU's emulation (`qemu`),
 * which is much slower.
 */
export type Accelerator = "kvm" | "qemu";

/** A KVM host, as other constructs refer to it. */
export interface IHost extends IConstruct {
  /** Name of the host in the provider block, and in every plan. */
  readonly hostName: string;

  /** The URI by which Terraform connects to the host's libvirt. */
  readonly uri: string;

  /** How the host runs virtual machines. */
  readonly accelerator: Accelerator;

  /** The fleet that the host belongs to. Undefined until a Fleet with this host is created. */
  readonly fleet?: IFleet;

  /** Labels by which machines are placed. Undefined if it has none. */
  readonly labels?: Readonly<Record<string, string>>;

  /** Whether machines have to leave the host. */
  readonly maintenance?: boolean;

  /** The CPUs that machines can have alone. Undefined if there are none. */
  readonly dedicatedCpus?: string | DedicatedCpus;

  /** Addresses of the host itself. Undefined if they are not known. */
  readonly addresses?: readonly string[];
}

/** A group of hosts between which machines migrate, as other constructs refer to it. */
export interface IFleet extends IConstruct {
  /** The hosts of the fleet. */
  readonly hosts: readonly IHost[];

  /** The CPU of a machine that can run on every host of the fleet. */
  readonly cpu: Cpu;
}
