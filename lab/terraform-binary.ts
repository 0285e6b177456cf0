import fs from "node:fs";
import path from "node:path";
import { CHECKOUT, IS_PACKAGE } from "./paths";

/** How to build OpenTofu, in a checkout. */
const OR_BUILD = IS_PACKAGE ? "" : ", or run 'lab/setup.sh' to build OpenTofu";

/** The OpenTofu that lab/setup.sh builds. */
const BUILT = path.join(CHECKOUT, ".cache", "bin", "tofu");

/**
 * Returns the program that plans and applies: the program in TERRAFORM_BINARY_NAME, otherwise terraform or tofu on the PATH,
 * otherwise the OpenTofu that lab/setup.sh has built.
 */
export function terraformBinary(environment: NodeJS.ProcessEnv = process.env, built = BUILT): string {
  const named = environment.TERRAFORM_BINARY_NAME;
  const names = named ? [named] : ["terraform", "tofu"];
  for (const name of names) if (isOnPath(name, environment.PATH ?? "")) return name;
  if (isExecutable(built)) return built;
  throw new Error(
    named
      ? `TERRAFORM_BINARY_NAME is '${named}', which is not on the PATH; install it${OR_BUILD}`
      : `neither 'terraform' nor 'tofu' is on the PATH; install one${OR_BUILD}`,
  );
}

function isOnPath(name: string, searchPath: string): boolean {
  if (name.includes("/")) return isExecutable(name);
  const directories = searchPath.split(path.delimiter).filter(Boolean);
  return directories.some((directory) => isExecutable(path.join(directory, name)));
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
