import { Command } from "commander";
import { version } from "../package.json";
import { addDeploy } from "./commands/deploy";
import { addDestroy } from "./commands/destroy";
import { addLab } from "./commands/lab";
import { addPlan } from "./commands/plan";
import { addQuickstart } from "./commands/quickstart";
import { addSeparation } from "./commands/separation";
import { addStatus } from "./commands/status";
import { exitCodes } from "./failure";

/** The command line with all of its commands and options. */
export function createProgram(): Command {
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
  return program;
}
