import { resolve } from "node:path";
import type { Command } from "commander";
import { readApproval } from "../approval";
import { checkPrograms } from "../pipeline/check-programs";
import { checkPlans, planFile } from "../pipeline/plan-file";
import { readProject } from "../pipeline/project";
import { selectStacks, type Stack } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { apply, applyPlan } from "../pipeline/terraform";
import { progress } from "../progress";

export function addDeploy(program: Command): void {
  program
    .command("deploy")
    .description("create, change and remove what the stacks declare")
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .option("--auto-approve", "do not ask for approval")
    .option("--plan <folder>", "apply the plans that 'plan --out' saved there, without asking")
    .action(async (names: string[], options: { autoApprove?: boolean; plan?: string }) => {
      // Saved plans were reviewed.
      const approval = options.plan === undefined ? readApproval(options, "deploy") : { autoApprove: true };
      const project = readProject();
      checkPrograms();
      progress("synthesize");
      const stacks = selectStacks(await synthesize(project), names);
      if (options.plan !== undefined) {
        await applySaved(stacks, resolve(options.plan));
        return;
      }
      for (const stack of stacks) {
        await apply(stack, approval, progress);
      }
    });
}

/** Applies saved plans. Every stack must have one before the first is applied. */
async function applySaved(stacks: readonly Stack[], folder: string): Promise<void> {
  checkPlans(folder, stacks, "deploy");
  for (const stack of stacks) {
    await applyPlan(stack, planFile(folder, stack), progress);
  }
}
