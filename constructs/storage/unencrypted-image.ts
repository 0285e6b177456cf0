import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import type { IVolume } from "./types";

/** Checks that an image is not encrypted: libvirt decrypts a disk, but not the image that the disk is a clone of. */
export function checkClear(at: IConstruct, image: IVolume): void {
  if (image.encryption !== undefined) {
    addError(
      at,
      `'image' must not be encrypted, got '${image.volumeName}'; encrypt the clone instead, or create a full copy with 'cloneOf'`,
    );
  }
}
