import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./command";

/**
 * Returns the names that match a pattern, or all names without a pattern.
 *
 * @throws if no name matches; the message lists all names
 */
export function matching(what: string, names: readonly string[], pattern?: string): readonly string[] {
  const found = pattern === undefined ? names : names.filter((name) => new RegExp(pattern).test(name));
  if (found.length === 0) {
    throw new Error(`no ${what} matches '${pattern ?? ""}'; choose from\n${names.map((it) => `  ${it}`).join("\n")}`);
  }
  return found;
}

/** Returns the provider's acceptance tests that match a pattern of `go test -run`. */
export function selectAcceptanceTests(pattern?: string): readonly string[] {
  const folder = join(checkout, "provider", "acceptance");
  const names = readdirSync(folder)
    .filter((file) => file.endsWith("_test.go"))
    .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/^func (Test\w+)\(\w+ \*testing\.T\)/gm)])
    .map(([, name = ""]) => name);
  // The part of the pattern after a slash selects subtests, whose names are known only when the tests run.
  return matching("acceptance test", names.sort(), pattern?.split("/")[0]);
}

/** Returns the files of the end-to-end tests that match a pattern. */
export function selectEndToEndTests(pattern?: string): readonly string[] {
  const suffix = ".test.ts";
  const names = readdirSync(join(checkout, "test", "e2e"))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
  return matching("end-to-end test", names, pattern).map((name) => join(checkout, "test", "e2e", `${name}${suffix}`));
}
