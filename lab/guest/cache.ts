import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { CHECKOUT } from "../paths";

/** Where progress is told, a line at a time. */
export type Report = (line: string) => void;

/** What is built once and kept: packages, images, answers of the probe. */
export function cacheFolder(): string {
  return path.join(CHECKOUT, ".cache", "guest");
}

/** A SHA-256 in hexadecimal over parts, none of which can be taken for another. */
export function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${Buffer.byteLength(part)}:`);
    hash.update(part);
  }
  return hash.digest("hex");
}

/** One digest over all files in a folder, by name and content; tests and texts are not part of what is built. */
export async function digestFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !/(_test\.go|\.md)$/.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(path.join(folder, file))));
  return digest(files.flatMap((file, index) => [file, contents[index] ?? ""]));
}
