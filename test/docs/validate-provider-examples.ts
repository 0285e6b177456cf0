/**
 * Validates each example of the provider's documentation with `terraform validate`, and names each file that fails.
 *
 *     tsx test/docs/validate-provider-examples.ts [folder...]
 *
 * Each file is validated alone, with the provider of this checkout and its provider block, so that a reader can copy it as it is.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type BuiltProvider, withBuiltProvider } from "../../gen/built-provider";

const examples = resolve(__dirname, "..", "..", "provider", "examples");
const providerBlock = join(examples, "provider", "provider.tf");

function main(folders: readonly string[]): number {
  const files = folders.flatMap(filesUnder);
  if (files.length === 0) {
    console.error(`no example ends with .tf below ${folders.join(", ")}`);
    return 1;
  }
  const failed = withBuiltProvider("registry.terraform.io/kvm-fleet/libvirt", (provider) =>
    files.filter((file, index) => {
      const problems = problemsOf(provider, file, String(index));
      if (problems !== "") console.error(`${relative(process.cwd(), file)} is not valid:\n${problems}`);
      return problems !== "";
    }),
  );
  console.log(`${files.length} examples, ${failed.length} not valid`);
  return failed.length === 0 ? 0 : 1;
}

/** What terraform says is wrong with a file; empty where it is valid. */
function problemsOf({ folder, terraform, environment }: BuiltProvider, file: string, name: string): string {
  const configuration = join(folder, name);
  mkdirSync(configuration);
  for (const each of new Set([providerBlock, file])) {
    copyFileSync(each, join(configuration, each === file ? "example.tf" : "provider.tf"));
  }
  const { status, stdout, error } = spawnSync(terraform, ["validate", "-json"], {
    cwd: configuration,
    encoding: "utf8",
    env: environment,
  });
  if (status === 0 && error === undefined) return "";
  return error?.message ?? errorsIn(stdout).join("\n");
}

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly start: { readonly line: number } };
}

function errorsIn(output: string): string[] {
  const { diagnostics } = JSON.parse(output) as { readonly diagnostics: readonly Diagnostic[] };
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ summary, detail = "", range }) => `  line ${range?.start.line ?? "?"}: ${summary}: ${detail}`);
}

function filesUnder(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tf"))
    .map((name) => join(path, name))
    .sort();
}

const folders = process.argv.slice(2);
process.exitCode = main(folders.length > 0 ? folders : [examples]);
