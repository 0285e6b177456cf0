import { Volume as VolumeResource } from "@cdktf/provider-libvirt";
import { Construct, type IConstruct } from "constructs";
import type { IHost } from "./host";
import { checkCapacity } from "./private/capacity";
import { refuse } from "./private/findings";
import { checkHost } from "./private/host-agreement";
import { checkAddress } from "./private/resource-address";
import { checkPoolOnHost } from "./private/shared-storage";
import { checkVolumeName } from "./private/volume-name";
import type { Size } from "./size";
import type { IStoragePool } from "./storage-pool";

/**
 * How a volume's content is laid out: `qcow2` grows as it is written to and can be a thin clone, `raw` is the bare bytes.
 *
 * @see https://libvirt.org/storage.html#directory-pool
 */
export type VolumeFormat = "qcow2" | "raw";

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
   * @default - the size of `image`; required without one
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
   * Its name in the pool. A change replaces the volume.
   *
   * @default - the construct's id and the format, such as `data.qcow2`
   */
  readonly volumeName?: string;
}

/**
 * A disk in a storage pool, empty or cloned from an image.
 *
 * @example
 * new Volume(this, "data", { pool, size: Size.gibibytes(100) });
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

  constructor(scope: Construct, id: string, props: VolumeProps) {
    super(scope, id);
    this.pool = props.pool;
    this.host = props.pool.host;
    this.format = props.format ?? "qcow2";
    this.volumeName = props.volumeName ?? `${this.node.id}.${this.format}`;
    this.capacity = props.size ?? props.image?.capacity;

    checkHost(this, this.host);
    checkVolumeName(this, "volumeName", this.volumeName, this.pool);
    this.validateSize(props);
    this.validateImage(props.image);

    const resource = new VolumeResource(this, "Default", {
      host: this.host.hostName,
      pool: this.pool.poolReference,
      name: this.volumeName,
      format: this.format,
      capacity: props.size?.toBytes(),
      backingStore: props.image && { path: props.image.path, format: props.image.format },
    });
    checkAddress(resource);
    this.path = resource.path;
  }

  private validateSize(props: VolumeProps): void {
    if (props.size !== undefined) {
      checkCapacity(this, "size", props.size, props.image);
    } else if (props.image === undefined) {
      refuse(this, "'size' must be given for a volume without an 'image', got none; say how large it is to be");
    }
  }

  private validateImage(image: IVolume | undefined): void {
    if (image === undefined) {
      return;
    }
    checkPoolOnHost(this, "'image'", image.pool, this.host, "upload it to a pool on that host too");
    if (this.format !== "qcow2") {
      refuse(this, `'format' must be 'qcow2' for a clone of an image, got '${this.format}'; leave it out`);
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

  constructor(scope: Construct, id: string, attributes: VolumeAttributes) {
    super(scope, id);
    this.host = attributes.pool.host;
    this.pool = attributes.pool;
    this.volumeName = attributes.volumeName;
    this.path = attributes.path;
    this.format = attributes.format ?? "qcow2";
    this.capacity = attributes.capacity;

    checkHost(this, this.host);
  }
}
