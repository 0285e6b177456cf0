import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { version } from "../package.json";
import type { Plugin } from "./plugins";
import { providerSbom } from "./sbom";
import { sign } from "./signature";
import { runTool } from "./tool";

const name = `terraform-provider-libvirt_${version}`;

export interface RegistryFilesOptions {
  readonly plugins: readonly Plugin[];
  /** The time of the files in the archives, in seconds since 1970. */
  readonly time: string;
  /** The key that signs the sums; without it they are not signed. */
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  readonly output: string;
}

/**
 * Writes the files that registries of providers require, with their sums, and an SBOM beside each archive.
 *
 * @see https://developer.hashicorp.com/terraform/registry/providers/publishing
 */
export function writeRegistryFiles({ plugins, time, key, passphrase, output }: RegistryFilesOptions): void {
  mkdirSync(output, { recursive: true });
  for (const plugin of plugins) {
    const archive = join(output, `${name}_${plugin.platform.target}.zip`);
    runTool(["run", "./zip", resolve(archive), resolve(plugin.folder), time]);
    providerSbom(plugin, `${archive}.sbom.json`);
  }
  const manifest = { version: 1, metadata: { protocol_versions: ["6.0"] } };
  writeFileSync(join(output, `${name}_manifest.json`), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const sums = join(output, `${name}_SHA256SUMS`);
  writeFileSync(sums, sumsOf(output));
  if (key !== undefined) sign(sums, key, passphrase);
}

function sumsOf(folder: string): string {
  const line = (file: string): string => {
    const sum = createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
    return `${sum}  ${file}\n`;
  };
  return readdirSync(folder).sort().map(line).join("");
}
