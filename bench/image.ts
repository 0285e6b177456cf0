import { randomFillSync } from "node:crypto";
import fs from "node:fs";

const CHUNK = 16 * 2 ** 20;

/**
 * Writes a raw image of random data.
 *
 * An upload sends all bytes, because the image has no holes and cannot be compressed.
 */
export function writeRandomImage(file: string, size: number): void {
  const chunk = Buffer.alloc(CHUNK);
  const image = fs.openSync(file, "w");
  try {
    for (let written = 0; written < size; written += CHUNK) {
      fs.writeSync(image, randomFillSync(chunk), 0, Math.min(CHUNK, size - written));
    }
  } finally {
    fs.closeSync(image);
  }
}
