import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { checkout } from "./checkout";

/** Runs a Go program that the module release/tools names or contains. Its output is shown only if it fails. */
export function runTool(args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  execFileSync("go", args, {
    cwd: join(checkout, "release", "tools"),
    stdio: ["ignore", "ignore", "pipe"],
    // The program itself must not depend on the folder of Go's caches: an SBOM has its hash.
    env: { ...process.env, GOFLAGS: "-trimpath -buildvcs=false", ...environment },
  });
}
