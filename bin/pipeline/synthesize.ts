import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure";
import { runChild } from "./child";
import type { Project } from "./project";
import { readStacks, type Stack } from "./stacks";

/** Runs the project's app, as `cdktf synth` does. What the app prints goes to standard error. */
export async function synthesize(project: Project): Promise<readonly Stack[]> {
  mkdirSync(project.output, { recursive: true });
  // An app that ends well without having called synth() must not pass with what an earlier run has left.
  rmSync(join(project.output, "manifest.json"), { force: true });
  const { code } = await runChild(project.app, [], {
    shell: true,
    cwd: project.folder,
    stdio: ["ignore", process.stderr, "inherit"],
    env: {
      ...process.env,
      CDKTF_OUTDIR: project.output,
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...project.context, cdktfRelativeModules: [] }),
    },
  });
  if (code !== 0) {
    throw new Failure(`'${project.app}' ended with exit code ${code}`);
  }
  return readStacks(project.output);
}
