import { PackagedProvider } from "./packaged-provider";
import { provideProviders } from "./provide-providers";
import { noteSourceLines } from "./source-lines";
import { checkTypes } from "./type-check";

/**
 * Checks the types of a cdktf app that is about to run in this process. When the app has ended, it makes the providers of this
 * machine usable in every stack (provide-providers.ts).
 *
 * Where the constructs are not valid, it prints their errors. It prints a stack trace only where KVM_FLEET_DEBUG is set.
 *
 * @param entry the app's file
 */
export function prepareApp(entry: string): void {
  process.on("uncaughtException", (error) => {
    fail(error);
    process.exit(1);
  });
  PackagedProvider.check();
  // cdktf sets this variable. An app that is run by hand writes to the default folder.
  const output = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  process.on("exit", (code) => {
    if (code !== 0) {
      return;
    }
    try {
      provideProviders(output);
    } catch (error) {
      fail(error);
      process.exitCode = 1;
    }
  });
  checkTypes(entry, output);
  noteSourceLines(entry);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(process.env.KVM_FLEET_DEBUG === undefined ? message : error);
}
