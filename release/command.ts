import { exitCodes, UsageFailure } from "../bin/failure";

/** Runs a command of this folder. It ends with one line on standard error if it fails. */
export function runCommand(name: string, command: () => void): void {
  try {
    command();
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof UsageFailure ? exitCodes.usage : exitCodes.failed;
  }
}
