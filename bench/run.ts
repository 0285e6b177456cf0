import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Command } from "commander";
import { table } from "../bin/table";
import { down, type Lab, type LabHost, up } from "../lab";
import { CHECKOUT, LabPaths } from "../lab/paths";
import { type Figure, type Finding, holds } from "./figure";
import { apply } from "./apply";
import { change } from "./change";
import { evacuate } from "./evacuate";
import { migrate } from "./migrate";
import { plan } from "./plan";
import { policy } from "./policy";
import { refresh } from "./refresh";
import { separation } from "./separation";
import { synth } from "./synth";
import { upload } from "./upload";

const LAB = "bench";
const FOLDER = path.join(CHECKOUT, ".cache", "bench");
const FIGURES: readonly Figure[] = [plan, refresh, synth, separation, apply, upload, migrate, change, evacuate, policy];
const NAMES: readonly string[] = FIGURES.map(({ name }) => name);

interface Options {
  readonly only?: string[];
  readonly quick: boolean;
}

/** A figure with what it found, as it stands in bench.json. */
interface Result {
  readonly name: string;
  readonly findings: readonly (Finding & { readonly holds: boolean })[];
}

async function main(options: Options): Promise<boolean> {
  const figures = chosen(options.only);
  const hosts = Math.max(...figures.map((figure) => figure.hosts));
  const shared = figures.some((figure) => figure.shared);
  const cleanUp = once(async () => {
    if (hosts > 0) await down({ name: LAB, report });
    fs.rmSync(FOLDER, { recursive: true, force: true });
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  fs.rmSync(FOLDER, { recursive: true, force: true });
  const results: Result[] = [];
  try {
    const lab = hosts > 0 ? await up({ name: LAB, hosts, shared, image: false, report }) : undefined;
    for (const figure of figures) results.push(await measure(figure, lab, options));
  } finally {
    await cleanUp();
    console.log(`\n${table(["FIGURE", "WHAT", "VALUE", "BAR", ""], results.flatMap(rows))}`);
  }
  if (options.quick) return true;
  const machine = {
    processor: os.cpus()[0]?.model,
    cores: os.cpus().length,
    memory: os.totalmem(),
    kernel: os.release(),
    node: process.version,
  };
  const record = { at: new Date().toISOString(), machine, results };
  fs.writeFileSync(path.join(CHECKOUT, "bench.json"), `${JSON.stringify(record, undefined, 2)}\n`);
  return results.every(({ findings }) => findings.every((finding) => finding.holds));
}

function chosen(only: readonly string[] = NAMES): readonly Figure[] {
  const unknown = only.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`there is no figure '${unknown}'; choose from ${NAMES.join(", ")}`);
  return FIGURES.filter(({ name }) => only.includes(name));
}

async function measure(figure: Figure, lab: Lab | undefined, { quick }: Options): Promise<Result> {
  const folder = path.join(FOLDER, figure.name);
  fs.mkdirSync(folder, { recursive: true });
  const hosts = lab?.hosts.slice(0, figure.hosts) ?? [];
  const findings = await figure.measure({ hosts, shared: lab?.shared, fileOf, folder, quick, report });
  fs.rmSync(folder, { recursive: true, force: true });
  return { name: figure.name, findings: findings.map((finding) => ({ ...finding, holds: holds(finding) })) };
}

function fileOf({ name }: LabHost, file: string): string {
  return path.join(new LabPaths(LAB).hostData(name), file);
}

function rows({ name, findings }: Result): string[][] {
  return findings.map(({ what, value, unit, bar, ...finding }) => [
    name,
    what,
    `${spell(value)} ${unit}`,
    bar === undefined ? "" : "atMost" in bar ? `at most ${bar.atMost} ${unit}` : `at least ${bar.atLeast} ${unit}`,
    bar === undefined ? "" : finding.holds ? "ok" : "MISSED",
  ]);
}

/** Does it the first time, and lets all wait for that. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

/** With three digits, or all that are before the point. */
function spell(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function report(line: string): void {
  console.error(line);
}

const command = new Command("bench")
  .description("Measures what is promised of speed and memory; writes bench.json. Exit code 1 where a bar is missed.")
  .option("--only <figures>", `some figures only, of ${NAMES.join(", ")}`, (text) => text.split(","))
  .option("--quick", "small sizes and no bars, for work on the benchmark itself", false)
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
