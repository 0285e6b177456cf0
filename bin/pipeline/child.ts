import { spawn, type SpawnOptions } from "node:child_process";
import { Failure } from "../failure";

export interface Ended {
  readonly code: number;
  /** What it wrote to those of its outputs that are pipes. */
  readonly output: string;
}

/**
 * Runs a program to its end.
 *
 * Ctrl-C reaches it as it reaches us, and it is the child that decides what comes of it: terraform first finishes what it
 * has begun, and writes its state.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly input?: string },
): Promise<Ended> {
  const wait = (): undefined => undefined;
  process.on("SIGINT", wait);
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
    process.off("SIGINT", wait);
  }
}
