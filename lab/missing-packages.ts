import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { CHECKOUT, IS_PACKAGE } from "./paths";

/** Fails if Debian packages of the lab are missing. In a checkout, lab/setup.sh installs them. */
export function requirePackages(): void {
  if (!IS_PACKAGE) return;
  const needed = fs
    .readFileSync(path.join(CHECKOUT, "lab", "packages.txt"), "utf8")
    .split("\n")
    .filter(Boolean);
  const query = ["--show", "--showformat", "${Package} ${db:Status-Status}\n"];
  const { error, stdout } = spawnSync("dpkg-query", query, { encoding: "utf8", maxBuffer: Infinity });
  if (error !== undefined) {
    throw new Error("the lab requires Debian; run it on Debian 12, for example in a virtual machine");
  }
  const missing = missingPackages(needed, stdout);
  if (missing.length > 0) {
    const command = `apt-get install --no-install-recommends ${missing.join(" ")}`;
    throw new Error(`the lab requires Debian packages that are missing; run '${command}'`);
  }
}

/** @param installed lines with a package and its status */
export function missingPackages(needed: readonly string[], installed: string): readonly string[] {
  const lines = new Set(installed.split("\n"));
  return needed.filter((name) => !lines.has(`${name} installed`));
}
