import { cpSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { checkout } from "./checkout";
import { goBuild } from "./go-build";

/** What a package does not need: the set-up of a checkout, its texts, and the sources of what is compiled. */
const leftOut = new Set(["init", "opentofu", "README.md", "setup.sh", "step.sh"]);

/** Copies what the lab needs besides its code: scripts, lists of packages, files of the guest, and the guest's process 1. */
export function copyLabFiles(packageFolder: string): void {
  const lab = join(packageFolder, "lab");
  for (const name of readdirSync(join(checkout, "lab"))) {
    cpSync(join(checkout, "lab", name), join(lab, name), {
      recursive: true,
      filter: (file) => !leftOut.has(basename(file)) && !file.endsWith(".ts"),
    });
  }
  const program = join(lab, "guest", "init-program");
  goBuild({
    folder: join(checkout, "lab", "guest", "init"),
    program: ".",
    to: program,
    goos: "linux",
    goarch: "amd64",
  });
}
