import { execFile } from "node:child_process";
import { CommandError } from "../command";

/** Options of {@link tool}. */
export interface ToolOptions {
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a build tool (apt-get, go, mtools) and resolves to its standard output.
 *
 * Unlike `run`, it passes on the environment, which contains proxies, module settings and the path to Go.
 */
export function tool(command: string, args: readonly string[], options: ToolOptions): Promise<string> {
  const env = { ...process.env, LC_ALL: "C.UTF-8", TZ: "UTC", ...options.environment };
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd: options.directory, env, maxBuffer: 2 ** 24 }, (error, output, errors) => {
      if (!error) resolve(output);
      else if ("code" in error && error.code === "ENOENT") reject(new CommandError(`'${command}' is not installed`));
      else reject(new CommandError(`'${[command, ...args].join(" ")}' failed: ${errors.trim() || error.message}`));
    });
  });
}
