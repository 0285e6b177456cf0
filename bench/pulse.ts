import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CHECKOUT } from "../lab/paths";

/** When digits arrived, in milliseconds, and which. */
type Beat = readonly [number, string];

const ZERO = 0x30;

/** How long a guest may take to start, in milliseconds. */
const DEADLINE = 30_000;

/**
 * Listens to a counting guest, on all hosts that it may be on, while something is done.
 *
 * @returns what that returned, and the longest time in which nothing was heard, in seconds
 * @throws where a count was left out, or came twice
 */
export async function listenWhile<T>(logs: readonly string[], work: () => Promise<T>): Promise<T & { gap: number }> {
  const recorder = spawn(process.execPath, [
    ...["--require", require.resolve("tsx/cjs")],
    ...[path.join(CHECKOUT, "bench", "pulse-recorder.ts"), ...logs],
  ]);
  let output = "";
  let complaint = "";
  recorder.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  recorder.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const closed = once(recorder, "close");
  let done: T;
  try {
    await Promise.race([once(recorder.stdout, "data"), closed, silence(logs)]);
    done = await work();
  } finally {
    recorder.stdin.end();
    await closed;
  }
  if (recorder.exitCode !== 0) throw new Error(`the recorder of a guest's counts failed: ${complaint}`);
  return { ...done, gap: longestGap(JSON.parse(output) as Beat[]) };
}

async function silence(logs: readonly string[]): Promise<never> {
  await pause(DEADLINE, undefined, { ref: false });
  throw new Error(`waited ${DEADLINE / 1000} s for a guest to count in ${logs.join(" or ")}, in vain`);
}

function longestGap(beats: readonly Beat[]): number {
  uninterrupted(beats.map(([, digits]) => digits).join(""));
  const gaps = beats.slice(1).map(([at], index) => at - (beats[index]?.[0] ?? at));
  return Math.max(...gaps) / 1000;
}

function uninterrupted(text: string): void {
  const digits = Buffer.from(text, "latin1");
  const first = Number(text[0]);
  const broken = digits.findIndex((digit, index) => digit - ZERO !== (first + index) % 10);
  if (broken >= 0) {
    throw new Error(`the guest was interrupted: it counted ...${text.slice(Math.max(0, broken - 20), broken + 20)}`);
  }
}
