import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import { Size } from "../core/size";
import type { IVolume } from "./types";

const smallestDisk = Size.mebibytes(1);
const sector = Size.bytes(512);

/** Checks the size that a disk is to have, and that the image it is cloned from fits in. */
export function checkCapacity(at: IConstruct, property: string, size: Size, image: IVolume | undefined): void {
  const least = image?.capacity;
  if (size.isLessThan(smallestDisk)) {
    addError(at, `'${property}' must be at least ${smallestDisk.toString()}, got ${size.toString()}; raise it`);
  } else if (!size.isMultipleOf(sector)) {
    addError(
      at,
      `'${property}' must be a multiple of ${sector.toBytes()} bytes, got ${size.toString()}; round it, for example to MiB`,
    );
  } else if (least !== undefined && size.isLessThan(least)) {
    addError(
      at,
      `'${property}' must be at least the size of image '${image?.volumeName ?? ""}' (${least.toString()}), got ${size.toString()}; ` +
        "raise it or use a smaller image",
    );
  }
}
