import type { IConstruct } from "constructs";
import { Cpu } from "./cpu";

/** What runs a host's virtual machines: the processor's own virtualization, or emulation, which is much slower. */
export type Accelerator = "kvm" | "qemu";

/** A KVM host, as other constructs refer to it. */
export interface IHost extends IConstruct {
  /** Its name in the provider block, and in every plan. */
  readonly hostName: string;

  /** How its libvirt is reached. */
  readonly uri: string;

  /** What runs its virtual machines. */
  readonly accelerator: Accelerator;

  /** The fleet that it is in; undefined until one is made over it. */
  readonly fleet?: IFleet;

  /** Its own addresses; undefined where these are not known. */
  readonly addresses?: readonly string[];
}

/** Hosts between which machines move, as other constructs refer to them. */
export interface IFleet extends IConstruct {
  /** Its members. */
  readonly hosts: readonly IHost[];

  /** What processor a machine sees that can run on any of them. */
  readonly cpu: Cpu;
}
