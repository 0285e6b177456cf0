import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Size } from "../../core/size";

/** The properties of an image file that its beginning contains. */
export interface ImageFile {
  /** What the file contains. What is in a packed file is known in the plan. */
  readonly content: "qcow2" | "iso" | "packed" | "other";

  /** The size that a guest sees. Undefined if the file is packed. */
  readonly virtualSize?: Size;

  /** Whether the image is a clone, which cannot be used without the file that it was cloned from. */
  readonly hasBackingFile: boolean;
}

const qcow2Header = { magic: 0x514649fb, backingFileOffset: 8, virtualSize: 24, length: 32 } as const;

/** What identifies a file that the provider unpacks: bytes, and where they are. */
const packings: readonly (readonly [magic: string, offset: number])[] = [
  ["\x1f\x8b\x08", 0],
  ["\xfd7zXZ\0", 0],
  ["\x28\xb5\x2f\xfd", 0],
  ["BZh", 0],
  ["PK\x03\x04", 0],
  ["ustar", 257],
];

/** The label of an ISO 9660 image. */
const isoLabel = ["CD001", 0x8001] as const;

const headLength = 0x8010;

/**
 * Reads the beginning of an image file. Only a few bytes are read, regardless of the size of the file.
 *
 * @see https://www.qemu.org/docs/master/interop/qcow2.html#header
 */
export function readImageFile(path: string): ImageFile {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(headLength);
    const head = buffer.subarray(0, readSync(file, buffer, 0, headLength, 0));
    if (head.length >= qcow2Header.length && head.readUInt32BE(0) === qcow2Header.magic) {
      return {
        content: "qcow2",
        virtualSize: Size.bytes(Number(head.readBigUInt64BE(qcow2Header.virtualSize))),
        hasBackingFile: head.readBigUInt64BE(qcow2Header.backingFileOffset) !== 0n,
      };
    }
    if (packings.some(([magic, offset]) => contains(head, magic, offset))) {
      return { content: "packed", hasBackingFile: false };
    }
    const content = contains(head, ...isoLabel) ? "iso" : "other";
    return { content, virtualSize: Size.bytes(fstatSync(file).size), hasBackingFile: false };
  } finally {
    closeSync(file);
  }
}

function contains(head: Buffer, magic: string, offset: number): boolean {
  return head.toString("latin1", offset, offset + magic.length) === magic;
}
