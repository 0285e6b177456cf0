import type { Command } from "commander";
import { exitCodes } from "../failure";
import { readProject } from "../pipeline/project";
import { selectStacks } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { plan } from "../pipeline/terraform";
import { progress } from "../progress";

export function addPlan(program: Command): void {
  program
    .command("plan")
    .description("show what a deploy would change; exit code 2 if there are changes")
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .action(async (names: string[]) => {
      const project = readProject();
      progress("synthesize");
      let changes = false;
      for (const stack of selectStacks(await synthesize(project), names)) {
        changes = (await plan(stack, progress)) || changes;
      }
      process.exitCode = changes ? exitCodes.changes : exitCodes.done;
    });
}
