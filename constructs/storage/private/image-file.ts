import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Size } from "../../core/size";

/** The properties of an image file that its header contains. */
export interface ImageFile {
  readonly format: "qcow2" | "raw";

  /** The size that a guest sees. */
  readonly virtualSize: Size;

  /** Whether the image is a clone, which cannot be used without the file that it was cloned from. */
  readonly hasBackingFile: boolean;
}

const qcow2Header = { magic: 0x514649fb, backingFileOffset: 8, virtualSize: 24, length: 32 } as const;

/**
 * Reads the header of an image file. Only a few bytes are read, regardless of the size of the file.
 *
 * A file in any format other than qcow2 is treated as raw.
 *
 * @see https://www.qemu.org/docs/master/interop/qcow2.html#header
 */
export function readImageFile(path: string): ImageFile {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(qcow2Header.length);
    const length = readSync(file, header, 0, header.length, 0);
    if (length < header.length || header.readUInt32BE(0) !== qcow2Header.magic) {
      return { format: "raw", virtualSize: Size.bytes(fstatSync(file).size), hasBackingFile: false };
    }
    return {
      format: "qcow2",
      virtualSize: Size.bytes(Number(header.readBigUInt64BE(qcow2Header.virtualSize))),
      hasBackingFile: header.readBigUInt64BE(qcow2Header.backingFileOffset) !== 0n,
    };
  } finally {
    closeSync(file);
  }
}
