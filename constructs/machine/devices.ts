import type { Size } from "../core/size";
import type { ISecret } from "../storage/types";

/**
 * A Trusted Platform Module (TPM): emulated by swtpm on the host, or the host's own.
 *
 * The state of an emulated TPM is deleted with the machine.
 *
 * @see https://libvirt.org/formatdomain.html#tpm-device
 */
export interface Tpm {
  /**
   * The interface that the guest sees.
   *
   * @default - libvirt's default, `tpm-tis` on x86
   */
  readonly model?: "tpm-tis" | "tpm-crb" | "tpm-spapr";

  /**
   * Version of an emulated TPM.
   *
   * @default "2.0"
   */
  readonly version?: "1.2" | "2.0";

  /**
   * The host's TPM device that is passed through, such as `/dev/tpm0`. It cannot be combined with `version` and
   * `secret`.
   *
   * @default - an emulated TPM
   */
  readonly hostDevice?: string;

  /**
   * A secret with usage `vtpm`, which encrypts the state of an emulated TPM on the host's disk. It cannot be changed
   * later.
   *
   * @default - the state is not encrypted
   */
  readonly secret?: ISecret;
}

/**
 * What happens to a guest whose watchdog expires.
 *
 * `dump` writes the guest's memory to a file on the host, and `inject-nmi` sends the guest a non-maskable interrupt.
 *
 * @see https://libvirt.org/formatdomain.html#watchdog-devices
 */
export type WatchdogAction = "reset" | "shutdown" | "poweroff" | "pause" | "none" | "dump" | "inject-nmi";

/**
 * A watchdog device, which acts if the guest stops resetting its timer.
 *
 * @see https://libvirt.org/formatdomain.html#watchdog-devices
 */
export interface Watchdog {
  /**
   * The device that the guest sees: `i6300esb` requires PCI. libvirt 9.0 does not know `itco`.
   *
   * @default "i6300esb"
   */
  readonly model?: "i6300esb" | "ib700" | "diag288" | "itco";

  /**
   * What happens to a guest that hangs.
   *
   * @default "reset"
   */
  readonly action?: WatchdogAction;
}

/**
 * A random number generator.
 *
 * @see https://libvirt.org/formatdomain.html#random-number-generator-device
 */
export interface RandomNumbers {
  /**
   * The source of entropy: absolute path of a device on the host, such as `/dev/hwrng`, or `builtin` for QEMU's own
   * source.
   *
   * @default "/dev/urandom"
   */
  readonly device?: string;

  /**
   * The most entropy that the guest receives per second, in whole bytes.
   *
   * @default - no limit
   */
  readonly bytesPerSecond?: Size;
}

/**
 * A memory balloon, which changes the guest's memory while it runs.
 *
 * @see https://libvirt.org/formatdomain.html#memory-balloon-device
 */
export interface Balloon {
  /**
   * Whether the balloon returns memory to the guest before the guest kills a process because it is out of memory.
   *
   * @default false
   */
  readonly autodeflate?: boolean;

  /**
   * Whether the guest reports unused memory, so that the host can use it.
   *
   * @default false
   */
  readonly freePageReporting?: boolean;

  /**
   * The interval in seconds at which the guest reports its memory statistics, at least 1.
   *
   * @default - the guest reports no statistics
   */
  readonly statsPeriod?: number;
}

/**
 * A directory of the host that is shared with the guest.
 *
 * @see https://libvirt.org/formatdomain.html#filesystems
 */
export interface DirectoryShare {
  /** Absolute path of the directory on the host. */
  readonly path: string;

  /**
   * The tag by which the guest mounts the directory: `mount -t virtiofs TAG /mnt`. It has 1 to 31 characters without
   * spaces and commas, and is unique in the machine.
   */
  readonly tag: string;

  /**
   * The file system driver. `virtiofs` is faster, but requires that the guest's memory is shared with a daemon on the
   * host. `9p` is slower and has no requirements.
   *
   * @default "virtiofs"
   */
  readonly driver?: "virtiofs" | "9p";

  /**
   * Whether the guest can only read the directory. libvirt 9.0 supports it with `9p` only.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * Who owns the files that the guest creates, with driver `9p`.
   *
   * @default "passthrough" - the user ids of the guest
   */
  readonly accessMode?: "passthrough" | "mapped" | "squash";

  /**
   * How much of the directory `virtiofs` lets the guest cache. It cannot be combined with `9p`.
   *
   * @default - virtiofsd's default
   */
  readonly cache?: "none" | "always";
}

/**
 * A device of the host that is passed through to the machine.
 *
 * Exactly one of `pci`, `usb`, `usbAddress` and `mdev` is required. No other machine can use the device at the same
 * time.
 *
 * @see https://libvirt.org/formatdomain.html#host-device-assignment
 */
export interface HostDevice {
  /**
   * Address of a PCI device in the format of `lspci -D`: `0000:05:00.0`.
   *
   * @default - not a PCI device
   */
  readonly pci?: string;

  /**
   * Vendor and product id of a USB device in the format of `lsusb`: `1d6b:0002`.
   *
   * @default - not a USB device selected by its ids
   */
  readonly usb?: string;

  /**
   * Bus and device number of a USB device: `1:4`. Use it if the host has several devices with the same ids.
   *
   * @default - not a USB device selected by its address
   */
  readonly usbAddress?: string;

  /**
   * UUID of a mediated device, for example a part of a graphics card.
   *
   * @default - not a mediated device
   */
  readonly mdev?: string;

  /**
   * Whether libvirt detaches a PCI device from the host's driver when the machine starts, and reattaches it afterwards.
   *
   * @default true
   */
  readonly managed?: boolean;

  /**
   * Absolute path of a file on the host that replaces the ROM of a PCI device. False hides the ROM from the guest.
   *
   * @default - the device's own ROM
   */
  readonly rom?: string | false;

  /**
   * The PCI address of the device that the guest sees, of a `pci` or `mdev` device: `0000:05:00.0`.
   *
   * @default - libvirt chooses a free address when the device is added
   * @see https://libvirt.org/formatdomain.html#device-addresses
   */
  readonly busAddress?: string;
}
