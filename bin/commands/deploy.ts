import type { Command } from "commander";
import { approval } from "../approval";
import { readProject } from "../pipeline/project";
import { selectStacks } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { apply } from "../pipeline/terraform";
import { progress } from "../progress";

export function addDeploy(program: Command): void {
  program
    .command("deploy")
    .description("make the hosts what the stacks say")
    .argument("[stack...]", "names of the stacks; all of them if left out")
    .option("--auto-approve", "don't ask")
    .action(async (names: string[], options: { autoApprove?: boolean }) => {
      const approved = approval(options, "deploy");
      const project = readProject();
      progress("synthesize");
      for (const stack of selectStacks(await synthesize(project), names)) {
        await apply(stack, approved, progress);
      }
    });
}
