import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CHECKOUT } from "../lab/paths";

/** The time at which digits arrived, in milliseconds, and the digits. */
type Arrival = readonly [number, string];

const ZERO = 0x30;

/** The time limit for a guest to start, in milliseconds. */
const DEADLINE = 120_000;

/**
 * Records the counts of a guest during some work.
 *
 * @param logs the guest's serial log on each host that it can run on
 * @returns the result of the work, and the longest time between two counts, in seconds
 * @throws if a count is missing or repeated
 */
export async function recordWhile<T>(logs: readonly string[], work: () => Promise<T>): Promise<T & { gap: number }> {
  const recorder = spawn(process.execPath, [
    ...["--require", require.resolve("tsx/cjs")],
    ...[path.join(CHECKOUT, "bench", "count-recorder.ts"), ...logs],
  ]);
  let output = "";
  let errors = "";
  recorder.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  recorder.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const closed = once(recorder, "close");
  let done: T;
  try {
    await Promise.race([once(recorder.stdout, "data"), closed, silence(logs)]);
    done = await work();
  } finally {
    recorder.stdin.end();
    await closed;
  }
  if (recorder.exitCode !== 0) throw new Error(`the recorder of the guest's counts failed: ${errors}`);
  return { ...done, gap: longestGap(JSON.parse(output) as Arrival[]) };
}

async function silence(logs: readonly string[]): Promise<never> {
  await pause(DEADLINE, undefined, { ref: false });
  throw new Error(`no guest counted in ${logs.join(" or ")} within ${DEADLINE / 1000} s`);
}

function longestGap(arrivals: readonly Arrival[]): number {
  requireAllCounts(arrivals.map(([, digits]) => digits).join(""));
  const gaps = arrivals.slice(1).map(([at], index) => at - (arrivals[index]?.[0] ?? at));
  return Math.max(...gaps) / 1000;
}

function requireAllCounts(text: string): void {
  const digits = Buffer.from(text, "latin1");
  const first = Number(text[0]);
  const broken = digits.findIndex((digit, index) => digit - ZERO !== (first + index) % 10);
  if (broken >= 0) {
    throw new Error(`the guest was interrupted: it counted ...${text.slice(Math.max(0, broken - 20), broken + 20)}`);
  }
}
