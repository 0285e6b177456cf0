import type { Command } from "commander";
import { readApproval } from "../approval";
import { readProject } from "../pipeline/project";
import { selectStacks } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { apply } from "../pipeline/terraform";
import { progress } from "../progress";

export function addDeploy(program: Command): void {
  program
    .command("deploy")
    .description("create, change and remove what the stacks declare")
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .option("--auto-approve", "do not ask for approval")
    .action(async (names: string[], options: { autoApprove?: boolean }) => {
      const approval = readApproval(options, "deploy");
      const project = readProject();
      progress("synthesize");
      for (const stack of selectStacks(await synthesize(project), names)) {
        await apply(stack, approval, progress);
      }
    });
}
