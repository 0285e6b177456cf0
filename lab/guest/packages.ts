import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { cacheFolder, digest, type Report } from "./cache";
import { tool } from "./tool";

/** Depends on Debian's newest kernel for virtual machines. */
const KERNEL = "linux-image-cloud-amd64";

/**
 * The guest's packages besides its kernel.
 *
 * Libraries are listed, because the guest does not need all dependencies that Debian adds.
 */
const CONTENT = [
  "busybox-static",
  "dropbear-bin",
  "libc6",
  "libcrypt1",
  "libglib2.0-0",
  "libgmp10",
  "libnuma1",
  "libpcre2-8-0",
  "libtomcrypt1",
  "libtommath1",
  "libudev1",
  "liburing2",
  "qemu-guest-agent",
  "syslinux",
  "syslinux-common",
  "systemd-boot-efi",
  "zlib1g",
];

/** Debian packages, unpacked into one tree. None of them is installed. */
export interface Packages {
  /** The root of the tree, which contains `usr/sbin/dropbear`. */
  readonly root: string;
  /** The version of each package. */
  readonly versions: Readonly<Record<string, string>>;
  /** The output of `uname -r` in the guest. */
  readonly kernelRelease: string;
}

const VERSIONS = "versions.json";

/** Returns the guest's packages. They are fetched once, in the versions of that day, and then read from the cache. */
export async function guestPackages(report: Report): Promise<Packages> {
  const folder = path.join(cacheFolder(), `packages-${digest([KERNEL, ...CONTENT]).slice(0, 12)}`);
  return (await readPackages(folder)) ?? (await fetchPackages(folder, report));
}

/** Returns the kernel's file in the tree. */
export function kernelFile(packages: Packages): string {
  return path.join(packages.root, "boot", `vmlinuz-${packages.kernelRelease}`);
}

async function readPackages(folder: string): Promise<Packages | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(folder, VERSIONS), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const versions = JSON.parse(text) as Record<string, string>;
  return { root: path.join(folder, "root"), versions, kernelRelease: releaseIn(Object.keys(versions)) };
}

function releaseIn(names: readonly string[]): string {
  const release = names.map((name) => /^linux-image-(\d.*)$/.exec(name)?.[1]).find((match) => match !== undefined);
  if (release === undefined) throw new Error(`no kernel is among the packages ${names.join(", ")}`);
  return release;
}

async function fetchPackages(folder: string, report: Report): Promise<Packages> {
  report("guest image: downloading Debian packages");
  await mkdir(path.dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.`);
  try {
    const root = path.join(work, "root");
    await mkdir(root);
    const kernel = await kernelPackage(work);
    await download([kernel, ...CONTENT], work);
    const versions: Record<string, string> = {};
    for (const file of (await readdir(work)).filter((name) => name.endsWith(".deb")).sort()) {
      const [name, version] = await nameAndVersion(file, work);
      versions[name] = version;
      await tool("dpkg-deb", ["--extract", file, root], { directory: work });
      await rm(path.join(work, file));
    }
    await writeFile(path.join(work, VERSIONS), JSON.stringify(versions, null, 2));
    await putInPlace(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const packages = await readPackages(folder);
  if (!packages) throw new Error(`'${folder}' was removed while it was made; run it again`);
  return packages;
}

/**
 * Moves a folder into place.
 *
 * If several processes make the same folder at the same time, only the first one keeps its folder.
 */
async function putInPlace(work: string, folder: string): Promise<void> {
  try {
    await rename(work, folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

/** Returns the package of the newest kernel, such as `linux-image-6.1.0-50-cloud-amd64`. */
async function kernelPackage(work: string): Promise<string> {
  const resolve = async () => {
    const output = await tool("apt-cache", ["depends", "--no-recommends", "--no-suggests", KERNEL], {
      directory: work,
    });
    return /Depends: (linux-image-\d\S*)/.exec(output)?.[1];
  };
  // A new machine has no package lists.
  const known = await resolve().catch(() => undefined);
  if (known !== undefined) return known;
  await tool("apt-get", ["update"], { directory: work });
  const updated = await resolve();
  if (updated === undefined) throw new Error(`'apt-cache depends ${KERNEL}' names no kernel; is this Debian 12?`);
  return updated;
}

async function download(names: readonly string[], work: string): Promise<void> {
  // By default apt-get downloads as a user that cannot write to this folder.
  const args = ["-o", "APT::Sandbox::User=root", "download", ...names];
  try {
    await tool("apt-get", args, { directory: work });
  } catch {
    // Old package lists can name versions that the archive has replaced.
    await tool("apt-get", ["update"], { directory: work });
    await tool("apt-get", args, { directory: work });
  }
}

async function nameAndVersion(file: string, work: string): Promise<[string, string]> {
  const format = "--showformat=${Package} ${Version}";
  const [name, version] = (await tool("dpkg-deb", ["--show", format, file], { directory: work })).trim().split(" ");
  if (name === undefined || version === undefined) throw new Error(`'${file}' has no name and version`);
  return [name, version];
}
