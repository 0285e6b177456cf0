import type { MovableProps } from "../core/formerly";
import type { ProtectableProps } from "../core/protectable";
import { Size } from "../core/size";
import type { FilePermissions } from "./permissions";
import type { IStoragePool, IVolume, VolumeEncryption, VolumeFormat } from "./types";

/** Properties of a volume. */
export interface VolumeProps extends MovableProps, ProtectableProps {
  /**
   * Whether a deployment that would destroy or replace the volume is refused in the plan, also by `kvm-fleet destroy`.
   *
   * To destroy or replace it, set it to false, deploy that, and then remove or change the volume.
   *
   * @default - true as a disk of a machine with `protect`, unless the machine can only read it; otherwise false
   */
  readonly protect?: boolean;

  /**
   * The pool that contains the volume.
   *
   * A change replaces the volume, unless the volume moves to the new pool as the disk of a machine that migrates.
   */
  readonly pool: IStoragePool;

  /**
   * The size that a guest sees, at least 1 MiB and a multiple of 512 bytes.
   *
   * It can be raised later, which grows the volume in place, but never lowered.
   *
   * @default - the size of `image`, `cloneOf` or `source`; required without one of these
   */
  readonly size?: Size;

  /**
   * The image format. A change replaces the volume.
   *
   * @default "qcow2"
   */
  readonly format?: VolumeFormat;

  /**
   * A volume on the same host of which this volume is a thin clone: it stores only the differences. A change replaces
   * the volume.
   *
   * @default - an empty volume
   */
  readonly image?: IVolume;

  /**
   * A volume on the same host of which this volume is a full copy. The pool, format and encryption may differ.
   *
   * No machine may use the original while it is copied. Afterwards the two volumes are independent of each other.
   * Another original replaces the volume. An encrypted original is opened by the secret whose usage names its path.
   *
   * @default - an empty volume
   */
  readonly cloneOf?: IVolume;

  /**
   * What is uploaded to the volume: a file on the machine that Terraform runs on, relative to the directory that the
   * app runs in, or an http or https URL. A packed image (gzip, xz, zstd, bzip2, or the only file of a tar or zip
   * archive) is unpacked on the way.
   *
   * Another source replaces the volume, unless `sha256` stays the same. For an image that is only cloned, use a
   * BaseImage.
   *
   * @default - an empty volume
   */
  readonly source?: string;

  /**
   * The SHA-256 of `source`, as 64 hexadecimal digits. It is verified during the upload. A change replaces the volume.
   * For a packed image, it is that of the packed file or that of the unpacked image.
   *
   * @default - the content is not verified; a file must exist at synthesis
   */
  readonly sha256?: string;

  /**
   * Whether the host allocates all of the volume's space when the volume is created, so that the host cannot run out of
   * space later.
   *
   * If it is turned on later, the space of a raw volume is allocated then; a qcow2 volume does not change.
   *
   * @default false - space is allocated when it is written
   */
  readonly preallocated?: boolean;

  /**
   * How the stored volume is encrypted. Adding or removing it replaces the volume.
   *
   * @default - not encrypted
   */
  readonly encryption?: VolumeEncryption;

  /**
   * The owner and the mode of the volume's file, in pools of files and of LVM. They change in place, unless a running
   * machine uses the volume.
   *
   * On most hosts libvirt gives a disk to the user of QEMU while a machine runs, and back when the machine stops: set
   * them where it cannot, such as on NFS with `root_squash`.
   *
   * @default - not managed
   */
  readonly permissions?: FilePermissions;

  /**
   * Name of the volume in the pool. A change replaces the volume.
   *
   * @default - the construct's id and the format, such as `data.qcow2`
   */
  readonly volumeName?: string;
}
