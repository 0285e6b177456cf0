import { Command, CommanderError } from "commander";
import { addDeploy } from "./commands/deploy";
import { addDestroy } from "./commands/destroy";
import { addLab } from "./commands/lab";
import { addPlan } from "./commands/plan";
import { addQuickstart } from "./commands/quickstart";
import { addSeparation } from "./commands/separation";
import { addStatus } from "./commands/status";
import { exitCodes, UsageFailure } from "./failure";
import { version } from "../package.json";

const program = new Command("kvm-fleet")
  .description("A fleet of KVM hosts as code: plans and deploys the stacks of the project in the current folder")
  .version(version)
  .option("--debug", "show the stack trace of an error")
  .exitOverride()
  .addHelpText(
    "after",
    `
Exit codes: ${exitCodes.done} done or no changes, ${exitCodes.failed} failed, ${exitCodes.changes} 'plan' found changes, ${exitCodes.usage} wrong usage.
Commands run 'terraform', or 'tofu' if there is no 'terraform'. TERRAFORM_BINARY_NAME selects another program.`,
  );
for (const add of [addQuickstart, addPlan, addDeploy, addDestroy, addStatus, addSeparation, addLab]) {
  add(program);
}

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
