import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { DATA_ROOT } from "../paths";

/** Receives progress, a line at a time. */
export type Report = (line: string) => void;

/** Returns the folder for data that is built once: packages, images and answers of the probe. */
export function cacheFolder(): string {
  return path.join(DATA_ROOT, ".cache", "guest");
}

/** Returns the SHA-256 of the parts and their lengths in hexadecimal. */
export function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${Buffer.byteLength(part)}:`);
    hash.update(part);
  }
  return hash.digest("hex");
}

/** Returns a digest of the names and contents of all files in a folder, except tests and documentation. */
export async function digestFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !/(_test\.go|\.md)$/.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(path.join(folder, file))));
  return digest(files.flatMap((file, index) => [file, contents[index] ?? ""]));
}
