import { spawn } from "node:child_process";

/** How a command is run. */
export interface RunOptions {
  /** Text for its standard input. */
  readonly input?: string;
  /** Milliseconds after which it is killed and the call fails. */
  readonly deadline?: number;
  /** Environment variables beyond the few that every command gets. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What a child sees of our environment: enough to find programs, nothing that changes what they do or print. */
const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
};

/** A command that ended with an error; its message holds the command line and what it said. */
export class CommandError extends Error {}

/** Runs a command and resolves to its standard output; fails with what it wrote to standard error. */
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
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    child.on("error", (error) => {
      clearTimeout(timer);
      fail(`could not be started: ${error.message}`);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (late) fail(`did not end within ${options.deadline ?? 0} ms`);
      else if (code === 0) resolve(output);
      else fail(`failed: ${complaint.trim() || output.trim() || `exit code ${String(code)}`}`);
    });
    // A command that ends before it has read its input says why in its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
