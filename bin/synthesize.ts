import { resolve } from "node:path";
import { lockInstalledProviders } from "./pipeline/provider-lock";
import { checkTypes } from "./pipeline/type-check";

/**
 * Checks the types of a cdktf app, synthesizes it, and locks the providers that are installed on this machine in every stack
 * it wrote.
 *
 *     synthesize stacks/main.ts
 *
 * An app whose constructs are not valid ends with their errors and no stack trace, unless KVM_FLEET_DEBUG is set.
 */
const [entry] = process.argv.slice(2);
if (entry === undefined) {
  console.error("synthesize: which app? give the path of its file");
  process.exit(64);
}

process.on("uncaughtException", (error) => {
  console.error(process.env.KVM_FLEET_DEBUG === undefined ? error.message : error);
  process.exit(1);
});
// cdktf says where by this variable, and an app that is run by hand writes to the default.
const output = process.env.CDKTF_OUTDIR ?? "cdktf.out";
process.on("exit", (code) => {
  if (code === 0) {
    lockInstalledProviders(output);
  }
});
checkTypes(entry, output);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- which file is known at run time only
require(resolve(entry));
