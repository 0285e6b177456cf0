import type { SeedFiles } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { templateLiteral } from "../../core/template-literal";
import type { SeedFile } from "../types";

/** Renders files for a seed. */
export function renderFiles(
  files: Readonly<Record<string, SeedFile>> | undefined,
): Readonly<Record<string, SeedFiles>> | undefined {
  if (files === undefined || Object.keys(files).length === 0) {
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === "string"
        ? { content: templateLiteral(content) }
        : { contentBase64: Buffer.from(content).toString("base64") },
    ]),
  );
}

/** Returns the problems of the paths of files. */
export function fileProblems(files: Readonly<Record<string, SeedFile>> = {}): string[] {
  return Object.keys(files)
    .filter((path) => !Token.isUnresolved(path) && !path.split("/").every(isName))
    .map(
      (path) =>
        `'seed.files' must have relative paths, whose parts have 1 to 64 characters without any of *:;?\\, got '${path}'; choose another path`,
    );
}

function isName(part: string): boolean {
  return part !== "." && part !== ".." && /^[^*:;?\\\p{Cc}]{1,64}$/u.test(part);
}
