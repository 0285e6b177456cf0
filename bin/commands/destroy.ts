import type { Command } from "commander";
import { approval } from "../approval";
import { readProject } from "../pipeline/project";
import { selectStacks } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { destroy } from "../pipeline/terraform";
import { progress } from "../progress";

export function addDestroy(program: Command): void {
  program
    .command("destroy")
    .description("remove what the stacks have made, the last stack first")
    .argument("[stack...]", "names of the stacks; all of them if left out")
    .option("--auto-approve", "don't ask")
    .action(async (names: string[], options: { autoApprove?: boolean }) => {
      const approved = approval(options, "destroy");
      const project = readProject();
      progress("synthesize");
      for (const stack of [...selectStacks(await synthesize(project), names)].reverse()) {
        await destroy(stack, approved, progress);
      }
    });
}
