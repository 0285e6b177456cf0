import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuiltProvider, withBuiltProvider } from "./built-provider";
import type { ProviderIdentity } from "./render";
import type { ProviderSchema } from "./schema";

/** The schema of the provider in this checkout. */
export function readProviderSchema(identity: ProviderIdentity): ProviderSchema {
  const { source, version } = identity;
  return withBuiltProvider(source, (provider) => {
    const configuration = { terraform: { required_providers: { it: { source, version } } } };
    writeFileSync(join(provider.folder, "main.tf.json"), JSON.stringify(configuration));
    return parseSchema(providersSchema(provider), identity);
  });
}

/** @param output the output of `providers schema -json` */
export function parseSchema(output: string, identity: ProviderIdentity): ProviderSchema {
  const parsed = JSON.parse(output) as { readonly provider_schemas?: Readonly<Record<string, ProviderSchema>> };
  const schema = parsed.provider_schemas?.[identity.source];
  if (schema === undefined) {
    throw new Error(`the schema has no provider ${identity.source}, only ${listed(parsed.provider_schemas)}`);
  }
  return schema;
}

function providersSchema({ folder, terraform, environment }: BuiltProvider): string {
  const result = spawnSync(terraform, ["providers", "schema", "-json"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: Infinity,
    env: environment,
  });
  if (result.error !== undefined || result.status !== 0) {
    throw new Error(`'${terraform} providers schema' failed: ${result.error?.message ?? result.stderr}`);
  }
  return result.stdout;
}

function listed(providers: Readonly<Record<string, unknown>> | undefined): string {
  return Object.keys(providers ?? {}).join(", ") || "none";
}
