import { resolve } from "node:path";
import { Volume as VolumeResource } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { IHost } from "./host";
import { refuse } from "./private/findings";
import { checkHost } from "./private/host-agreement";
import { type ImageFile, readImageFile } from "./private/image-file";
import { checkAddress } from "./private/resource-address";
import { checkVolumeName } from "./private/volume-name";
import type { Size } from "./size";
import type { IStoragePool } from "./storage-pool";
import type { IVolume, VolumeFormat } from "./volume";

/** Properties of a base image. */
export interface BaseImageProps {
  /** The pool it is uploaded to. A change replaces the image. */
  readonly pool: IStoragePool;

  /**
   * Path of the image file on the machine that Terraform runs on, from the directory that the app is run in.
   *
   * Give `sha256` as well, or a change of this path alone replaces the image and all that is cloned from it.
   */
  readonly source: string;

  /**
   * The SHA-256 of the file in hexadecimal, verified while it is uploaded. A change replaces the image.
   *
   * It is not computed here, as that would read the whole file at every synthesis.
   *
   * @default - the content is not verified, and a change of it goes unnoticed; the file must be there at synthesis
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
   * @default - read from the file when it is there at synthesis
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
 * @example
 * new BaseImage(this, "debian", { pool, source: "images/debian-12.qcow2", sha256 });
 */
export class BaseImage extends Construct implements IVolume {
  public readonly host: IHost;
  public readonly pool: IStoragePool;
  public readonly volumeName: string;
  public readonly path: string;
  public readonly format: VolumeFormat;
  public readonly capacity?: Size;

  constructor(scope: Construct, id: string, props: BaseImageProps) {
    super(scope, id);
    const source = Token.isUnresolved(props.source) ? props.source : resolve(props.source);
    this.pool = props.pool;
    this.host = props.pool.host;
    this.format = props.format ?? "qcow2";
    const digits = contentDigits(props);
    this.volumeName = props.volumeName ?? [this.node.id, ...digits].join("-") + `.${this.format}`;

    checkHost(this, this.host);
    checkVolumeName(this, "volumeName", this.volumeName, this.pool);
    this.validateSha256(props.sha256);
    const file = this.readSource(props);
    this.validateFile(file);
    this.capacity = props.virtualSize ?? file?.virtualSize;

    const resource = new VolumeResource(this, "Default", {
      host: this.host.hostName,
      pool: this.pool.poolReference,
      name: this.volumeName,
      format: this.format,
      source,
      sourceSha256: props.sha256?.toLowerCase(),
      lifecycle: digits.length > 0 ? { createBeforeDestroy: true } : undefined,
    });
    checkAddress(resource);
    this.path = resource.path;
  }

  private validateSha256(sha256: string | undefined): void {
    if (sha256 !== undefined && !Token.isUnresolved(sha256) && !/^[0-9a-f]{64}$/i.test(sha256)) {
      refuse(this, `'sha256' must be 64 hexadecimal digits, got '${sha256}'; take them from 'sha256sum'`);
    }
  }

  /** The file's header; undefined when the file isn't known yet, or isn't needed here. */
  private readSource({ source, sha256 }: BaseImageProps): ImageFile | undefined {
    if (Token.isUnresolved(source)) {
      return undefined;
    }
    if (/^\w+:\/\//.test(source)) {
      refuse(this, `'source' must be a file on this machine, got '${source}'; download it first`);
      return undefined;
    }
    try {
      return readImageFile(source);
    } catch (error) {
      // With a sha256, a plan can be made where the image is not: in CI, for one.
      if (sha256 === undefined) {
        const reason = (error as NodeJS.ErrnoException).code ?? String(error);
        refuse(
          this,
          `'source' must be a file that can be read, got '${resolve(source)}' (${reason}); put it there, or give its 'sha256'`,
        );
      }
      return undefined;
    }
  }

  private validateFile(file: ImageFile | undefined): void {
    if (file === undefined) {
      return;
    }
    if (this.format === "qcow2" && file.format !== "qcow2") {
      refuse(this, "'source' must be a qcow2 image, got a file of another kind; convert it, or set 'format' to 'raw'");
    }
    if (this.format === "raw" && file.format === "qcow2") {
      refuse(this, "'source' must be a raw image, got a qcow2 image; leave 'format' out");
    }
    if (file.hasBackingFile) {
      refuse(
        this,
        "'source' must be complete in itself, got a clone of another image; flatten it with 'qemu-img convert'",
      );
    }
  }
}

/** How much of the SHA-256 is in a name: that two images of one name differ in. */
const digitsInName = 8;

/** What tells the content in the image's name; nothing where it has a name of its own, or the content is not known. */
function contentDigits({ volumeName, sha256 }: BaseImageProps): string[] {
  const known = volumeName === undefined && sha256 !== undefined && !Token.isUnresolved(sha256);
  return known ? [sha256.slice(0, digitsInName).toLowerCase()] : [];
}
