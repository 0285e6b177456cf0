import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { readAccepted, type Scope, withoutAccepted, writeAccepted } from "../drift/accepted";
import { type Drift, driftOf } from "../drift/findings";
import { markdown } from "../drift/markdown";
import { text, type Told } from "../drift/text";
import { exitCodes } from "../failure";
import { checkPrograms } from "../pipeline/check-programs";
import { readDrift } from "../pipeline/drift";
import { readProject } from "../pipeline/project";
import { selectStacks } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { progress } from "../progress";

interface Options {
  readonly json?: string;
  readonly markdown?: string;
  readonly accepted?: string;
  readonly accept?: string;
}

export function addDrift(program: Command): void {
  program
    .command("drift")
    .description(
      "show what the hosts have otherwise than the state says, without a plan; exit code 2 if there is drift, " +
        "1 if something could not be compared",
    )
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .option("--json <file>", "write what was found as JSON")
    .option("--markdown <file>", "write what was found as an issue or a comment")
    .option("--accepted <file>", "leave out what this file accepts, and name its entries that are not found any more")
    .addOption(new Option("--accept <file>", "accept what was found: write it to this file").conflicts("accepted"))
    .action(async (names: string[], options: Options) => {
      // A file that cannot be read must not be noticed only after the hosts were asked.
      const accepted = options.accepted === undefined ? [] : readAccepted(options.accepted);
      const project = readProject();
      checkPrograms();
      progress("synthesize");
      const all = await synthesize(project);
      const selected = selectStacks(all, names);
      const scope = {
        stacks: selected.map(({ name }) => name),
        others: all.filter((stack) => !selected.includes(stack)).map(({ name }) => name),
      };
      const whole = driftOf(selected, await readDrift(selected, all, progress));
      const { drift, stale } = withoutAccepted(whole, accepted, scope);
      tell({ drift, stale, accepted: whole.findings.length - drift.findings.length }, options);
      process.exitCode = accept(whole, scope, options) ? exitCodeOf({ ...drift, findings: [] }) : exitCodeOf(drift);
    });
}

function tell(told: Told, options: Options): void {
  console.log(`\n${text(told)}`);
  const { drift, ...rest } = told;
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ ...drift, ...rest }, undefined, 2)}\n`);
  }
  if (options.markdown !== undefined) writeFileSync(options.markdown, markdown(told));
}

/** @returns whether what was found is accepted now */
function accept(drift: Drift, scope: Scope, { accept: file }: Options): boolean {
  if (file === undefined) return false;
  const count = writeAccepted(file, drift, scope);
  progress(`wrote ${file}, which accepts ${count} ${count === 1 ? "finding" : "findings"}; review it`);
  return true;
}

function exitCodeOf({ findings, failed }: Drift): number {
  if (failed.length > 0) return exitCodes.failed;
  return findings.length > 0 ? exitCodes.changes : exitCodes.done;
}
