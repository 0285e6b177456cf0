import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { terraformBinary } from "../../lab/terraform-binary";
import { Failure } from "../failure";

export type Library = "cdktf" | "cdktn";
export type PackageManager = "npm" | "pnpm" | "yarn";

/** How each package manager runs a command of the project's packages. npx does not find those that Yarn keeps in archives. */
export const runs: Readonly<Record<PackageManager, string>> = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn" };

export type Forge = "github" | "gitlab";
export type Engine = "terraform" | "tofu";

/** What `init` finds out about a project, so that it need not ask. */
export interface Facts {
  readonly folder: string;
  /** The library that the project has installed. */
  readonly library: Library;
  readonly packageManager: PackageManager;
  /** The top folder of the repository; the project's own folder where there is no repository. */
  readonly repository: string;
  /** Where the repository is hosted; undefined where it has no remote yet. */
  readonly forge: Forge | undefined;
  /** The program that plans on this machine; undefined where none is installed. */
  readonly engine: { readonly name: Engine; readonly version: string } | undefined;
  /** Whether the project's files are modules (ESM). */
  readonly isModule: boolean;
  /** The name of the first stack. */
  readonly stackName: string;
}

/** @throws Failure if the folder is not a project that has kvm-fleet and a library installed */
export function findFacts(folder: string): Facts {
  if (!isInstalled("kvm-fleet", folder)) {
    throw new Failure(
      `kvm-fleet is not installed in ${folder}; run 'npm install kvm-fleet cdktf constructs', or cdktn in place of cdktf`,
    );
  }
  const repository = git(folder, "rev-parse", "--show-toplevel") ?? folder;
  return {
    folder,
    library: findLibrary(folder),
    packageManager: findPackageManager(folder),
    repository,
    forge: findForge(folder, repository),
    engine: findEngine(),
    isModule: nearestManifest(folder).type === "module",
    stackName: identifier(basename(folder)) ?? "fleet",
  };
}

/** The path of the project in its repository; empty where it is the repository. */
export function pathInRepository({ folder, repository }: Facts): string {
  return relative(repository, folder);
}

/** A text as the id of a construct; undefined where nothing is left of it. */
export function identifier(text: string): string | undefined {
  return /[A-Za-z][\w-]*/.exec(text.replace(/[^\w-]+/g, "-"))?.[0].replace(/-+$/, "");
}

/** Whether the project can import a package. */
export function isInstalled(name: string, folder: string): boolean {
  // require.resolve would also search the folders in NODE_PATH, in which pnpm names packages that the project cannot import.
  return (
    process.versions.pnp !== undefined || upwards(folder, join("node_modules", name, "package.json")) !== undefined
  );
}

interface PackageManifest {
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function nearestManifest(folder: string): PackageManifest {
  const file = upwards(folder, "package.json");
  return file === undefined ? {} : (JSON.parse(readFileSync(file, "utf8")) as PackageManifest);
}

function findLibrary(folder: string): Library {
  const { dependencies, devDependencies } = nearestManifest(folder);
  const names = ["cdktf", "cdktn"] as const;
  const declared = names.find((name) => ({ ...devDependencies, ...dependencies })[name] !== undefined);
  const found = declared ?? names.find((name) => isInstalled(name, folder));
  if (found === undefined) {
    throw new Failure("neither 'cdktf' nor 'cdktn' is installed; run 'npm install cdktf constructs', or cdktn");
  }
  return found;
}

/** The package manager whose lock file is nearest, or else the one that runs this command. */
function findPackageManager(folder: string): PackageManager {
  const locks = { "package-lock.json": "npm", "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn" } as const;
  for (const [file, manager] of Object.entries(locks)) {
    if (existsSync(join(folder, file))) return manager;
  }
  if (dirname(folder) !== folder) return findPackageManager(dirname(folder));
  const [agent] = (process.env.npm_config_user_agent ?? "").split("/");
  return agent === "pnpm" || agent === "yarn" ? agent : "npm";
}

function findForge(folder: string, repository: string): Forge | undefined {
  if (existsSync(join(repository, ".github"))) return "github";
  if (existsSync(join(repository, ".gitlab-ci.yml"))) return "gitlab";
  const remote = git(folder, "remote", "get-url", "origin") ?? "";
  return remote.includes("github") ? "github" : remote.includes("gitlab") ? "gitlab" : undefined;
}

function findEngine(): Facts["engine"] {
  try {
    const output = execFileSync(terraformBinary(), ["version", "-json"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
    });
    const { terraform_version: version } = JSON.parse(output) as { readonly terraform_version: string };
    return { name: basename(terraformBinary()).includes("tofu") ? "tofu" : "terraform", version };
  } catch {
    return undefined;
  }
}

/** The nearest file of that name, in the folder or above it. */
function upwards(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : upwards(dirname(folder), name);
}

function git(folder: string, ...args: readonly string[]): string | undefined {
  try {
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio }).trim();
  } catch {
    return undefined; // no git, no repository, or no remote
  }
}
