import { Size } from "../core/size";
import type { IStoragePool, IVolume, VolumeEncryption, VolumeFormat } from "./types";

/** Properties of a volume. */
export interface VolumeProps {
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
   * app runs in, or an http or https URL.
   *
   * Another source replaces the volume, unless `sha256` stays the same. For an image that is only cloned, use a
   * BaseImage.
   *
   * @default - an empty volume
   */
  readonly source?: string;

  /**
   * The SHA-256 of `source`, as 64 hexadecimal digits. It is verified during the upload. A change replaces the volume.
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
   * Name of the volume in the pool. A change replaces the volume.
   *
   * @default - the construct's id and the format, such as `data.qcow2`
   */
  readonly volumeName?: string;
}
