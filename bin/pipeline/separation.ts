import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Model } from "../../separation";
import { Failure } from "../failure";
import { readAppReport } from "./app-report";
import { type Project, readProject } from "./project";
import { runProgram } from "./run-program";
import type { Stack } from "./stacks";

/** The variable that tells the app which file to write its separation model to. */
const fileVariable = "KVM_FLEET_SEPARATION_FILE";

/** Reads an app's zones, policy, networks and machines. An app that violates its policy has a model too. */
export async function readSeparation(project: Project): Promise<Model> {
  return (await readSeparated(project)).model;
}

/** Reads the model and the stacks. There are no stacks where synthesis failed, but its error. */
export async function readSeparated(
  project: Project,
): Promise<{ readonly model: Model; readonly stacks: readonly Stack[]; readonly error?: Failure }> {
  const { model, ...rest } = await readSynthesized(project);
  if (model === undefined) {
    throw new Failure("the app has no zones; add a NetworkZone for each class of networks, and a SeparationPolicy");
  }
  return { model, ...rest };
}

/** Reads the stacks, and the model of an app that has zones. */
export async function readSynthesized(
  project: Project,
): Promise<{ readonly model?: Model; readonly stacks: readonly Stack[]; readonly error?: Failure }> {
  const { content, ...rest } = await readAppReport(project, fileVariable);
  return { model: content as Model | undefined, ...rest };
}

/** Reads the model at a Git commit, from a temporary checkout that uses the npm packages of this one. */
export async function readSeparationAt(ref: string, project: Project): Promise<Model> {
  return withFolder(async (folder) => {
    const checkout = join(folder, "checkout");
    await git(project.folder, "worktree", "add", "--quiet", "--detach", checkout, ref);
    try {
      const prefix = (await git(project.folder, "rev-parse", "--show-prefix")).trim();
      const there = resolve(checkout, prefix);
      const packages = join(project.folder, "node_modules");
      if (existsSync(packages) && !existsSync(join(there, "node_modules"))) {
        symlinkSync(packages, join(there, "node_modules"));
      }
      return await readSeparation({ ...readProject(there), output: join(folder, "cdktf.out") });
    } finally {
      await git(project.folder, "worktree", "remove", "--force", checkout);
    }
  });
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, output } = await runProgram("git", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  if (code !== 0) {
    throw new Failure(`'git ${args.join(" ")}' ended with exit code ${code}: ${output.trim()}`);
  }
  return output;
}

async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "kvm-fleet-separation-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
