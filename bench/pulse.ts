import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { CHECKOUT } from "../lab/paths";

/** When digits arrived, in milliseconds, and which. */
type Beat = readonly [number, string];

const ZERO = 0x30;

/** A counting guest that is listened to, on all hosts that it may be on. */
export class Pulse {
  private output = "";
  private readonly closed: Promise<unknown>;

  private constructor(private readonly recorder: ChildProcessWithoutNullStreams) {
    recorder.stdout.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    recorder.stderr.pipe(process.stderr);
    this.closed = once(recorder, "close");
  }

  /** Listens from the first count on that comes now. */
  static async of(logs: readonly string[]): Promise<Pulse> {
    const recorder = spawn(process.execPath, [
      ...["--require", require.resolve("tsx/cjs")],
      ...[path.join(CHECKOUT, "bench", "pulse-recorder.ts"), ...logs],
    ]);
    const pulse = new Pulse(recorder);
    await Promise.race([once(recorder.stdout, "data"), pulse.closed]);
    return pulse;
  }

  /** @returns the longest time in which nothing was heard, in seconds; fails where a count was left out or came twice */
  async longestGap(): Promise<number> {
    this.recorder.stdin.end();
    await this.closed;
    const beats = JSON.parse(this.output) as Beat[];
    uninterrupted(beats.map(([, digits]) => digits).join(""));
    const gaps = beats.slice(1).map(([at], index) => at - (beats[index]?.[0] ?? at));
    return Math.max(...gaps) / 1000;
  }
}

function uninterrupted(text: string): void {
  const digits = Buffer.from(text, "latin1");
  const first = Number(text[0]);
  const broken = digits.findIndex((digit, index) => digit - ZERO !== (first + index) % 10);
  if (broken >= 0) {
    throw new Error(`the guest was interrupted: it counted ...${text.slice(Math.max(0, broken - 20), broken + 20)}`);
  }
}
