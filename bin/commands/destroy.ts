import type { Command } from "commander";
import { readApproval } from "../approval";
import { checkPrograms } from "../pipeline/check-programs";
import { readProject } from "../pipeline/project";
import { selectStacks } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { destroy } from "../pipeline/terraform";
import { progress } from "../progress";

export function addDestroy(program: Command): void {
  program
    .command("destroy")
    .description("remove everything that the stacks have created, the last stack first")
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .option("--auto-approve", "do not ask for approval")
    .action(async (names: string[], options: { autoApprove?: boolean }) => {
      const approval = readApproval(options, "destroy");
      const project = readProject();
      checkPrograms();
      progress("synthesize");
      for (const stack of [...selectStacks(await synthesize(project), names)].reverse()) {
        await destroy(stack, approval, progress);
      }
    });
}
