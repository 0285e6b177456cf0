/**
 * Writes the bindings in gen/libvirt from the provider's own schema.
 *
 *     tsx gen/generate.ts                 build the provider, and write the files that have changed
 *     tsx gen/generate.ts --check         write nothing; exit 1 if the bindings differ from the schema
 *     tsx gen/generate.ts --schema FILE   use this output of `terraform providers schema -json` as the schema
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { parseSchema, readProviderSchema } from "./provider-schema";
import { type ProviderIdentity, renderDataSource, renderProvider, renderResource } from "./render";
import type { ProviderSchema } from "./schema";

const identity: ProviderIdentity = { source: "registry.terraform.io/kvm-fleet/libvirt", version: "0.1.0" };
const local = "libvirt";
const folder = join(__dirname, local);
const notice = "// Generated from the provider's schema by `npm run gen`. Do not edit.\n\n";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, schema: { type: "string" } } });
  const schema =
    values.schema === undefined
      ? readProviderSchema(identity)
      : parseSchema(readFileSync(values.schema, "utf8"), identity);
  const differing = differences(await render(schema));
  if (values.check === true) {
    if (differing.size > 0) {
      const files = [...differing.keys()].map((file) => `gen/${local}/${file}`).join(", ");
      console.error(`the bindings differ from the provider's schema: ${files}; run 'npm run gen' and commit them`);
      return 1;
    }
    return 0;
  }
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of differing) {
    if (text === undefined) {
      rmSync(join(folder, file));
    } else {
      writeFileSync(join(folder, file), text);
    }
    console.log(`${text === undefined ? "removed" : "wrote"} gen/${local}/${file}`);
  }
  return 0;
}

async function render(schema: ProviderSchema): Promise<ReadonlyMap<string, string>> {
  const files = new Map([["provider.ts", renderProvider(local, schema.provider, identity)]]);
  for (const [type, resource] of Object.entries(schema.resource_schemas)) {
    files.set(fileName(type.slice(local.length + 1)), renderResource(type, resource, identity));
  }
  for (const [type, source] of Object.entries(schema.data_source_schemas ?? {})) {
    files.set(fileName(`data_${type}`), renderDataSource(type, source, identity));
  }
  const modules = [...files.keys()].map((file) => `export * from "./${file.replace(/\.ts$/, "")}";`).sort();
  files.set("index.ts", modules.join("\n"));

  const style = await resolveConfig(join(folder, "index.ts"));
  const formatted = [...files].map(
    async ([file, text]) => [file, await format(notice + text, { ...style, parser: "typescript" })] as const,
  );
  return new Map(await Promise.all(formatted));
}

function fileName(name: string): string {
  return `${name.replaceAll("_", "-")}.ts`;
}

/** The files that must be written. A file without a text must be removed. */
function differences(wanted: ReadonlyMap<string, string>): ReadonlyMap<string, string | undefined> {
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const changed = [...wanted].filter(
    ([file, text]) => !present.includes(file) || readFileSync(join(folder, file), "utf8") !== text,
  );
  const stale = present.filter((file) => !wanted.has(file)).map((file) => [file, undefined] as const);
  return new Map<string, string | undefined>([...changed, ...stale]);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
