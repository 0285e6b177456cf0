import { Volume as VolumeResource } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { type MovableProps, movedFrom } from "../core/formerly";
import type { ProtectableProps } from "../core/protectable";
import { checkAddress } from "../core/resource-address";
import type { Size } from "../core/size";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { checkPermissions, type FilePermissions } from "./permissions";
import { checkFormatInPool } from "./pool-volumes";
import { absoluteSource, checkSource } from "./private/image-source";
import { checkProtection } from "./protection";
import type { IStoragePool, IVolume, VolumeFormat } from "./types";
import { Volume, type VolumeAttributes } from "./volume";
import { checkVolumeName } from "./volume-name";

/** Properties of a base image. */
export interface BaseImageProps extends MovableProps, ProtectableProps {
  /** The pool that the image is uploaded to. A change replaces the image. */
  readonly pool: IStoragePool;

  /**
   * Path of the image file on the machine that Terraform runs on, relative to the directory that the app runs in; or an
   * http or https URL, whose content is streamed to the host without being stored in between. A packed image (gzip, xz,
   * zstd, bzip2, or the only file of a tar or zip archive) is unpacked on the way.
   *
   * Set `sha256` too. Otherwise another `source` replaces the image and every disk that is cloned from it.
   */
  readonly source: string;

  /**
   * The SHA-256 of the file, as 64 hexadecimal digits. It is verified during the upload. A change replaces the image.
   * For a packed image, it is that of the packed file or that of the unpacked image.
   *
   * It is not computed at synthesis, because that would read the whole file each time.
   *
   * @default - the content is not verified and a change of it is not detected; a file must exist at synthesis
   */
  readonly sha256?: string;

  /**
   * The image format. A change replaces the image.
   *
   * @default "qcow2"
   */
  readonly format?: VolumeFormat;

  /**
   * The size that a guest sees. Disks cloned from the image must be at least as large.
   *
   * @default - read from the file if it exists at synthesis; unknown for a URL and a packed image
   */
  readonly virtualSize?: Size;

  /**
   * The owner and the mode of the image's file, in pools of files. They change in place, unless a running machine uses
   * the image. QEMU has to be able to read it.
   *
   * @default - not managed
   */
  readonly permissions?: FilePermissions;

  /**
   * Name of the image in the pool. A change replaces the image.
   *
   * The default name contains digits of `sha256`: a new `sha256` creates another volume, and the old one is removed
   * once no disk is cloned from it. With an explicit name the old image is removed before the new one is created, so
   * omit the name or include a version in it.
   *
   * @default - the construct's id, the first digits of `sha256` and the format, such as `debian-2f8d6a01.qcow2`
   */
  readonly volumeName?: string;
}

/**
 * An image file that is uploaded to a host once, and from which any number of disks on that host are thin clones.
 *
 * An upload that is incomplete, or does not match `sha256`, is removed.
 *
 * @example
 * new BaseImage(this, "debian", { pool, source: "images/debian-12.qcow2", sha256 });
 * new BaseImage(this, "alma", { pool, source: "https://images.example.org/alma-9.qcow2", sha256 });
 */
export class BaseImage extends Construct implements IVolume {
  /** Refers to an existing image, which Terraform does not manage. */
  public static fromBaseImageAttributes(scope: Construct, id: string, attributes: VolumeAttributes): IVolume {
    return Volume.fromVolumeAttributes(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly pool: IStoragePool;
  public readonly volumeName: string;
  public readonly path: string;
  public readonly format: VolumeFormat;
  public readonly capacity?: Size;

  constructor(scope: Construct, id: string, props: BaseImageProps) {
    super(scope, id);
    movedFrom(this, props.formerly);
    this.pool = props.pool;
    this.host = props.pool.host;
    this.format = props.format ?? "qcow2";
    const digits = contentDigits(props);
    this.volumeName = props.volumeName ?? [originalId(this), ...digits].join("-") + `.${this.format}`;

    checkHost(this, this.host);
    checkVolumeName(this, "volumeName", this.volumeName, this.pool);
    checkFormatInPool(this, this.pool, this.format);
    checkProtection(this, this.pool, () => props.protect);
    const file = checkSource(this, { source: props.source, sha256: props.sha256, format: this.format });
    if (file?.content === "iso") {
      addError(
        this,
        "'source' must be a disk image, got an ISO image of a CD; upload it as a Volume of format 'raw', and attach that with 'cdroms'",
      );
    }
    this.capacity = props.virtualSize ?? file?.virtualSize;

    const resource = new VolumeResource(this, "Default", {
      host: this.host.hostName,
      pool: this.pool.poolReference,
      name: this.volumeName,
      format: this.format,
      source: absoluteSource(props.source),
      sourceSha256: props.sha256?.toLowerCase(),
      permissions: checkPermissions(this, props.permissions) ?? this.pool.volumePermissions,
      protect: props.protect,
      lifecycle: digits.length > 0 ? { createBeforeDestroy: true } : undefined,
    });
    checkAddress(resource);
    this.path = resource.path;
  }
}

/** Number of digits of the SHA-256 in a name, by which the names of two versions of an image differ. */
const digitsInName = 8;

/** The digits of the hash in the image's name. None if the name is explicit, or the hash is not known. */
function contentDigits({ volumeName, sha256 }: BaseImageProps): string[] {
  const known = volumeName === undefined && sha256 !== undefined && !Token.isUnresolved(sha256);
  return known ? [sha256.slice(0, digitsInName).toLowerCase()] : [];
}
