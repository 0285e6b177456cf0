import { Volume as VolumeResource } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { checkAddress } from "../core/resource-address";
import type { Size } from "../core/size";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { checkFormatInPool } from "./pool-volumes";
import { absoluteSource, checkSource } from "./private/image-source";
import type { IStoragePool, IVolume, VolumeFormat } from "./types";
import { Volume, type VolumeAttributes } from "./volume";
import { checkVolumeName } from "./volume-name";

/** Properties of a base image. */
export interface BaseImageProps {
  /** The pool it is uploaded to. A change replaces the image. */
  readonly pool: IStoragePool;

  /**
   * Path of the image file on the machine that Terraform runs on, from the directory that the app is run in; or its URL
   * with http or https, from which it is passed on to the host as it comes, without being kept on the way.
   *
   * Give `sha256` as well, or a change of this alone replaces the image and all that is cloned from it.
   */
  readonly source: string;

  /**
   * The SHA-256 of the file in hexadecimal, verified while it is uploaded. A change replaces the image.
   *
   * It is not computed here, as that would read the whole file at every synthesis.
   *
   * @default - the content is not verified, and a change of it goes unnoticed; a file must be there at synthesis
   */
  readonly sha256?: string;

  /**
   * How the file's content is laid out. A change replaces the image.
   *
   * @default "qcow2"
   */
  readonly format?: VolumeFormat;

  /**
   * Its size as a guest sees it, below which no disk can be cloned from it.
   *
   * @default - read from the file when it is there at synthesis; not known of a URL
   */
  readonly virtualSize?: Size;

  /**
   * Its name in the pool. A change replaces the image.
   *
   * With the default, another `sha256` makes another volume, and the old one is removed when nothing is cloned from it any
   * more. With a name of its own, an image is removed before what replaces it is made: leave it out, or put the version in.
   *
   * @default - the construct's id, the first digits of `sha256` and the format, such as `debian-2f8d6a01.qcow2`
   */
  readonly volumeName?: string;
}

/**
 * An image file, uploaded to a host once, that any number of disks there are thin clones of.
 *
 * What could not be uploaded whole, or is not what `sha256` says, is not there afterwards.
 *
 * @example
 * new BaseImage(this, "debian", { pool, source: "images/debian-12.qcow2", sha256 });
 * new BaseImage(this, "alma", { pool, source: "https://images.example.org/alma-9.qcow2", sha256 });
 */
export class BaseImage extends Construct implements IVolume {
  /** Refers to an image that is there already and stays as it is. */
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
    this.pool = props.pool;
    this.host = props.pool.host;
    this.format = props.format ?? "qcow2";
    const digits = contentDigits(props);
    this.volumeName = props.volumeName ?? [this.node.id, ...digits].join("-") + `.${this.format}`;

    checkHost(this, this.host);
    checkVolumeName(this, "volumeName", this.volumeName, this.pool);
    checkFormatInPool(this, this.pool, this.format);
    const file = checkSource(this, { source: props.source, sha256: props.sha256, format: this.format });
    this.capacity = props.virtualSize ?? file?.virtualSize;

    const resource = new VolumeResource(this, "Default", {
      host: this.host.hostName,
      pool: this.pool.poolReference,
      name: this.volumeName,
      format: this.format,
      source: absoluteSource(props.source),
      sourceSha256: props.sha256?.toLowerCase(),
      lifecycle: digits.length > 0 ? { createBeforeDestroy: true } : undefined,
    });
    checkAddress(resource);
    this.path = resource.path;
  }
}

/** How much of the SHA-256 is in a name: that two images of one name differ in. */
const digitsInName = 8;

/** What tells the content in the image's name; nothing where it has a name of its own, or the content is not known. */
function contentDigits({ volumeName, sha256 }: BaseImageProps): string[] {
  const known = volumeName === undefined && sha256 !== undefined && !Token.isUnresolved(sha256);
  return known ? [sha256.slice(0, digitsInName).toLowerCase()] : [];
}
