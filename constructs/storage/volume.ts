import { Volume as VolumeResource } from "@cdktf/provider-libvirt";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { movedFrom } from "../core/formerly";
import { Late } from "../core/late";
import { checkAddress } from "../core/resource-address";
import type { Size } from "../core/size";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { checkCapacity } from "./capacity";
import { checkPermissions } from "./permissions";
import { checkFormatInPool } from "./pool-volumes";
import { absoluteSource, checkSource } from "./private/image-source";
import { checkContent } from "./private/volume-content";
import { checkProtection, isProtected } from "./protection";
import { checkPoolOnHost } from "./shared-storage";
import type { IStoragePool, IVolume, VolumeEncryption, VolumeFormat } from "./types";
import { checkClear } from "./unencrypted-image";
import { checkVolumeName } from "./volume-name";
import type { VolumeProps } from "./volume-props";

/** An existing volume that this app does not manage. */
export interface VolumeAttributes {
  /** The pool that contains the volume. */
  readonly pool: IStoragePool;

  /** Name of the volume in the pool. */
  readonly volumeName: string;

  /** Absolute path of the volume on the host. */
  readonly path: string;

  /**
   * The image format.
   *
   * @default "qcow2"
   */
  readonly format?: VolumeFormat;

  /**
   * The size that a guest sees.
   *
   * @default - unknown, and not compared with the size of disks cloned from it
   */
  readonly capacity?: Size;

  /**
   * How the volume is encrypted.
   *
   * @default - not encrypted
   */
  readonly encryption?: VolumeEncryption;
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
  /** Refers to an existing volume, which Terraform does not manage. */
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
    movedFrom(this, props.formerly);
    this.pool = props.pool;
    this.host = props.pool.host;
    this.format = props.format ?? "qcow2";
    this.volumeName = props.volumeName ?? `${originalId(this)}.${this.format}`;
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
    checkProtection(this, this.pool, () => isProtected(this, props.protect));

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
      permissions: checkPermissions(this, props.permissions) ?? this.pool.volumePermissions,
      // Late: a machine that has the volume as a disk may be created after this.
      protect: new Late(() => isProtected(this, props.protect)),
    });
    checkAddress(resource);
    this.path = resource.path;
  }

  private validateSize({ size, source }: VolumeProps, origin: IVolume | undefined): void {
    if (size !== undefined) {
      checkCapacity(this, "size", size, origin);
    } else if (origin === undefined && source === undefined) {
      addError(
        this,
        "'size' is required for a volume without 'image', 'cloneOf' or 'source'; set the size of the volume",
      );
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
