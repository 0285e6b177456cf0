import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The hash of a provider in a dependency lock file: the directory hash of Go modules, "h1". The folder must have no
 * subfolders.
 *
 * @see https://developer.hashicorp.com/terraform/language/files/dependency-lock#h1
 */
export function directoryHash(folder: string): string {
  const lines = readdirSync(folder)
    .sort()
    .map((file) => `${sha256(readFileSync(join(folder, file))).digest("hex")}  ${file}\n`);
  return `h1:${sha256(lines.join("")).digest("base64")}`;
}

function sha256(data: string | Buffer): ReturnType<typeof createHash> {
  return createHash("sha256").update(data);
}
