import type { Size } from "../core/size";
import type { Disk } from "../storage/disk";
import type { IVolume } from "../storage/types";

/**
 * How a disk is connected. `virtio` is the fastest; the others are for guests that don't know it.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export type DiskBus = "virtio" | "sata" | "scsi" | "ide" | "usb";

/** How the host caches a disk: `none` is for hosts between which machines move. */
export type DiskCache = "none" | "writethrough" | "writeback" | "directsync" | "unsafe";

/**
 * How much a guest may read and write, which can be changed while it runs. A total goes without its reads and writes.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export interface DiskThrottle {
  /**
   * Bytes a second, read and written together.
   *
   * @default - no limit
   */
  readonly bytesPerSecond?: Size;

  /**
   * Bytes a second that are read.
   *
   * @default - no limit
   */
  readonly readBytesPerSecond?: Size;

  /**
   * Bytes a second that are written.
   *
   * @default - no limit
   */
  readonly writtenBytesPerSecond?: Size;

  /**
   * Operations a second, reads and writes together.
   *
   * @default - no limit
   */
  readonly operationsPerSecond?: number;

  /**
   * Reads a second.
   *
   * @default - no limit
   */
  readonly readsPerSecond?: number;

  /**
   * Writes a second.
   *
   * @default - no limit
   */
  readonly writesPerSecond?: number;
}

/**
 * How a disk is read and written, and what the guest sees of it. A change is in effect after the guest's next start.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export interface DiskOptions {
  /**
   * How QEMU reads and writes: `native` needs a cache of `none` or `directsync`.
   *
   * @default - QEMU's own choice, `threads`
   */
  readonly io?: "native" | "threads" | "io_uring";

  /**
   * Whether the room that the guest gives up (TRIM) is given back to the host.
   *
   * @default false
   */
  readonly discard?: boolean;

  /**
   * Whether zeroes that the guest writes take no room.
   *
   * @default false
   */
  readonly detectZeroes?: boolean;

  /**
   * How many queues the guest has for it, on `virtio`.
   *
   * @default - QEMU's own choice, one for each virtual CPU
   */
  readonly queues?: number;

  /**
   * The serial number that the guest sees, by which `/dev/disk/by-id` knows it.
   *
   * @default - none
   */
  readonly serial?: string;

  /**
   * Whether the guest can only read it.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * Whether other machines may have it too, and write to it: as cluster file systems do, and nothing else.
   *
   * @default false
   */
  readonly shared?: boolean;
}

/** A disk besides the one that the machine boots from: a volume, or what `source` says. */
export interface DiskAttachment {
  /**
   * The volume, on the machine's host, and of no other machine that does not share it.
   *
   * @default - what `source` says
   */
  readonly volume?: IVolume;

  /**
   * What it is where it is no volume in a pool.
   *
   * @default - the `volume`
   */
  readonly source?: Disk;

  /**
   * How the content of `source` is laid out.
   *
   * @default "raw"
   */
  readonly format?: "raw" | "qcow2";

  /**
   * The UUID of libvirt's secret on the machine's host that opens a `source` which is encrypted with LUKS.
   *
   * @default - it is not encrypted
   */
  readonly encryptionSecretUuid?: string;

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

  /**
   * How the host caches it.
   *
   * @default - QEMU's own choice, `writeback`
   */
  readonly cache?: DiskCache;

  /**
   * How much the guest may read and write.
   *
   * @default - as much as the host can
   */
  readonly throttle?: DiskThrottle;

  /**
   * How it is read and written, and what the guest sees of it.
   *
   * @default - as QEMU and libvirt choose
   */
  readonly options?: DiskOptions;
}

/** A CD-ROM drive. What is in it can be changed while the guest runs. */
export interface CdromAttachment {
  /**
   * What is in it: a volume on the machine's host, which may be in the drives of others too, or something on the network.
   *
   * @default - nothing
   */
  readonly medium?: IVolume | Disk;

  /**
   * How the drive is connected.
   *
   * @default "sata"
   */
  readonly bus?: Exclude<DiskBus, "virtio">;

  /**
   * The name by which libvirt and plans know the drive, such as `sda`.
   *
   * @default - the first that is free
   */
  readonly target?: string;
}
