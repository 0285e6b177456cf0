import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import { table } from "../bin/table";
import { CHECKOUT } from "../lab/paths";
import { apply } from "./apply";
import { BenchLab } from "./bench-lab";
import { change } from "./change";
import { drift } from "./drift";
import { evacuate } from "./evacuate";
import type { Figure, Finding } from "./figure";
import { install } from "./install";
import { migrate } from "./migrate";
import { placing } from "./place";
import { plan } from "./plan";
import { policy } from "./policy";
import { readResults, writeResults } from "./record";
import { refresh } from "./refresh";
import { failures, heading, type Machine, measureAll, mergeResults, passed, type Result, rows } from "./result";
import { separation } from "./separation";
import { synth } from "./synth";
import { upload } from "./upload";

const LAB = "bench";
const FOLDER = path.join(CHECKOUT, ".cache", "bench");
const RECORD = path.join(CHECKOUT, "bench.json");
const FIGURES: readonly Figure[] = [
  plan,
  drift,
  refresh,
  synth,
  install,
  separation,
  placing,
  apply,
  upload,
  migrate,
  change,
  evacuate,
  policy,
];
const NAMES: readonly string[] = FIGURES.map(({ name }) => name);

interface Options {
  readonly only?: string[];
  readonly quick: boolean;
  readonly keep: boolean;
}

/** @returns whether every figure was measured and meets its bars */
async function main({ only, quick, keep }: Options): Promise<boolean> {
  const figures = chosen(only);
  const lab = new BenchLab(LAB, needsOf(figures), report);
  const results: Result[] = [];
  const end = once(async () => {
    fs.rmSync(FOLDER, { recursive: true, force: true });
    if (!keep) await lab.discard();
    console.log(`\n${table(heading, results.flatMap(rows))}`);
    if (results.some(({ error }) => error !== undefined)) console.log(`\n${failures(results).join("\n")}`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void end().finally(() => process.exit(1)));
  }
  try {
    const onFailure = async ({ name }: Figure, error: string) => {
      report(`${name}: ${error}`);
      // Objects that the figure left on the hosts must not disturb the next figure.
      await lab.discard();
    };
    await measureAll(figures, thisMachine(), (figure) => measure(figure, lab, quick), onFailure, results);
  } finally {
    await end();
  }
  // Values for small sizes cannot be compared with the bars.
  if (quick) return results.every(({ error }) => error === undefined);
  writeResults(RECORD, mergeResults(readResults(RECORD), results, NAMES));
  return results.every(passed);
}

function chosen(only: readonly string[] = NAMES): readonly Figure[] {
  const unknown = only.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`'--only' must be one of ${NAMES.join(", ")}, got '${unknown}'`);
  return FIGURES.filter(({ name }) => only.includes(name));
}

function needsOf(figures: readonly Figure[]): { hosts: number; shared: boolean } {
  return {
    hosts: Math.max(...figures.map((figure) => figure.hosts)),
    shared: figures.some((figure) => figure.shared),
  };
}

async function measure(figure: Figure, lab: BenchLab, quick: boolean): Promise<Finding[]> {
  const folder = path.join(FOLDER, figure.name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const { hosts, shared, accelerator } = figure.hosts > 0 ? await lab.get() : NO_LAB;
  const findings = await figure.measure({
    hosts: hosts.slice(0, figure.hosts),
    shared,
    accelerator,
    fileOf: (host, file) => lab.fileOf(host, file),
    folder,
    quick,
    report,
  });
  fs.rmSync(folder, { recursive: true, force: true });
  return findings;
}

const NO_LAB = { hosts: [], shared: undefined, accelerator: "qemu" } as const;

function thisMachine(): Machine {
  return {
    processor: os.cpus()[0]?.model,
    cores: os.cpus().length,
    memory: os.totalmem(),
    kernel: os.release(),
    node: process.version,
  };
}

/** Runs the work at the first call. Later calls wait for the same run. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

function report(line: string): void {
  console.error(line);
}

const command = new Command("bench")
  .description(
    "Measures speed and memory. Prints a table and updates bench.json. Ends with exit code 1 if a figure failed or missed its bar.",
  )
  .option("--only <figures>", `measure only these, separated by commas: ${NAMES.join(", ")}`, (text) => text.split(","))
  .option("--quick", "use small sizes and ignore bars, for work on the benchmark itself", false)
  .option("--keep", "leave the lab up for the next run", false)
  .parse();
main(command.opts<Options>()).then(
  (held) => {
    process.exitCode = held ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
