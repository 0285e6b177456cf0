import { Command } from "commander";
import { IS_PACKAGE } from "../lab/paths";
import { version } from "../package.json";
import { addActs } from "./commands/act";
import { addAdopt } from "./commands/adopt";
import { addConsole } from "./commands/console";
import { addDeploy } from "./commands/deploy";
import { addDestroy } from "./commands/destroy";
import { addDrift } from "./commands/drift";
import { addHosts } from "./commands/hosts";
import { addInit } from "./commands/init";
import { addLab } from "./commands/lab";
import { addLogs } from "./commands/logs";
import { addMap } from "./commands/map";
import { addPlace } from "./commands/place";
import { addPlan } from "./commands/plan";
import { addQuickstart } from "./commands/quickstart";
import { addSeparation } from "./commands/separation";
import { addSsh } from "./commands/ssh";
import { addStatus } from "./commands/status";
import { exitCodes } from "./failure";

/** The command line with all of its commands and options. */
export function createProgram(): Command {
  const program = new Command("kvm-fleet")
    .description("A fleet of KVM hosts as code: plans and deploys the stacks of the project in the current folder")
    .version(version)
    .option("--debug", "show the stack trace of an error")
    .exitOverride()
    // A command such as 'ssh' passes on the options that follow its arguments.
    .enablePositionalOptions()
    .addHelpText(
      "after",
      `
Exit codes: ${exitCodes.done} done or no changes, ${exitCodes.failed} failed, ${exitCodes.changes} 'plan' found changes or 'drift' found drift, ${exitCodes.usage} wrong usage.
Commands run 'terraform', or 'tofu' if there is no 'terraform'. TERRAFORM_BINARY_NAME selects another program.`,
    );
  // The stack of the quickstart is in the checkout.
  for (const add of [
    ...(IS_PACKAGE ? [] : [addQuickstart]),
    addInit,
    addAdopt,
    addPlan,
    addDeploy,
    addDestroy,
    addDrift,
    addMap,
    addStatus,
    addActs,
    addConsole,
    addLogs,
    addSsh,
    addHosts,
    addPlace,
    addSeparation,
    addLab,
  ]) {
    add(program);
  }
  return program;
}
