import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** The modules that take the place of cdktf in a package. */
const library = join(__dirname, "library", "cdk");

/** A reference to the library cdktf, in JavaScript or in declarations. */
const cdktfReference = /(\b(?:from|import|require)\s*\(?\s*)"cdktf"/g;

/** Compiles TypeScript to JavaScript, with declarations and source maps. */
export function compile(to: string): void {
  const tsc = require.resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(__dirname, "tsconfig.json"), "--outDir", to], {
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/**
 * Copies compiled folders into a package, and has them use cdktf or cdktn, whichever the user's project has.
 *
 * @param folders names of folders of the checkout
 */
export function copyCompiled(compiled: string, folders: readonly string[], to: string): void {
  for (const folder of folders) {
    cpSync(join(compiled, folder), join(to, folder), { recursive: true });
  }
  useEitherLibrary(to);
  forgetPaths(to);
}

/**
 * Names the sources in source maps as neighbours of their modules. The maps contain the sources, and the compiler's paths to
 * them depend on the folder that it writes to.
 */
export function forgetPaths(to: string): void {
  for (const name of readdirSync(to, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".js.map")) {
      const map = JSON.parse(readFileSync(join(to, name), "utf8")) as { readonly sources: readonly string[] };
      const sources = map.sources.map((source) => basename(source));
      writeFileSync(join(to, name), JSON.stringify({ ...map, sources }));
    }
  }
}

/** Replaces each reference to cdktf in a package by a module that selects the library. */
export function useEitherLibrary(to: string): void {
  for (const name of readdirSync(to, { recursive: true, encoding: "utf8" })) {
    const file = join(to, name);
    if (/\.(js|d\.ts)$/.test(name)) {
      const text = readFileSync(file, "utf8");
      const path = relative(dirname(file), join(to, "cdk"));
      const changed = text.replaceAll(cdktfReference, `$1"${path.startsWith(".") ? path : `./${path}`}"`);
      if (changed !== text) writeFileSync(file, changed);
    }
  }
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(library)) {
    copyFileSync(join(library, name), join(to, name));
  }
}
