import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { InstalledProvider } from "./installed-provider";
import { readStacks, type Stack } from "./stacks";

/**
 * Writes the providers that are installed on this machine into the dependency lock file of each stack that requires them.
 *
 * Where a lock file is missing, or lacks a required provider, `cdktf diff` and `cdktf deploy` run `terraform providers lock`.
 * That asks the registry and ignores local folders, so the first deploy of a provider that was built here would fail. With the
 * entry, cdktf goes straight to `init`. The entry has the hash of the file that is installed now, so terraform accepts a
 * provider that was built again under the same version.
 *
 * Entries of other providers stay as they are: terraform itself locks those that come from a registry.
 *
 * @param output cdktf's output folder
 * @param home the home directory that has the providers
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
