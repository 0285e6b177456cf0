import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { directoryHash } from "../bin/pipeline/directory-hash";
import { type PackagedProviderManifest, pluginFolder, providerPackage } from "../bin/pipeline/packaged-provider";
import { version } from "../package.json";
import { checkout } from "./checkout";
import { compile, copyCompiled } from "./compile";
import { copyLabFiles } from "./lab-files";
import { bindingsManifest, bindingsPackage, mainManifest, type Manifest, providerManifest } from "./manifests";
import type { NpmPlatform } from "./platforms";
import type { Plugin } from "./plugins";

/** The address of the provider in a registry. */
const source = "registry.terraform.io/kvm-fleet/libvirt";

export interface PackOptions {
  /** The provider for each platform that gets a package. */
  readonly plugins: readonly Plugin<NpmPlatform>[];
  /** A folder for what the archives are made of. */
  readonly work: string;
  /** The folder for the archives. */
  readonly output: string;
  /** Receives a line for each archive. */
  readonly report: (line: string) => void;
}

/** Builds the packages, and packs each into an archive. */
export function npmPack({ plugins, work, output, report }: PackOptions): void {
  const dist = resolve(output);
  mkdirSync(dist, { recursive: true });
  const packages = join(resolve(work), "packages");
  const compiled = join(resolve(work), "compiled");
  for (const plugin of plugins) {
    assembleProvider(packages, plugin);
  }
  compile(compiled);
  assembleBindings(packages, compiled);
  const platforms = plugins.map(({ platform }) => platform);
  assembleMain(packages, compiled, platforms, {
    source,
    version,
    platforms: plugins.map(({ platform: { name, target }, folder }) => ({ name, target, hash: directoryHash(folder) })),
  });
  const names = ["kvm-fleet", bindingsPackage, ...platforms.map(({ name }) => providerPackage(name))];
  for (const name of names) {
    pack(join(packages, name), dist, report);
  }
}

function assembleProvider(packages: string, { platform, folder }: Plugin<NpmPlatform>): void {
  const to = join(packages, providerPackage(platform.name));
  cpSync(folder, join(to, pluginFolder), { recursive: true });
  complete(to, providerManifest(platform));
}

function assembleBindings(packages: string, compiled: string): void {
  const folder = join(packages, bindingsPackage);
  copyCompiled(join(compiled, "gen"), [""], folder);
  complete(folder, bindingsManifest(source));
}

function assembleMain(
  packages: string,
  compiled: string,
  platforms: readonly NpmPlatform[],
  provider: PackagedProviderManifest,
): void {
  const folder = join(packages, "kvm-fleet");
  copyCompiled(compiled, ["bin", "constructs", "lab", "placement", "separation"], folder);
  const command = join(folder, "bin", "kvm-fleet");
  writeFileSync(command, '#!/usr/bin/env node\nrequire("./kvm-fleet.js");\n');
  chmodSync(command, 0o755);
  copyLabFiles(folder);
  cpSync(join(__dirname, "library", "provider-libvirt"), folder, { recursive: true });
  writeJson(join(folder, "provider.json"), provider);
  complete(folder, mainManifest(platforms));
}

/** Adds what every package has. */
function complete(folder: string, manifest: Manifest): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(checkout, "LICENSE"), join(folder, "LICENSE"));
  writeJson(join(folder, "package.json"), manifest);
}

function writeJson(file: string, content: object): void {
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

function pack(folder: string, output: string, report: (line: string) => void): void {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", output];
  const [packed] = JSON.parse(execFileSync("npm", args, { cwd: folder, encoding: "utf8" })) as [
    { readonly filename: string; readonly unpackedSize: number; readonly entryCount: number },
  ];
  const file = join(output, packed.filename);
  const sizes = `${megabytes(statSync(file).size)} packed, ${megabytes(packed.unpackedSize)} unpacked`;
  report(`${file}: ${packed.entryCount} files, ${sizes}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
