import fs from "node:fs";
import path from "node:path";
import { CHECKOUT } from "../../lab/paths";

/** The OpenTofu that `lab/setup.sh` builds. */
const built = path.join(CHECKOUT, ".cache", "bin", "tofu");

/** The files of the programs of this machine that plan and apply, by name. */
export const terraformPrograms: Readonly<Partial<Record<"terraform" | "tofu", string>>> = {
  ...file("terraform", onPath("terraform")),
  ...file("tofu", onPath("tofu") ?? (fs.existsSync(built) ? built : undefined)),
};

/** The file of a program on the PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((program) => fs.existsSync(program));
}

function file(name: string, program: string | undefined): Record<string, string> {
  return program === undefined ? {} : { [name]: program };
}
