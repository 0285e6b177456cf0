/**
 * Validates each example of the provider's documentation with `terraform validate`, and names each that fails.
 *
 *     tsx test/docs/validate-provider-examples.ts [folder...]
 *
 * Each file is validated alone, with the provider of this checkout and its provider block, so that a reader can copy it as it is.
 * The blocks of a guide are validated together, as its reader writes them.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type BuiltProvider, withBuiltProvider } from "../../gen/built-provider";
import { blocksIn, guides } from "./markdown";

const examples = resolve(__dirname, "..", "..", "provider", "examples");
const providerBlock = join(examples, "provider", "provider.tf");

/** A configuration that must be valid. */
interface Example {
  /** The file that it is in. */
  readonly file: string;
  readonly content: string;
}

function main(examples: readonly Example[]): number {
  if (examples.length === 0) {
    console.error("there is no example");
    return 1;
  }
  const failed = withBuiltProvider("registry.terraform.io/kvm-fleet/libvirt", (provider) =>
    examples.filter((example, index) => {
      const problems = problemsOf(provider, example, String(index));
      if (problems !== "") console.error(`${relative(process.cwd(), example.file)} is not valid:\n${problems}`);
      return problems !== "";
    }),
  );
  console.log(`${examples.length} examples, ${failed.length} not valid`);
  return failed.length === 0 ? 0 : 1;
}

/** What terraform says is wrong with an example; empty where it is valid. */
function problemsOf({ folder, terraform, environment }: BuiltProvider, { content }: Example, name: string): string {
  const configuration = join(folder, name);
  mkdirSync(configuration);
  writeFileSync(join(configuration, "example.tf"), content);
  if (!/^provider "libvirt"/m.test(content)) copyFileSync(providerBlock, join(configuration, "provider.tf"));
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

function examplesUnder(path: string): readonly Example[] {
  const files = statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".tf"))
        .map((name) => join(path, name))
        .sort();
  return files.map((file) => ({ file, content: readFileSync(file, "utf8") }));
}

/** The blocks of each guide, one after the other. */
function examplesInGuides(): readonly Example[] {
  return guides()
    .map((file) => ({
      file,
      content: blocksIn(file, ["terraform", "hcl"])
        .map(({ text }) => text)
        .join("\n"),
    }))
    .filter(({ content }) => content !== "");
}

const folders = process.argv.slice(2);
process.exitCode = main(
  folders.length > 0 ? folders.flatMap(examplesUnder) : [...examplesUnder(examples), ...examplesInGuides()],
);
