import { spawn } from "node:child_process";

/** Options of {@link run}. */
export interface RunOptions {
  /** Text for the standard input of the command. */
  readonly input?: string;
  /** The time limit in milliseconds. After it, the command is killed and the call fails. */
  readonly deadline?: number;
  /** Environment variables in addition to those of every command. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The environment of every command: it lets programs be found, and does not change their behaviour or output. */
const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
};

/** A command failed. The message has the command line and the command's output. */
export class CommandError extends Error {}

/** Runs a command and resolves to its standard output. If the command fails, the error contains its standard error. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...ENVIRONMENT, ...options.variables }, cwd: "/" });
    const fail = (reason: string) => {
      reject(new CommandError(`'${[command, ...args].join(" ")}' ${reason}`));
    };
    let late = false;
    const timer =
      options.deadline === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            child.kill("SIGKILL");
          }, options.deadline);
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", (error) => {
      clearTimeout(timer);
      fail(`failed to start: ${error.message}`);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (late) fail(`did not end within ${options.deadline ?? 0} ms`);
      else if (code === 0) resolve(output);
      else fail(`failed: ${errors.trim() || output.trim() || `exit code ${String(code)}`}`);
    });
    // If a command ends before it reads its input, its exit code explains the failure.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
