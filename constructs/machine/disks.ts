import type { Size } from "../core/size";
import type { Disk } from "../storage/disk";
import type { IVolume } from "../storage/types";
import type { DiskLabels } from "./confinement";

/**
 * The bus that a disk is attached to. `virtio` is the fastest. The others are for guests without a driver for it.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export type DiskBus = "virtio" | "sata" | "scsi" | "ide" | "usb";

/**
 * How the host caches a disk. Use `none` on hosts that machines migrate between.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export type DiskCache = "none" | "writethrough" | "writeback" | "directsync" | "unsafe";

/**
 * Limits on how much a guest may read from a disk and write to it. They can be changed while the guest runs.
 *
 * At least one limit is required. A total cannot be combined with a limit on its reads or writes.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export interface DiskThrottle {
  /**
   * Bytes per second, reads and writes together: at least 1 byte.
   *
   * @default - no limit
   */
  readonly bytesPerSecond?: Size;

  /**
   * Bytes per second that are read: at least 1 byte.
   *
   * @default - no limit
   */
  readonly readBytesPerSecond?: Size;

  /**
   * Bytes per second that are written: at least 1 byte.
   *
   * @default - no limit
   */
  readonly writeBytesPerSecond?: Size;

  /**
   * Operations per second, reads and writes together: at least 1.
   *
   * @default - no limit
   */
  readonly operationsPerSecond?: number;

  /**
   * Read operations per second: at least 1.
   *
   * @default - no limit
   */
  readonly readsPerSecond?: number;

  /**
   * Write operations per second: at least 1.
   *
   * @default - no limit
   */
  readonly writesPerSecond?: number;
}

/**
 * How QEMU reads and writes a disk, and what the guest sees of it. A change takes effect when the guest next starts.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export interface DiskOptions {
  /**
   * How QEMU performs I/O. `native` requires the cache `none` or `directsync`.
   *
   * @default - QEMU's default, `threads`
   */
  readonly io?: "native" | "threads" | "io_uring";

  /**
   * Whether space that the guest discards (TRIM) is returned to the host.
   *
   * @default false
   */
  readonly discard?: boolean;

  /**
   * Whether zeroes that the guest writes take no space.
   *
   * @default false
   */
  readonly detectZeroes?: boolean;

  /**
   * Number of I/O queues of the disk, at least 1. It requires bus `virtio`.
   *
   * @default - QEMU's default, one for each virtual CPU
   */
  readonly queues?: number;

  /**
   * The thread that does the disk's I/O: a key of `resources.ioThreads`. It requires bus `virtio`.
   *
   * @default - QEMU's main thread
   */
  readonly ioThread?: number;

  /**
   * The serial number that the guest sees, and lists in `/dev/disk/by-id`: letters, digits, '_', '.', '+', '-' and
   * spaces. A guest may see the first 20 characters only.
   *
   * @default - no serial number
   */
  readonly serial?: string;

  /**
   * The address of the disk that the guest sees: a PCI address such as `0000:05:00.0` on bus `virtio`; the controller,
   * bus, target and unit, such as `0:0:0:1`, on `sata`, `scsi` and `ide`.
   *
   * @default - libvirt chooses a free address when the disk is added
   * @see https://libvirt.org/formatdomain.html#device-addresses
   */
  readonly busAddress?: string;

  /**
   * Whether the guest can only read the disk. Buses `sata` and `ide` do not support it.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * Whether other machines may attach the disk too, and write to it. It is safe only with a cluster file system, and
   * requires format `raw`.
   *
   * @default false
   */
  readonly shared?: boolean;

  /**
   * How the host's security drivers label the image: a label, or `false` to leave it as it is.
   *
   * @default - the image gets the machine's label when the machine starts
   * @see https://libvirt.org/formatdomain.html#security-label
   */
  readonly labels?: DiskLabels;
}

/** A disk in addition to the machine's own: a volume, or what `source` describes. */
export interface DiskAttachment {
  /**
   * The volume, on the machine's host. No other machine may attach it, unless all of them share it or can only read it.
   *
   * @default - the disk is that of `source`
   */
  readonly volume?: IVolume;

  /**
   * A disk that is not a volume of a pool.
   *
   * @default - the disk is that of `volume`
   */
  readonly source?: Disk;

  /**
   * The image format of `source`.
   *
   * @default "raw"
   */
  readonly format?: "raw" | "qcow2";

  /**
   * The UUID of the libvirt secret, on the machine's host, that opens a `source` encrypted with LUKS.
   *
   * @default - the source is not encrypted
   */
  readonly encryptionSecretUuid?: string;

  /**
   * The device name by which libvirt and plans identify the disk, such as `vdb`.
   *
   * Set it if disks may later be added or removed before this one.
   *
   * @default - the first free name on the bus, in the order of the list
   */
  readonly target?: string;

  /**
   * The bus that the disk is attached to.
   *
   * @default "virtio"
   */
  readonly bus?: DiskBus;

  /**
   * How the host caches the disk.
   *
   * @default - QEMU's default, `writeback`
   */
  readonly cache?: DiskCache;

  /**
   * Limits on how much the guest may read and write.
   *
   * @default - no limits
   */
  readonly throttle?: DiskThrottle;

  /**
   * How QEMU reads and writes the disk, and what the guest sees of it.
   *
   * @default - the defaults of QEMU and libvirt
   */
  readonly options?: DiskOptions;
}

/**
 * A CD-ROM drive. Its medium can be changed while the guest runs.
 *
 * @see https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
 */
export interface CdromAttachment {
  /**
   * The medium: a volume on the machine's host, or a disk on the network. Drives of other machines may have the same
   * medium.
   *
   * @default - the drive is empty
   */
  readonly medium?: IVolume | Disk;

  /**
   * The bus that the drive is attached to.
   *
   * @default "sata"
   */
  readonly bus?: Exclude<DiskBus, "virtio">;

  /**
   * The device name by which libvirt and plans identify the drive, such as `sda`.
   *
   * @default - the first free name on the bus
   */
  readonly target?: string;

  /**
   * The controller, bus, target and unit of the drive that the guest sees, such as `0:0:0:1`.
   *
   * @default - libvirt chooses a free address when the drive is added
   * @see https://libvirt.org/formatdomain.html#device-addresses
   */
  readonly busAddress?: string;
}
