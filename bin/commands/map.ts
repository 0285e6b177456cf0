import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { UsageFailure } from "../failure";
import { mapOf, type MappedStack } from "../map/fleet-map";
import { mermaid } from "../map/mermaid";
import { html, svg } from "../map/svg";
import { checkPrograms } from "../pipeline/check-programs";
import { checkPlans, planFile } from "../pipeline/plan-file";
import { readProject } from "../pipeline/project";
import { readSynthesized } from "../pipeline/separation";
import { selectStacks, type Stack } from "../pipeline/stacks";
import { showSaved } from "../pipeline/terraform";
import { progress } from "../progress";

interface Options {
  readonly svg?: string;
  readonly mermaid?: string;
  readonly html?: string;
  readonly plan?: string;
}

export function addMap(program: Command): void {
  program
    .command("map")
    .description("draw the fleet: hosts, with their pools, networks, zones and machines")
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .option("--svg <file>", "write the map as a picture")
    .option("--mermaid <file>", "write the map as a Mermaid flowchart, for Markdown")
    .option("--html <file>", "write the map as a page")
    .option("--plan <folder>", "show in colour what the plans change that 'plan --out' saved there")
    .action(async (names: string[], options: Options) => {
      const files = [
        [options.svg, svg],
        [options.mermaid, mermaid],
        [options.html, html],
      ] as const;
      if (files.every(([file]) => file === undefined)) {
        throw new UsageFailure("'map' requires a file to write; add '--svg', '--mermaid' or '--html'");
      }
      const project = readProject();
      if (options.plan !== undefined) checkPrograms();
      const { stacks: all, model, error } = await readSynthesized(project);
      if (error !== undefined) throw error;
      const stacks = selectStacks(all, names);
      const map = mapOf(await withPlans(stacks, options.plan), model);
      for (const [file, render] of files) {
        if (file !== undefined) writeFileSync(file, render(map));
      }
    });
}

async function withPlans(stacks: readonly Stack[], folder: string | undefined): Promise<readonly MappedStack[]> {
  if (folder === undefined) return stacks.map((stack) => ({ stack }));
  const saved = resolve(folder);
  checkPlans(saved, stacks, "map");
  const mapped: MappedStack[] = [];
  for (const stack of stacks) {
    mapped.push({ stack, plan: await showSaved(stack, planFile(saved, stack), progress) });
  }
  return mapped;
}
