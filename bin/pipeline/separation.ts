import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Model } from "../../separation/policy/model";
import { Failure } from "../failure";
import { runChild } from "./child";
import { type Project, readProject } from "./project";
import type { Stack } from "./stacks";
import { synthesize } from "./synthesize";

/** Read by the app that is synthesized: the file that it writes its separation to. */
const fileVariable = "KVM_FLEET_SEPARATION_FILE";

/** An app's zones, policy, networks and machines. It is there for an app that was refused, too: what for is found in it again. */
export async function readSeparation(project: Project): Promise<Model> {
  return (await readSeparated(project)).model;
}

/** The same, with the stacks; none of an app that was refused. */
export async function readSeparated(
  project: Project,
): Promise<{ readonly model: Model; readonly stacks: readonly Stack[] }> {
  return withFolder(async (folder) => {
    const file = join(folder, "separation.json");
    process.env[fileVariable] = file;
    let stacks: readonly Stack[] = [];
    try {
      stacks = await synthesize(project);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- setting it to undefined would make it a text
      delete process.env[fileVariable];
    }
    if (!existsSync(file)) {
      throw new Failure("the app has no zones: make a NetworkZone for each class of networks, and a SeparationPolicy");
    }
    return { model: JSON.parse(readFileSync(file, "utf8")) as Model, stacks };
  });
}

/** The separation as a commit of the project's repository had it: checked out aside, with the packages of this one. */
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
  const { code, output } = await runChild("git", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
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
