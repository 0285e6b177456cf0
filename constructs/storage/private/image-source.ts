import { resolve } from "node:path";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { VolumeFormat } from "../types";
import { type ImageFile, readImageFile } from "./image-file";

/** The source that a volume is uploaded from. */
export interface ImageSource {
  /** Path of a file on this machine, or a URL. */
  readonly source: string;

  /** The content's SHA-256. */
  readonly sha256?: string;

  /** The format that the properties declare. */
  readonly format: VolumeFormat;
}

/**
 * Renders the source for the provider: an absolute path, which does not depend on the directory that Terraform runs in,
 * or the URL.
 */
export function absoluteSource(source: string): string {
  return Token.isUnresolved(source) || isUrl(source) ? source : resolve(source);
}

/** Checks an image as far as possible at synthesis. Returns its header if it is a readable file. */
export function checkSource(at: IConstruct, { source, sha256, format }: ImageSource): ImageFile | undefined {
  if (sha256 !== undefined && !Token.isUnresolved(sha256) && !/^[0-9a-f]{64}$/i.test(sha256)) {
    addError(at, `'sha256' must be 64 hexadecimal digits, got '${sha256}'; copy them from the output of 'sha256sum'`);
  }
  const file = readSource(at, source, sha256);
  if (file !== undefined) {
    checkFile(at, file, format);
  }
  return file;
}

function isUrl(source: string): boolean {
  return /^\w[\w+.-]*:\/\//.test(source);
}

/**
 * Reads the file's header.
 *
 * Returns undefined when the path is a token, the file is not needed here, or it is on a server.
 */
function readSource(at: IConstruct, source: string, sha256: string | undefined): ImageFile | undefined {
  if (Token.isUnresolved(source)) {
    return undefined;
  }
  if (isUrl(source)) {
    if (!/^https?:\/\/[^/?#]/.test(source)) {
      addError(
        at,
        `'source' must be a file on this machine, or an http or https URL, got '${source}'; download it first`,
      );
    }
    return undefined;
  }
  try {
    return readImageFile(source);
  } catch (error) {
    // With a sha256, Terraform can plan on a machine without the image, for example in CI.
    if (sha256 === undefined) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      addError(
        at,
        `'source' must be a readable file, got '${resolve(source)}' (${reason}); create it, or set its 'sha256'`,
      );
    }
    return undefined;
  }
}

function checkFile(at: IConstruct, file: ImageFile, format: VolumeFormat): void {
  if (file.content === "packed") {
    return;
  }
  if (format === "qcow2" && file.content !== "qcow2") {
    addError(at, "'source' must be a qcow2 image, got another format; convert it, or set 'format' to 'raw'");
  }
  if (format === "raw" && file.content === "qcow2") {
    addError(at, "'source' must be a raw image, got a qcow2 image; remove 'format'");
  }
  if (file.hasBackingFile) {
    addError(
      at,
      "'source' must not have a backing file, got a clone of another image; flatten it with 'qemu-img convert'",
    );
  }
}
