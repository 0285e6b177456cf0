import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure";
import { PackagedProvider } from "./packaged-provider";
import type { Project } from "./project";
import { runProgram } from "./run-program";
import { readStacks, type Stack } from "./stacks";

/**
 * Runs the project's app, as `cdktf synth` does. The app's output goes to standard error.
 *
 * @param quiet whether the app's output is part of the error in place of being printed
 * @throws Failure if the app fails, or if there is no provider for this machine
 */
export async function synthesize(project: Project, quiet = false): Promise<readonly Stack[]> {
  // The app checks this, too, for cdktf. Here it is the only message, and comes before anything has changed.
  PackagedProvider.check();
  mkdirSync(project.output, { recursive: true });
  // An app that exits with 0 but does not call synth() must not pass with the output of an earlier run.
  rmSync(join(project.output, "manifest.json"), { force: true });
  const { code, output } = await runProgram(project.app, [], {
    shell: true,
    cwd: project.folder,
    stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", process.stderr, "inherit"],
    env: {
      ...process.env,
      CDKTF_OUTDIR: project.output,
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...project.context, cdktfRelativeModules: [] }),
    },
  });
  if (code !== 0) {
    throw new Failure(`'${project.app}' ended with exit code ${code}${output === "" ? "" : `:\n${output.trimEnd()}`}`);
  }
  return readStacks(project.output);
}
