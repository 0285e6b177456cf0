import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "../failure";
import { type Platform, thisPlatform } from "./platform";
import { executableIn, type Provider } from "./provider";

/** The provider that belongs to this version of the npm package. `npm run pack` writes it to provider.json. */
export interface PackagedProviderManifest {
  /** The provider's address in a registry. */
  readonly source: string;
  readonly version: string;
  readonly platforms: readonly (Platform & { readonly hash: string })[];
}

/** The root of the npm package, or of the checkout. */
const root = join(__dirname, "..", "..");

/** The manifest of the npm package; undefined in a checkout, which has none. */
export function readManifest(folder = root): PackagedProviderManifest | undefined {
  const file = join(folder, "provider.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as PackagedProviderManifest) : undefined;
}

/** The name of the npm package that contains the provider for a platform. */
export function providerPackage(platform: string): string {
  return `@kvm-fleet/provider-${platform}`;
}

/** The folder of a provider's npm package that contains its files, and nothing else. */
export const pluginFolder = "plugin";

/**
 * A provider that came with the npm package `kvm-fleet`, in a package for this platform.
 *
 * terraform does not search npm packages, so the provider is put into each stack.
 */
export class PackagedProvider implements Provider {
  /**
   * @param from a folder of the package
   * @returns undefined in a checkout, and for any other provider
   * @throws Failure if the package with the provider is missing or of another version
   */
  public static find(
    source: string,
    version: string,
    manifest = readManifest(),
    from = root,
  ): PackagedProvider | undefined {
    if (manifest?.source !== source) {
      return undefined;
    }
    if (manifest.version !== version) {
      throw new Failure(
        `a stack requires version ${version} of the provider, but kvm-fleet ${manifest.version} is installed; ` +
          "install the same version of 'kvm-fleet' and '@kvm-fleet/provider-libvirt'",
      );
    }
    return new PackagedProvider(locate(manifest, from), manifest);
  }

  /** @throws Failure if this is an npm package, and the package with its provider is missing or of another version */
  public static check(manifest = readManifest()): void {
    if (manifest !== undefined) {
      locate(manifest, root);
    }
  }

  private constructor(
    private readonly folder: string,
    private readonly manifest: PackagedProviderManifest,
  ) {}

  public get executable(): string {
    return executableIn(this.folder);
  }

  public hashes(): readonly string[] {
    return this.manifest.platforms.map(({ hash }) => hash).sort();
  }

  /**
   * Puts the provider where terraform and tofu look first: into `terraform.d/plugins` of the folder that they run in. The files
   * are links, or copies if the package is on another file system. Other versions are removed.
   *
   * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
   */
  public placeIn(stackFolder: string): void {
    const { source, version, platforms } = this.manifest;
    const versions = join(stackFolder, "terraform.d", "plugins", source);
    const { target = "" } = platforms.find(({ name }) => name === thisPlatform()) ?? {};
    const there = join(versions, version, target);
    mkdirSync(there, { recursive: true });
    for (const other of readdirSync(versions).filter((name) => name !== version)) {
      rmSync(join(versions, other), { recursive: true });
    }
    const files = readdirSync(this.folder);
    for (const other of readdirSync(there).filter((name) => !files.includes(name))) {
      rmSync(join(there, other));
    }
    for (const file of files) {
      place(join(this.folder, file), join(there, file));
    }
  }
}

/** @returns the folder with the files of the provider for this platform */
function locate({ version, platforms }: PackagedProviderManifest, from: string): string {
  const platform = thisPlatform();
  if (!platforms.some(({ name }) => name === platform)) {
    const names = platforms.map(({ name }) => name).join(", ");
    throw new Failure(`kvm-fleet runs on ${names}, and this machine is ${platform}; use one of these`);
  }
  const name = providerPackage(platform);
  let file: string;
  try {
    file = require.resolve(`${name}/package.json`, { paths: [from] });
  } catch {
    throw new Failure(
      `the npm package '${name}' with the provider is missing; install optional dependencies, too ` +
        `('npm install --include=optional'), on the same platform`,
    );
  }
  const installed = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  if (installed.version !== version) {
    throw new Failure(
      `'${name}' has version ${installed.version}, but kvm-fleet has version ${version}; install '${name}@${version}'`,
    );
  }
  return join(dirname(file), pluginFolder);
}

/** Makes `to` a link to the file, or a copy of it. A program that runs keeps the file that it was started from. */
function place(from: string, to: string): void {
  const file = statSync(from);
  const before = statSync(to, { throwIfNoEntry: false });
  if (before?.ino === file.ino && before.dev === file.dev) {
    return;
  }
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    // Another file system, or one without hard links.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
