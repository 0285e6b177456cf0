import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./command";

/** The names that match a pattern, or all of them without one. @throws if none does, with the names that exist */
export function matching(what: string, names: readonly string[], pattern?: string): readonly string[] {
  const found = pattern === undefined ? names : names.filter((name) => new RegExp(pattern).test(name));
  if (found.length === 0) {
    throw new Error(`no ${what} matches '${pattern ?? ""}'; choose from\n${names.map((it) => `  ${it}`).join("\n")}`);
  }
  return found;
}

/** The acceptance tests of the provider that match a pattern, as for `go test -run`. */
export function selectAcceptanceTests(pattern?: string): readonly string[] {
  const folder = join(checkout, "provider", "acceptance");
  const names = readdirSync(folder)
    .filter((file) => file.endsWith("_test.go"))
    .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/^func (Test\w+)\(\w+ \*testing\.T\)/gm)])
    .map(([, name = ""]) => name);
  // What follows a slash selects subtests, which only a run knows.
  return matching("acceptance test", names.sort(), pattern?.split("/")[0]);
}

/** The files of the end-to-end tests that match a pattern. */
export function selectEndToEndTests(pattern?: string): readonly string[] {
  const suffix = ".test.ts";
  const names = readdirSync(join(checkout, "test", "e2e"))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
  return matching("end-to-end test", names, pattern).map((name) => join(checkout, "test", "e2e", `${name}${suffix}`));
}
