import { spawn, type SpawnOptions } from "node:child_process";
import { Failure } from "../failure";

/** How a program ended. */
export interface ProgramResult {
  readonly code: number;
  /** What it wrote to its standard output and standard error, where these are pipes. */
  readonly output: string;
}

/**
 * Runs a program until it ends.
 *
 * Ctrl-C reaches both processes, and the child decides when to end: terraform first completes the operations that it has
 * started, and writes its state.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly input?: string },
): Promise<ProgramResult> {
  const ignore = (): undefined => undefined;
  process.on("SIGINT", ignore);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(command, [...args], options);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
      }
      child.stdin?.end(options.input);
      child.once("error", (error) => {
        reject(new Failure(`can't run '${command}': ${error.message}`));
      });
      child.once("close", (code) => {
        resolve({ code: code ?? 1, output });
      });
    });
  } finally {
    process.off("SIGINT", ignore);
  }
}
