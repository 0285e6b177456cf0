import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A `go` statement, or a call of `Go` as sync.WaitGroup and errgroup.Group have it. */
const startsGoroutine = /^\s*go\s+(func\b|[\w.]+\()|\.Go\(/m;

/** The packages of a Go module whose code or unit tests start goroutines, as patterns for `go test`. */
export function packagesWithGoroutines(module: string, except: readonly string[] = []): readonly string[] {
  if (!existsSync(module)) return [];
  const packages = readdirSync(module, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".go") && !except.some((folder) => file.startsWith(`${folder}/`)))
    .filter((file) => startsGoroutine.test(readFileSync(join(module, file), "utf8")))
    .map((file) => dirname(file));
  return [...new Set(packages)].sort().map((folder) => (folder === "." ? "." : `./${folder}`));
}
