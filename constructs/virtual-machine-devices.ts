import type { INetwork } from "./network";
import type { IVolume } from "./volume";

/**
 * How a disk is connected. `virtio` is the fastest; the others are for guests that don't know it.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export type DiskBus = "virtio" | "sata" | "scsi" | "ide" | "usb";

/** A disk besides the one that the machine boots from. */
export interface DiskAttachment {
  /** The volume, on the machine's host, and of no other machine. */
  readonly volume: IVolume;

  /**
   * The name by which libvirt and plans know it, such as `vdb`.
   *
   * Give it where disks may later be added or removed before this one.
   *
   * @default - the first that is free, in the order of the list
   */
  readonly target?: string;

  /**
   * How it is connected.
   *
   * @default "virtio"
   */
  readonly bus?: DiskBus;
}

/** A network interface. */
export interface NetworkAttachment {
  /** The network, on the machine's host. */
  readonly network: INetwork;

  /**
   * The address that DHCP gives it, and to no other interface: one of the network's that is free.
   *
   * @default - whichever DHCP chooses
   */
  readonly address?: string;

  /**
   * MAC address, unique in the app.
   *
   * @default - derived from the machine's construct path and `name`
   */
  readonly mac?: string;

  /**
   * The name by which plans know the interface: letters, digits, '-' and '_'.
   *
   * @default - the network's name, with '-' for any other character
   */
  readonly name?: string;

  /**
   * The network card that the guest sees.
   *
   * @default "virtio"
   */
  readonly model?: string;
}

/**
 * A kernel that is started without a boot loader.
 *
 * @see https://libvirt.org/formatdomain.html#direct-kernel-boot
 */
export interface KernelBoot {
  /** Absolute path of the kernel on the host. */
  readonly kernel: string;

  /**
   * Absolute path of its initial ramdisk on the host.
   *
   * @default - none
   */
  readonly initrd?: string;

  /**
   * What the kernel is told.
   *
   * @default - nothing
   */
  readonly commandLine?: string;
}

/**
 * A screen that can be looked at from outside.
 *
 * @see https://libvirt.org/formatdomain.html#graphical-framebuffers
 */
export interface Graphics {
  /** The protocol. */
  readonly type: "vnc" | "spice";

  /**
   * Address on the host that it is offered at.
   *
   * @default "127.0.0.1"
   */
  readonly listen?: string;

  /**
   * Port on the host, 5900 or above, and of no other machine.
   *
   * @default - libvirt chooses
   */
  readonly port?: number;

  /**
   * What a viewer must know.
   *
   * @default - none is asked for
   */
  readonly password?: string;
}
