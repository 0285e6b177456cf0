import { resolve } from "node:path";
import { lockInstalledProviders } from "./pipeline/provider-lock";
import { checkTypes } from "./pipeline/type-check";

/**
 * Checks the types of a cdktf app, synthesizes it, and writes the providers that are installed on this machine into the lock
 * file of every stack.
 *
 *     synthesize stacks/main.ts
 *
 * Where the constructs are not valid, it prints their errors. It prints a stack trace only where KVM_FLEET_DEBUG is set.
 */
const [entry] = process.argv.slice(2);
if (entry === undefined) {
  console.error("synthesize: the path of the app's file is missing; run it as 'synthesize stacks/main.ts'");
  process.exit(64);
}

process.on("uncaughtException", (error) => {
  console.error(process.env.KVM_FLEET_DEBUG === undefined ? error.message : error);
  process.exit(1);
});
// cdktf sets this variable. An app that is run by hand writes to the default folder.
const output = process.env.CDKTF_OUTDIR ?? "cdktf.out";
process.on("exit", (code) => {
  if (code === 0) {
    lockInstalledProviders(output);
  }
});
checkTypes(entry, output);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the file is known at run time only
require(resolve(entry));
