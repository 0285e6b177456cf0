import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { prepareApp } from "./pipeline/prepare-app";

/**
 * The module `kvm-fleet/app`. Loaded before an app, it compiles the app's TypeScript, and prepares it (prepare-app.ts).
 *
 *     node --require kvm-fleet/app main.ts
 */
const [, entry] = process.argv;
if (isMainThread) {
  if (entry === undefined) {
    console.error("kvm-fleet/app: the app's file is missing; run it as 'node --require kvm-fleet/app main.ts'");
    process.exit(64);
  }
  if (!existsSync(entry)) {
    console.error(`kvm-fleet/app: there is no file ${entry}; name the app's file in "app" of cdktf.json`);
    process.exit(64);
  }
  prepareApp(entry);
  compile(entry);
}

/** Has tsx compile TypeScript when it is required or imported. */
function compile(file: string): void {
  /* eslint-disable @typescript-eslint/no-require-imports -- loading tsx for modules takes longer, and few apps need it */
  require("tsx/cjs");
  if (file.endsWith(".mts") || (file.endsWith(".ts") && isModule(dirname(file)))) {
    (require("tsx/esm/api") as { register(): void }).register();
  }
  /* eslint-enable @typescript-eslint/no-require-imports */
}

/** Whether the files of a folder are modules (ESM), according to the nearest package.json. */
function isModule(folder: string): boolean {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    return (JSON.parse(readFileSync(file, "utf8")) as { type?: string }).type === "module";
  }
  return dirname(folder) !== folder && isModule(dirname(folder));
}
