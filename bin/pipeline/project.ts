import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure } from "../failure";

/** A folder with a cdktf.json. */
export interface Project {
  readonly folder: string;
  /** The command that synthesizes the stacks. */
  readonly app: string;
  /** The folder for the synthesized stacks. */
  readonly output: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** Reads the project in a folder. CDKTF_OUTPUT overrides the output folder, as it does for cdktf. */
export function readProject(folder = process.cwd()): Project {
  const file = join(folder, "cdktf.json");
  if (!existsSync(file)) {
    throw new Failure(
      `there is no cdktf.json in ${folder}; change to the folder of a project, or begin one with 'kvm-fleet init'`,
    );
  }
  const { app, output, context } = parse(file);
  if (app === undefined) {
    throw new Failure(`'app' is missing in ${file}; give the command that synthesizes the stacks`);
  }
  return {
    folder,
    app,
    output: resolve(folder, process.env.CDKTF_OUTPUT ?? output ?? "cdktf.out"),
    context: context ?? {},
  };
}

function parse(file: string): { app?: string; output?: string; context?: Record<string, unknown> } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof parse>;
  } catch (error) {
    throw new Failure(`${file} is not JSON: ${(error as Error).message}`);
  }
}
