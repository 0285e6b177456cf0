import type { Disk } from "../storage/disk";
import type { IVolume } from "../storage/types";
import type { HyperV } from "./features";
import { MachineType } from "./machine-type";
import type { VirtualMachineProps } from "./props";

/** What is in the drives of a machine with Windows. */
export interface WindowsOptions {
  /**
   * The ISO image of Windows' setup. The machine boots from it while its own disk is empty.
   *
   * @default - an empty drive
   */
  readonly setup?: IVolume | Disk;

  /**
   * The ISO image of the virtio drivers. With it the machine's own disk is on the bus `virtio`, for which setup asks to
   * load the driver from this drive. Without it the disk is on `sata`, which is slower and needs no driver.
   *
   * @default - an empty drive
   * @see https://github.com/virtio-win/virtio-win-pkg-scripts
   */
  readonly drivers?: IVolume | Disk;

  /**
   * Whether the machine has the interfaces of Hyper-V that make Windows faster. QEMU has them with KVM only: with
   * `accelerator` of `qemu` it must be false.
   *
   * @default true
   */
  readonly hyperV?: boolean;
}

/** Those that every processor with KVM has. */
const enlightenments: HyperV = {
  relaxed: true,
  vapic: true,
  spinlocks: 8191,
  vpindex: true,
  runtime: true,
  synic: true,
  stimer: true,
  reset: true,
  frequencies: true,
  tlbflush: true,
  ipi: true,
};

/** The properties of a machine that depend on whether its guest is Windows. */
export type WindowsProps = Pick<
  VirtualMachineProps,
  | "machine"
  | "firmware"
  | "secureBoot"
  | "tpm"
  | "features"
  | "clock"
  | "diskBus"
  | "cdroms"
  | "bootOrder"
  | "graphics"
  | "video"
  | "tablet"
>;

/**
 * Returns the properties of a machine that meets the requirements of Windows 10, Windows 11 and Windows Server, from 2016
 * on: UEFI with secure boot, a TPM 2.0, the interfaces of Hyper-V that make Windows faster, a clock in local time, and a
 * screen. All other properties are the same as for other machines.
 *
 * Windows has no driver for a network interface of model `virtio` before the virtio drivers are installed. Model `e1000e`
 * needs none.
 *
 * @example
 * windows({ hyperV: false });
 */
export function windows({ setup, drivers, hyperV = true }: WindowsOptions = {}): WindowsProps {
  return {
    machine: MachineType.Q35,
    firmware: "efi",
    secureBoot: true,
    tpm: { model: "tpm-crb", version: "2.0" },
    features: hyperV ? { hyperv: enlightenments } : undefined,
    clock: {
      offset: "localtime",
      timers: {
        rtc: { tickpolicy: "catchup" },
        pit: { tickpolicy: "delay" },
        hpet: { present: false },
        hypervclock: { present: hyperV },
      },
    },
    diskBus: drivers === undefined ? "sata" : "virtio",
    cdroms: [{ medium: setup }, { medium: drivers }],
    bootOrder: ["disk", "cdrom"],
    graphics: { type: "vnc" },
    video: "vga",
    tablet: "usb",
  };
}
