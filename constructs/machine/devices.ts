import type { Size } from "../core/size";
import type { ISecret } from "../storage/types";

/**
 * A Trusted Platform Module: an emulated one of the machine's own, made by swtpm on its host, or the host's.
 *
 * @see https://libvirt.org/formatdomain.html#tpm-device
 */
export interface Tpm {
  /**
   * What the guest sees.
   *
   * @default - libvirt's choice, `tpm-tis` on x86
   */
  readonly model?: "tpm-tis" | "tpm-crb" | "tpm-spapr";

  /**
   * Version of an emulated one.
   *
   * @default "2.0"
   */
  readonly version?: "1.2" | "2.0";

  /**
   * The host's device that is given to the machine, such as `/dev/tpm0`.
   *
   * @default - an emulated one
   */
  readonly hostDevice?: string;

  /**
   * The secret with which an emulated one is encrypted on the host's disk, of usage `vtpm`.
   *
   * @default - it is not encrypted
   */
  readonly secret?: ISecret;
}

/** What is done to a guest that hangs. */
export type WatchdogAction = "reset" | "shutdown" | "poweroff" | "pause" | "none" | "dump" | "inject-nmi";

/**
 * What notices that the guest hangs.
 *
 * @see https://libvirt.org/formatdomain.html#watchdog-devices
 */
export interface Watchdog {
  /**
   * What the guest sees.
   *
   * @default "i6300esb"
   */
  readonly model?: "i6300esb" | "ib700" | "diag288" | "itco";

  /**
   * What is done to a guest that hangs.
   *
   * @default "reset"
   */
  readonly action?: WatchdogAction;
}

/**
 * Where the guest's random numbers come from.
 *
 * @see https://libvirt.org/formatdomain.html#random-number-generator-device
 */
export interface RandomNumbers {
  /**
   * The host's device, such as `/dev/hwrng`; `builtin` is QEMU's own source.
   *
   * @default "/dev/urandom"
   */
  readonly device?: string;

  /**
   * How much the guest gets a second, in whole bytes.
   *
   * @default - as much as it asks for
   */
  readonly bytesPerSecond?: Size;
}

/**
 * How memory is given and taken while the guest runs.
 *
 * @see https://libvirt.org/formatdomain.html#memory-balloon-device
 */
export interface Balloon {
  /**
   * Whether it gives memory back before the guest kills a process for want of it.
   *
   * @default false
   */
  readonly autodeflate?: boolean;

  /**
   * Whether the guest says which memory it does not use, so that the host can.
   *
   * @default false
   */
  readonly freePageReporting?: boolean;

  /**
   * Every how many seconds the guest says how it uses its memory.
   *
   * @default - never
   */
  readonly statsPeriod?: number;
}

/** How a directory of the host is shared. */
export interface DirectoryShare {
  /** The directory on the host. */
  readonly path: string;

  /** The name under which the guest finds it, at most 31 characters: `mount -t virtiofs TAG /mnt`. */
  readonly tag: string;

  /**
   * How: `virtiofs` shares the machine's memory with a program of the host, `9p` is slower and needs nothing.
   *
   * @default "virtiofs"
   */
  readonly driver?: "virtiofs" | "9p";

  /**
   * Whether the guest can only read it. libvirt 9.0 can do that with `9p` alone.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * Who owns what the guest makes there, with `9p`.
   *
   * @default - the guest's users, by their numbers
   */
  readonly accessMode?: "passthrough" | "mapped" | "squash";

  /**
   * How much `virtiofs` lets the guest keep in its own memory.
   *
   * @default - virtiofsd's own choice
   */
  readonly cache?: "none" | "always";
}

/**
 * A device of the host that is the machine's alone: one of `pci`, `usb`, `usbAddress` and `mdev`.
 *
 * @see https://libvirt.org/formatdomain.html#host-device-assignment
 */
export interface HostDevice {
  /**
   * Address of a PCI device, as `lspci -D` says it: `0000:05:00.0`.
   *
   * @default - it is none
   */
  readonly pci?: string;

  /**
   * Vendor and product of a USB device, as `lsusb` says them: `1d6b:0002`.
   *
   * @default - it is none
   */
  readonly usb?: string;

  /**
   * Bus and number of a USB device, where there are several alike: `1:4`.
   *
   * @default - it is none
   */
  readonly usbAddress?: string;

  /**
   * UUID of a mediated device, for example a part of a graphics card.
   *
   * @default - it is none
   */
  readonly mdev?: string;

  /**
   * Whether libvirt takes a PCI device from the host's driver, and gives it back.
   *
   * @default true
   */
  readonly managed?: boolean;

  /**
   * A file on the host that stands for a PCI device's ROM; false hides the ROM.
   *
   * @default - the device's own
   */
  readonly rom?: string | false;
}
