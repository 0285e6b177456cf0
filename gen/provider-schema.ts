import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProviderIdentity } from "./render";
import type { ProviderSchema } from "./schema";

const providerFolder = join(__dirname, "..", "provider");

/**
 * What the provider in this checkout says its schema is: it is built into a folder of its own, and terraform or tofu
 * (TERRAFORM_BINARY_NAME decides) is told to use it from there. No installed provider is touched or needed.
 */
export function readProviderSchema(identity: ProviderIdentity): ProviderSchema {
  const folder = mkdtempSync(join(tmpdir(), "kvm-fleet-gen-"));
  try {
    const executable = join(folder, `terraform-provider-${identity.source.replace(/^.*\//, "")}`);
    execFileSync("go", ["build", "-o", executable, "."], {
      cwd: providerFolder,
      stdio: ["ignore", "ignore", "inherit"],
    });

    const cliConfig = join(folder, "cli.tfrc");
    writeFileSync(
      cliConfig,
      `provider_installation {\n  dev_overrides {\n    "${identity.source}" = "${folder}"\n  }\n}\n`,
    );
    const provider = { source: identity.source, version: identity.version };
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { it: provider } } }),
    );
    return parseSchema(providersSchema(folder, cliConfig), identity);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param output what `providers schema -json` printed */
export function parseSchema(output: string, identity: ProviderIdentity): ProviderSchema {
  const parsed = JSON.parse(output) as { readonly provider_schemas?: Readonly<Record<string, ProviderSchema>> };
  const schema = parsed.provider_schemas?.[identity.source];
  if (schema === undefined) {
    throw new Error(`the schema has no provider ${identity.source}, only ${listed(parsed.provider_schemas)}`);
  }
  return schema;
}

function providersSchema(folder: string, cliConfig: string): string {
  const binary = process.env.TERRAFORM_BINARY_NAME ?? firstOnPath(["terraform", "tofu"]);
  const result = spawnSync(binary, ["providers", "schema", "-json"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: Infinity,
    env: { ...process.env, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: "1" },
  });
  if (result.error !== undefined || result.status !== 0) {
    throw new Error(`'${binary} providers schema' failed: ${result.error?.message ?? result.stderr}`);
  }
  return result.stdout;
}

function firstOnPath(candidates: readonly string[]): string {
  const found = candidates.find((candidate) => spawnSync(candidate, ["version"]).error === undefined);
  if (found === undefined) {
    throw new Error(`none of ${candidates.join(", ")} is on the PATH; lab/setup.sh installs one`);
  }
  return found;
}

function listed(providers: Readonly<Record<string, unknown>> | undefined): string {
  return Object.keys(providers ?? {}).join(", ") || "none";
}
