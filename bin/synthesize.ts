import { resolve } from "node:path";
import { prepareApp } from "./pipeline/prepare-app";

/**
 * Runs an app of this checkout, the command in "app" of cdktf.json.
 *
 *     synthesize stacks/main.ts
 */
const [entry] = process.argv.slice(2);
if (entry === undefined) {
  console.error("synthesize: the path of the app's file is missing; run it as 'synthesize stacks/main.ts'");
  process.exit(64);
}
prepareApp(entry);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the file is known at run time only
require(resolve(entry));
