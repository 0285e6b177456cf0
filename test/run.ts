/**
 * Runs tests, and ends with one line that counts them.
 *
 *     tsx test/run.ts                          the tests that every change must pass; what needs hosts gets labs of its own
 *     tsx test/run.ts --all                    everything, with the long tests and those of a host that is a virtual machine
 *     tsx test/run.ts --unit                   unit tests only
 *     tsx test/run.ts --acceptance Migration   the provider's acceptance tests whose names match
 *     tsx test/run.ts --acceptance --kinds     the same, on a lab of a Debian 13 and a Debian 12 host
 *     tsx test/run.ts --deep                   the tests of a host that is a virtual machine
 *     tsx test/run.ts --e2e pipeline           the end-to-end tests whose files match
 *
 * With --keep, the labs stay up for the next run. With --limit MINUTES, tests on labs that have not begun by then are
 * skipped, so that a slow machine ends with a result.
 */
import { getuid } from "node:process";
import { parseArgs } from "node:util";
import { table } from "../bin/table";
import { type Counts, inWords, oneFailed, oneSkipped, sum } from "./runner/counts";
import { excerpt } from "./runner/failed-tests";
import { type Faults, faultsInWords, sumFaults } from "./runner/faults";
import { selectAcceptanceTests, selectEndToEndTests } from "./runner/select";
import * as steps from "./runner/steps";
import { TestLabs } from "./runner/test-labs";

/** The outcome of a step. */
interface Outcome {
  readonly name: string;
  readonly counts: Counts;
  readonly seconds: number;
  /** The name and the beginning of the message of each test that failed. */
  readonly failedTests: readonly string[];
  /** The same for each test that failed and was repeated. */
  readonly repeatedTests: readonly string[];
}

const outcomes: Outcome[] = [];
const allFaults: Faults[] = [];

async function main(signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: "boolean" },
      unit: { type: "boolean" },
      acceptance: { type: "boolean" },
      kinds: { type: "boolean" },
      deep: { type: "boolean" },
      e2e: { type: "boolean" },
      keep: { type: "boolean" },
      limit: { type: "string" },
    },
  });
  const [pattern, ...more] = positionals;
  if (more.length > 0) {
    throw new Error(`one pattern is allowed, got ${positionals.map((it) => `'${it}'`).join(", ")}`);
  }
  const labs = new TestLabs(progress, values.keep === true);
  const until = values.limit === undefined ? undefined : limitFrom(values.limit);
  if (values.acceptance === true) {
    selectAcceptanceTests(pattern);
    const step =
      values.kinds === true
        ? steps.kindsTests(labs, { pattern, until })
        : steps.acceptanceTests(labs.ownKind, { pattern, until });
    await onLabs(labs, [[step]], signal);
    return;
  }
  if (values.kinds === true) {
    throw new Error("'--kinds' requires '--acceptance'");
  }
  if (values.deep === true) {
    selectAcceptanceTests(pattern ?? steps.DEEP_PATTERN);
    await onLabs(labs.withDeepHost, [[steps.deepTests(labs, pattern)]], signal);
    return;
  }
  if (values.e2e === true) {
    selectEndToEndTests(pattern);
    await onLabs(labs, [[steps.endToEndTests(labs, { pattern, until })]], signal);
    return;
  }
  if (pattern !== undefined) {
    throw new Error(`'${pattern}' requires '--acceptance', '--deep' or '--e2e'`);
  }
  if (values.unit === true) {
    await inParallel([[steps.typeScriptUnitTests()], steps.goUnitTests()], signal);
    return;
  }
  // Two lanes for two cores: the steps that compile, and after them the tests on labs, which wait for hosts and guests
  // half of the time.
  const long = values.all === true;
  await onLabs(
    labs,
    [
      [steps.endToEndTests(labs, { long, until })],
      [steps.acceptanceTests(labs.ownKind, { long, until }), steps.kindsTests(labs, { until })],
    ],
    signal,
    [
      [...steps.typeScriptChecks(), steps.documentationSite(), steps.typeScriptUnitTests()],
      [
        ...steps.goUnitTests(),
        ...steps.goChecks(),
        ...steps.generatedChecks(),
        steps.goRaceTests(),
        ...(long ? [steps.windowsBuild()] : []),
      ],
    ],
  );
  if (long) await onLabs(labs.withDeepHost, [[steps.deepTests(labs)]], signal);
}

/** Returns the time that is some minutes from now. */
function limitFrom(minutes: string): Date {
  if (!/^[1-9]\d*$/.test(minutes)) {
    throw new Error(`'--limit' must be a number of minutes, got '${minutes}'`);
  }
  return new Date(Date.now() + Number(minutes) * 60_000);
}

/**
 * Runs steps on labs.
 *
 * @param before steps that need no lab. Each lane of them is followed by the same lane on labs. The labs come up when the
 * first lane needs them.
 */
async function onLabs(
  labs: Pick<TestLabs, "up" | "end">,
  lanes: readonly (readonly steps.Step[])[],
  signal: AbortSignal,
  before: readonly (readonly steps.Step[])[] = [],
): Promise<void> {
  const skipped = lackOfRoot(lanes.flat());
  const up = once(async () => {
    try {
      await labs.up();
      return true;
    } catch (error) {
      console.error(`unable to bring up the labs: ${error instanceof Error ? error.message : String(error)}`);
      recordAll(lanes.flat(), oneFailed);
      return false;
    }
  });
  try {
    await Promise.all(
      lanes.map(async (lane, index) => {
        await inSequence(before[index] ?? [], signal);
        if (!skipped && (await up())) await inSequence(lane, signal);
      }),
    );
  } finally {
    if (!skipped) await labs.end();
  }
}

/** Reports and records that steps are skipped where this user cannot bring up a lab. */
function lackOfRoot(all: readonly steps.Step[]): boolean {
  if (getuid?.() === 0 || process.env.CI === "true") return false;
  const names = all.map(({ name }) => `'${name}'`).join(" and ");
  console.log(`skipped: ${names} require a lab, and only root can bring one up; run the command with sudo`);
  recordAll(all, oneSkipped);
  return true;
}

function recordAll(all: readonly steps.Step[], counts: Counts): void {
  outcomes.push(...all.map(({ name }) => ({ name, counts, seconds: 0, failedTests: [], repeatedTests: [] })));
}

/** Returns a function that does something at its first call only. */
function once<T>(act: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= act());
}

async function inParallel(lanes: readonly (readonly steps.Step[])[], signal: AbortSignal): Promise<void> {
  await Promise.all(lanes.map((lane) => inSequence(lane, signal)));
}

async function inSequence(lane: readonly steps.Step[], signal: AbortSignal): Promise<void> {
  for (const step of lane) {
    signal.throwIfAborted();
    await runStep(step, signal);
  }
}

async function runStep(step: steps.Step, signal: AbortSignal): Promise<void> {
  progress(step.name);
  const began = Date.now();
  const { counts, failures, failedTests, repeatedTests, faults } = await step.run(signal, (line) => {
    console.log(`    ${line}`);
  });
  const seconds = (Date.now() - began) / 1000;
  if (failures !== "") {
    console.log(failures);
  }
  if (faults !== undefined) {
    allFaults.push(faults);
  }
  const without = counts.failed > 0 && (failedTests ?? []).length === 0;
  outcomes.push({
    name: step.name,
    counts,
    seconds,
    repeatedTests: repeatedTests ?? [],
    failedTests: without ? [excerpt(step.name, failures)] : (failedTests ?? []),
  });
  progress(`${step.name}: ${inWords(counts)} (${seconds.toFixed(1)} s)`);
}

function progress(line: string): void {
  console.log(`==> ${line}`);
}

/** Prints the steps with their times, and the totals. */
function summarize(): Counts {
  const counts = sum(outcomes.map((outcome) => outcome.counts));
  const lines = outcomes.map(({ name, counts: { passed, failed, skipped }, seconds }) =>
    [name, passed, failed, skipped, seconds.toFixed(1)].map(String),
  );
  console.log(`\n${table(["STEP", "PASSED", "FAILED", "SKIPPED", "SECONDS"], lines)}\n`);
  const faults = sumFaults(allFaults);
  if (faults.tried > 0) {
    console.log(faultsInWords(faults));
  }
  for (const { name, failedTests, repeatedTests } of outcomes) {
    if (repeatedTests.length > 0)
      console.log([`failed at first in ${name}, and repeated:`, ...repeatedTests, ""].join("\n"));
    if (failedTests.length > 0) console.log([`failed in ${name}:`, ...failedTests, ""].join("\n"));
  }
  console.log(inWords(counts));
  return counts;
}

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted.abort(new Error(`interrupted by ${signal}`));
  });
}
main(interrupted.signal).then(
  () => {
    process.exitCode = summarize().failed > 0 ? 1 : 0;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
