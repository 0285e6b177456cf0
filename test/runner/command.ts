import { spawn } from "node:child_process";
import { join } from "node:path";

export const checkout = join(__dirname, "..", "..");

export interface CommandOptions {
  /** @default - the checkout */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives every line of standard output and standard error when it is printed. */
  readonly onLine?: (line: string) => void;
  /** Ends the command when the signal is aborted. */
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a program to its end. A program that cannot be started counts as failed, with the reason as its output. */
export function runCommand(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.folder ?? checkout,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      signal: options.signal,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach((line) => options.onLine?.(line));
      });
    }
    child.once("error", (error) => {
      resolve({ ok: false, output: `${output}${program}: ${error.message}` });
    });
    child.once("close", (code) => {
      resolve({ ok: code === 0, output });
    });
  });
}
