import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { analyze, differenceOf, explain, type Model } from "../../separation";
import { exitCodes, Failure, UsageFailure } from "../failure";
import { readProject } from "../pipeline/project";
import { readSeparation } from "../pipeline/separation";
import { readBase } from "../separation/base";
import {
  differenceLines,
  explanationLines,
  flowLines,
  markdown,
  matrixTable,
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
    .description("show which flows the policy allows, and their routes; exit code 1 if the app violates the policy")
    .option("--from <name>", "explain the route to --to, from a zone, tag, network, machine or 'outside'")
    .option("--to <name>", "the other end of the route; requires --from")
    .option("--base <file>", "show the difference to a file written by --json, or to a Git commit")
    .option("--markdown <file>", "write the report in Markdown, for a pull request")
    .option("--json <file>", "write the report in JSON")
    .option("--svg <file>", "write the report as a picture")
    .action(async (options: Options) => {
      if ((options.from === undefined) !== (options.to === undefined)) {
        throw new UsageFailure("'--from' and '--to' require each other; name both ends");
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
  console.log(["", ...flowLines(report), ...unfilteredLines(report)].join("\n"));
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
      `no zone, machine, network or tag is named '${explanation.unknown}'; the zones are ${model.zones.map(({ name }) => name).join(", ")}`,
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
