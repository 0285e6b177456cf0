import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import type { IVolume } from "./types";

/** Checks that an image can be read by the machines whose disks rest on it: libvirt opens the disk itself only. */
export function checkClear(at: IConstruct, image: IVolume): void {
  if (image.encryption !== undefined) {
    addError(
      at,
      `'image' must not be encrypted, got '${image.volumeName}'; encrypt the clone instead, or create a full copy with 'cloneOf'`,
    );
  }
}
