import { CommanderError } from "commander";
import { exitCodes, UsageFailure } from "./failure";
import { createProgram } from "./program";

const program = createProgram();
program.hook("preAction", () => {
  if (debug()) {
    process.env.KVM_FLEET_DEBUG = "1";
  }
});
program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});

/** Prints the error, unless commander has printed it. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  console.error(`kvm-fleet: ${error instanceof Error ? error.message : String(error)}`);
  if (debug() && error instanceof Error) {
    console.error(error.stack);
  }
  return error instanceof UsageFailure ? exitCodes.usage : exitCodes.failed;
}

function debug(): boolean {
  return program.opts<{ debug?: boolean }>().debug === true;
}
