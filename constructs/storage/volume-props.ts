import { Size } from "../core/size";
import type { IStoragePool, IVolume, VolumeEncryption, VolumeFormat } from "./types";

/** Properties of a volume. */
export interface VolumeProps {
  /** The pool it is in. A change replaces the volume, unless it goes there with the machine that it is a disk of. */
  readonly pool: IStoragePool;

  /**
   * Its size as a guest sees it, at least 1 MiB and a whole number of sectors.
   *
   * It can be raised later, which grows the volume in place, and never lowered.
   *
   * @default - that of `image`, `cloneOf` or `source`; required without one of these
   */
  readonly size?: Size;

  /**
   * How its content is laid out. A change replaces the volume.
   *
   * @default "qcow2"
   */
  readonly format?: VolumeFormat;

  /**
   * A volume on the same host that this one is a thin clone of: it holds only what differs. A change replaces the volume.
   *
   * @default - an empty volume
   */
  readonly image?: IVolume;

  /**
   * A volume on the same host that this one is a full copy of, in whichever pool, format and encryption. No machine may run
   * with it meanwhile; afterwards neither depends on the other. Another volume replaces this one. An encrypted one is opened
   * by the secret whose usage names its path.
   *
   * @default - an empty volume
   */
  readonly cloneOf?: IVolume;

  /**
   * What is uploaded to it: a file on the machine that Terraform runs on, from the directory that the app is run in, or a URL
   * with http or https. Another one replaces the volume, unless `sha256` stays. For what is only cloned, see BaseImage.
   *
   * @default - an empty volume
   */
  readonly source?: string;

  /**
   * The SHA-256 of `source` in hexadecimal, verified while it is uploaded. A change replaces the volume.
   *
   * @default - the content is not verified; a file must be there at synthesis
   */
  readonly sha256?: string;

  /**
   * Whether all its space is taken from the host when it is made, so that it does not run out of it later.
   *
   * Turned on later, it gives a raw volume its space; a qcow2 volume stays as it is.
   *
   * @default false - it takes the space that was written
   */
  readonly preallocated?: boolean;

  /**
   * How it is encrypted where it is stored. Added or taken away, it replaces the volume.
   *
   * @default - it is not
   */
  readonly encryption?: VolumeEncryption;

  /**
   * Its name in the pool. A change replaces the volume.
   *
   * @default - the construct's id and the format, such as `data.qcow2`
   */
  readonly volumeName?: string;
}
