import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { analyze } from "../../separation/policy/analysis";
import { differenceOf } from "../../separation/policy/difference";
import { explain } from "../../separation/policy/explain";
import type { Model } from "../../separation/policy/model";
import { exitCodes, Failure, UsageFailure } from "../failure";
import { type Project, readProject } from "../pipeline/project";
import { readSeparation, readSeparationAt } from "../pipeline/separation";
import {
  differenceLines,
  explanationLines,
  markdown,
  matrixTable,
  pathLines,
  type SeparationReport,
  unfilteredLines,
} from "../separation/report";
import { svg } from "../separation/svg";
import { addVerify } from "./separation-verify";

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly base?: string;
  readonly markdown?: string;
  readonly json?: string;
  readonly svg?: string;
}

export function addSeparation(program: Command): void {
  const separation = program
    .command("separation")
    .description("show what may talk to what, and by which path; exit code 1 where something must not be deployed")
    .option("--from <name>", "with --to: explain what lies between two zones, tags, networks or machines, or 'outside'")
    .option("--to <name>", "with --from")
    .option("--base <file>", "what to show the difference against: a file that --json wrote, or a commit of git's")
    .option("--markdown <file>", "write it for a pull request")
    .option("--json <file>", "write it for programs")
    .option("--svg <file>", "write it as a picture")
    .action(async (options: Options) => {
      if ((options.from === undefined) !== (options.to === undefined)) {
        throw new UsageFailure("'--from' and '--to' go together; name both ends");
      }
      const project = readProject();
      const model = await readSeparation(project);
      if (options.from !== undefined && options.to !== undefined) {
        showExplanation(model, options.from, options.to);
        return;
      }
      const analysis = analyze(model);
      const base = options.base === undefined ? undefined : await readBase(options.base, project);
      const difference = base === undefined ? undefined : differenceOf(analyze(base).cells, analysis.cells);
      const report: SeparationReport = { ...analysis, model, difference };
      show(report);
      write(options, report);
      process.exitCode = analysis.violations.length > 0 ? exitCodes.failed : exitCodes.done;
    });
  addVerify(separation);
}

function show(report: SeparationReport): void {
  const { violations, difference } = report;
  console.log(matrixTable(report));
  console.log(["", ...pathLines(report), ...unfilteredLines(report)].join("\n"));
  if (difference !== undefined) {
    console.log(["", ...differenceLines(difference)].join("\n"));
  }
  for (const { at, message } of violations) {
    console.error(`kvm-fleet: ${message} (at ${at})`);
  }
}

function showExplanation(model: Model, from: string, to: string): void {
  const explanation = explain(model, from, to);
  if ("unknown" in explanation) {
    throw new Failure(
      `there is no zone, machine, network or tag '${explanation.unknown}'; the zones are ${model.zones.map(({ name }) => name).join(", ")}`,
    );
  }
  console.log(explanationLines(explanation).join("\n"));
}

function write(options: Options, report: SeparationReport): void {
  const files = [
    [options.markdown, markdown],
    [options.json, (all: SeparationReport) => `${JSON.stringify(all, undefined, 2)}\n`],
    [options.svg, svg],
  ] as const;
  for (const [file, render] of files) {
    if (file !== undefined) writeFileSync(file, render(report));
  }
}

async function readBase(base: string, project: Project): Promise<Model> {
  if (!existsSync(base)) {
    return readSeparationAt(base, project);
  }
  try {
    const { model } = JSON.parse(readFileSync(base, "utf8")) as Partial<SeparationReport>;
    if (model !== undefined) return model;
  } catch {
    // Said below.
  }
  throw new Failure(`${base} is not what '--json' writes; write it with 'kvm-fleet separation --json ${base}'`);
}
