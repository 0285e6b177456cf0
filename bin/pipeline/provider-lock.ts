import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { InstalledProvider } from "./installed-provider";
import { readStacks, type Stack } from "./stacks";

/**
 * Writes into each stack's dependency lock file which providers of it are installed on this machine.
 *
 * Where a stack has no lock file, or one without a required provider, `cdktf diff` and `deploy` run `terraform providers
 * lock`, which asks the registry and no local folder: the first deploy of a provider that was built here would fail. With
 * the entry there, cdktf goes straight to `init`. The hash is that of what is installed now, so a provider that is built
 * again under its old version is taken at once, instead of being refused for another hash than the last one's.
 *
 * Entries of other providers stay; those that come from a registry are locked by terraform itself.
 *
 * @param output cdktf's output folder
 * @param home whose providers these are
 */
export function lockInstalledProviders(output: string, home = homedir()): void {
  for (const stack of readStacks(output)) {
    lockStack(stack, home);
  }
}

function lockStack(stack: Stack, home: string): void {
  const file = join(stack.folder, ".terraform.lock.hcl");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const after = Object.values(stack.configuration.terraform?.required_providers ?? {}).reduce(
    (text, { source, version }) => (version === undefined ? text : withInstalled(text, source, version, home)),
    before,
  );
  if (after !== before) {
    writeFileSync(file, after);
  }
}

function withInstalled(text: string, source: string, version: string, home: string): string {
  const installed = InstalledProvider.find(source, version, home);
  if (installed === undefined) {
    return text;
  }
  const entry = `provider "${source}" {
  version     = "${version}"
  constraints = "${version}"
  hashes = [
    "${installed.hash()}",
  ]
}
`;
  const others = text
    .split(/^(?=provider ")/m)
    .filter((block) => !block.startsWith(`provider "${source}"`))
    .join("");
  return others === "" ? entry : `${others.trimEnd()}\n\n${entry}`;
}
