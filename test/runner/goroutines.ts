import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Matches a `go` statement, or a call of the `Go` method of sync.WaitGroup or errgroup.Group. */
const startsGoroutine = /^\s*go\s+(func\b|[\w.]+\()|\.Go\(/m;

/** Finds the packages of a Go module whose code or unit tests start goroutines. Returns patterns for `go test`. */
export function packagesWithGoroutines(module: string, except: readonly string[] = []): readonly string[] {
  if (!existsSync(module)) return [];
  const packages = readdirSync(module, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".go") && !except.some((folder) => file.startsWith(`${folder}/`)))
    .filter((file) => startsGoroutine.test(readFileSync(join(module, file), "utf8")))
    .map((file) => dirname(file));
  return [...new Set(packages)].sort().map((folder) => (folder === "." ? "." : `./${folder}`));
}
