import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { HostFacts } from "../../placement";
import { analyze, differenceOf } from "../../separation";
import { exitCodes } from "../failure";
import { checkPrograms } from "../pipeline/check-programs";
import { readFacts } from "../pipeline/host-facts";
import { planFile } from "../pipeline/plan-file";
import { type Project, readProject } from "../pipeline/project";
import { readSeparated } from "../pipeline/separation";
import { askForSourceLines } from "../pipeline/source-lines";
import { selectStacks, type Stack } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { plan, showJson, showText } from "../pipeline/terraform";
import { progress } from "../progress";
import type { FleetReview } from "../review/fleet-review";
import { gitlabReport } from "../review/gitlab";
import { hostLoads } from "../review/host-load";
import { type Diff, markdown } from "../review/markdown";
import type { PlanJson } from "../review/plan-json";
import { reviewOf } from "../review/review";
import { summary } from "../review/summary";
import { readBase } from "../separation/base";

interface Options {
  readonly out?: string;
  readonly base?: string;
  readonly json?: string;
  readonly markdown?: string;
  readonly gitlab?: string;
  readonly summary?: boolean;
}

export function addPlan(program: Command): void {
  program
    .command("plan")
    .description("show what a deploy would change; exit code 2 if there are changes")
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .option("--out <folder>", "save the plan of each stack there, for 'deploy --plan'; the files contain secrets")
    .option(
      "--base <file>",
      "say which paths between zones open and close since a Git commit, or a file of 'separation --json'",
    )
    .option("--json <file>", "write what the plan means as JSON")
    .option("--markdown <file>", "write what the plan means as the comment of a pull request")
    .option("--gitlab <file>", "write the counts of changes as GitLab's report of a plan")
    .option("--summary", "print what the plan means, and not the whole plan")
    .action(async (names: string[], options: Options) => {
      const project = readProject();
      checkPrograms();
      progress("synthesize");
      askForSourceLines();
      const { stacks: all, paths } = await synthesizeSince(options.base, project);
      const stacks = selectStacks(all, names);
      const fleet = { paths, whole: stacks.length === all.length, facts: readFacts(project) };
      const saved = options.out === undefined ? mkdtempSync(join(tmpdir(), "kvm-fleet-plan-")) : resolve(options.out);
      mkdirSync(saved, { recursive: true, mode: 0o700 });
      try {
        const changes = await planStacks(stacks, fleet, saved, options);
        process.exitCode = changes ? exitCodes.changes : exitCodes.done;
      } finally {
        if (options.out === undefined) rmSync(saved, { recursive: true });
      }
    });
}

/** Synthesizes the stacks, and compares the paths between zones with those of the base. */
async function synthesizeSince(
  base: string | undefined,
  project: Project,
): Promise<{ readonly stacks: readonly Stack[]; readonly paths?: FleetReview["paths"] }> {
  if (base === undefined) return { stacks: await synthesize(project) };
  const { model, stacks, error } = await readSeparated(project);
  if (error !== undefined) throw error;
  return { stacks, paths: differenceOf(analyze(await readBase(base, project)).cells, analyze(model).cells) };
}

/**
 * @param fleet what is known of the whole fleet, and whether these are all of its stacks
 * @returns whether there are changes
 */
async function planStacks(
  stacks: readonly Stack[],
  fleet: Pick<FleetReview, "paths"> & { readonly whole: boolean; readonly facts: ReadonlyMap<string, HostFacts> },
  saved: string,
  options: Options,
): Promise<boolean> {
  const quiet = options.summary === true;
  const all = quiet || [options.json, options.markdown, options.gitlab].some((it) => it !== undefined);
  const plans: { readonly stack: Stack; readonly json: PlanJson }[] = [];
  const diffs: Diff[] = [];
  let changed = false;
  for (const stack of stacks) {
    const file = planFile(saved, stack);
    const changes = await plan(stack, { file, quiet }, progress);
    changed ||= changes;
    if (changes || all) plans.push({ stack, json: await showJson(stack, file) });
    if (changes && options.markdown !== undefined) diffs.push({ stack: stack.name, text: await showText(stack, file) });
  }
  const review: FleetReview = {
    stacks: plans.map(({ stack, json }) => reviewOf(stack, json)),
    hosts:
      fleet.whole && plans.length === stacks.length
        ? hostLoads(
            plans.map(({ json }) => json),
            fleet.facts,
          )
        : undefined,
    paths: fleet.paths,
  };
  if (plans.length > 0) console.log(`\n${summary(review)}`);
  write(options.json, () => `${JSON.stringify(review, undefined, 2)}\n`);
  write(options.markdown, () => markdown(review, diffs));
  write(options.gitlab, () => `${JSON.stringify(gitlabReport(review.stacks))}\n`);
  return changed;
}

function write(file: string | undefined, content: () => string): void {
  if (file !== undefined) writeFileSync(file, content());
}
