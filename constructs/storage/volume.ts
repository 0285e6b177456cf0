import { Volume as VolumeResource } from "@cdktf/provider-libvirt";
import { Construct, type IConstruct } from "constructs";
import type { IHost } from "../host/host";
import { checkCapacity } from "./capacity";
import { refuse } from "../core/errors";
import { checkHost } from "../host/same-host";
import { absoluteSource, checkSource } from "./private/image-source";
import { checkFormatInPool } from "./pool-volumes";
import { checkAddress } from "../core/resource-address";
import { checkPoolOnHost } from "./shared-storage";
import { checkClear, checkContent } from "./private/volume-content";
import { checkVolumeName } from "./volume-name";
import type { Size } from "../core/size";
import type { IStoragePool } from "./storage-pool";

/**
 * How a volume's content is laid out: `qcow2` grows as it is written to and can be a thin clone, `raw` is the bare bytes.
 *
 * @see https://libvirt.org/storage.html#directory-pool
 */
export type VolumeFormat = "qcow2" | "raw";

/** How a volume is encrypted where it is stored: with LUKS. What a machine sees of it is in the clear. */
export interface VolumeEncryption {
  /**
   * The UUID of libvirt's secret with the passphrase, on the volume's host. With another one the volume keeps the passphrase
   * that it was made with.
   *
   * For the volume to be grown while no machine runs with it, the secret's usage must be `volume` and name the volume's path.
   *
   * @see https://libvirt.org/formatsecret.html#usage-type-volume
   */
  readonly secretUuid: string;
}

/** A volume, as other constructs refer to it. */
export interface IVolume extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** The pool it is in. */
  readonly pool: IStoragePool;

  /** Its name in its pool. */
  readonly volumeName: string;

  /** Its path on the host; for a volume of this stack a reference, by which Terraform makes the volume first. */
  readonly path: string;

  /** How its content is laid out. */
  readonly format: VolumeFormat;

  /** Its size as a guest sees it, where that is known. */
  readonly capacity?: Size;

  /** How it is encrypted; undefined where it is not. */
  readonly encryption?: VolumeEncryption;
}

/** A volume that is there already. */
export interface VolumeAttributes {
  /** The pool it is in. */
  readonly pool: IStoragePool;

  /** Its name in the pool. */
  readonly volumeName: string;

  /** Its absolute path on the host. */
  readonly path: string;

  /**
   * How its content is laid out.
   *
   * @default "qcow2"
   */
  readonly format?: VolumeFormat;

  /**
   * Its size as a guest sees it.
   *
   * @default - not known, and so not compared with the disks cloned from it
   */
  readonly capacity?: Size;

  /**
   * How it is encrypted.
   *
   * @default - it is not
   */
  readonly encryption?: VolumeEncryption;
}

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

/**
 * A disk in a storage pool: empty, a clone, a copy or an upload.
 *
 * @example
 * new Volume(this, "data", { pool, size: Size.gibibytes(100) });
 * new Volume(this, "copy", { pool, cloneOf: debian, format: "raw", preallocated: true });
 *
 * @see https://libvirt.org/formatstorage.html#storage-volume-xml
 */
export class Volume extends Construct implements IVolume {
  /** Refers to a volume that is there already and stays as it is. */
  public static fromVolumeAttributes(scope: Construct, id: string, attributes: VolumeAttributes): IVolume {
    return new ExistingVolume(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly pool: IStoragePool;
  public readonly volumeName: string;
  public readonly path: string;
  public readonly format: VolumeFormat;
  public readonly capacity?: Size;
  public readonly encryption?: VolumeEncryption;

  constructor(scope: Construct, id: string, props: VolumeProps) {
    super(scope, id);
    this.pool = props.pool;
    this.host = props.pool.host;
    this.format = props.format ?? "qcow2";
    this.volumeName = props.volumeName ?? `${this.node.id}.${this.format}`;
    this.encryption = props.encryption;
    const { source, sha256 } = props;

    checkHost(this, this.host);
    checkVolumeName(this, "volumeName", this.volumeName, this.pool);
    checkFormatInPool(this, this.pool, this.format);
    checkContent(this, props, this.format);
    const file = source === undefined ? undefined : checkSource(this, { source, sha256, format: this.format });
    const origin = props.image ?? props.cloneOf;
    this.capacity = props.size ?? origin?.capacity ?? file?.virtualSize;
    this.validateSize(props, origin);
    this.validateOrigin("image", props.image);
    this.validateOrigin("cloneOf", props.cloneOf);

    const resource = new VolumeResource(this, "Default", {
      host: this.host.hostName,
      pool: this.pool.poolReference,
      name: this.volumeName,
      format: this.format,
      capacity: props.size?.toBytes(),
      preallocation: props.preallocated === true ? "full" : undefined,
      source: source === undefined ? undefined : absoluteSource(source),
      sourceSha256: sha256?.toLowerCase(),
      backingStore: props.image && { path: props.image.path, format: props.image.format },
      cloneFrom: props.cloneOf?.path,
      encryption: props.encryption && { secretUuid: props.encryption.secretUuid },
    });
    checkAddress(resource);
    this.path = resource.path;
  }

  private validateSize({ size, source }: VolumeProps, origin: IVolume | undefined): void {
    if (size !== undefined) {
      checkCapacity(this, "size", size, origin);
    } else if (origin === undefined && source === undefined) {
      refuse(this, "'size' must be given for a volume without an 'image', got none; say how large it is to be");
    }
  }

  private validateOrigin(property: "image" | "cloneOf", origin: IVolume | undefined): void {
    if (origin === undefined) {
      return;
    }
    checkPoolOnHost(this, `'${property}'`, origin.pool, this.host, "upload it to a pool on that host too");
    if (property === "image") {
      checkClear(this, origin);
    }
  }
}

class ExistingVolume extends Construct implements IVolume {
  public readonly host: IHost;
  public readonly pool: IStoragePool;
  public readonly volumeName: string;
  public readonly path: string;
  public readonly format: VolumeFormat;
  public readonly capacity?: Size;
  public readonly encryption?: VolumeEncryption;

  constructor(scope: Construct, id: string, attributes: VolumeAttributes) {
    super(scope, id);
    this.host = attributes.pool.host;
    this.pool = attributes.pool;
    this.volumeName = attributes.volumeName;
    this.path = attributes.path;
    this.format = attributes.format ?? "qcow2";
    this.capacity = attributes.capacity;
    this.encryption = attributes.encryption;

    checkHost(this, this.host);
  }
}
