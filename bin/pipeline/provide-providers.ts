import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mirrorProblem } from "./cli-config";
import { findProvider } from "./find-provider";
import { PackagedProvider } from "./packaged-provider";
import type { FindProvider, Provider } from "./provider";
import { readStacks, type Stack } from "./stacks";

/**
 * Makes the providers of this machine usable in each stack that requires them: puts a provider of an npm package into the
 * stack's folder, and writes every provider into the stack's dependency lock file.
 *
 * Where a lock file is missing, or lacks a required provider, `cdktf diff` and `cdktf deploy` run `terraform providers lock`.
 * That asks the registry and ignores local folders, so the first deploy of a provider that was built here would fail. With the
 * entry, cdktf goes straight to `init`. The entry has the hash of the file that is installed now, so terraform accepts a
 * provider that was built again under the same version. For a provider of an npm package it has the hashes of all platforms,
 * so a lock file that was written on a Mac is valid in a pipeline on Linux.
 *
 * Entries of other providers stay as they are: terraform itself locks those that come from a registry.
 *
 * @param output cdktf's output folder
 * @param find finds the providers of this machine
 */
export function provideProviders(output: string, find: FindProvider = findProvider): void {
  const warnings = readStacks(output).map((stack) => provideIn(stack, find));
  const warning = warnings.find((text) => text !== undefined);
  if (warning !== undefined) {
    console.error(`kvm-fleet: ${warning}`);
  }
}

/** @returns a warning about this machine's configuration of terraform */
function provideIn(stack: Stack, find: FindProvider): string | undefined {
  const file = join(stack.folder, ".terraform.lock.hcl");
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  let after = before;
  let warning: string | undefined;
  for (const { source, version } of Object.values(stack.configuration.terraform?.required_providers ?? {})) {
    const provider = version === undefined ? undefined : find(source, version);
    if (version !== undefined && provider !== undefined) {
      if (provider instanceof PackagedProvider) {
        provider.placeIn(stack.folder);
        warning ??= mirrorProblem();
      }
      after = withEntry(after, source, version, provider);
    }
  }
  if (after !== before) {
    writeFileSync(file, after);
  }
  return warning;
}

function withEntry(text: string, source: string, version: string, provider: Provider): string {
  const entry = `provider "${source}" {
  version     = "${version}"
  constraints = "${version}"
  hashes = [
${provider
  .hashes()
  .map((hash) => `    "${hash}",`)
  .join("\n")}
  ]
}
`;
  const others = text
    .split(/^(?=provider ")/m)
    .filter((block) => !block.startsWith(`provider "${source}"`))
    .join("");
  return others === "" ? entry : `${others.trimEnd()}\n\n${entry}`;
}
