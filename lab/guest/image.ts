import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheFolder, digest, digestFolder, type Report } from "./cache";
import { cpio } from "./cpio";
import { DISK_SIZE, writeDisk } from "./disk";
import { guestPackages, type Packages } from "./packages";
import { rootFileSystem } from "./rootfs";
import { tool } from "./tool";

/** A disk image that a machine boots from. */
export interface GuestImage {
  readonly path: string;
  readonly sha256: string;
  readonly format: "qcow2";
  /** The size of the disk that a machine sees, in bytes. */
  readonly virtualSize: number;
}

/** Options of a build. */
export interface BuildOptions {
  readonly report: Report;
}

/** An image in the cache, with all inputs of its build. */
interface Manifest extends GuestImage {
  readonly size: number;
  readonly inputs: { readonly sources: string; readonly tools: string; readonly packages: Packages["versions"] };
}

/**
 * Debian's kernel tests its ciphers at each boot, which takes a tenth of the boot time under emulation. The kernel does not
 * print messages below 'notice', so that the guest does not wait for the serial port.
 */
const COMMAND_LINE = "console=ttyS0 loglevel=6 panic=5 mitigations=off random.trust_cpu=on cryptomgr.notests";

/**
 * Builds the lab's guest: a small Linux made of Debian's packages. README.md describes its behaviour.
 *
 * The image is built once for each state of the sources. Later calls find it in milliseconds without network access. The
 * packages have the versions of the day of the first build. Remove `.cache/guest` to get newer versions.
 */
export async function buildGuestImage({ report }: BuildOptions): Promise<GuestImage> {
  const sources = await digestFolder(__dirname);
  const manifestFile = path.join(cacheFolder(), `image-${sources.slice(0, 12)}.json`);
  const manifest = (await readManifest(manifestFile)) ?? (await build(manifestFile, sources, report));
  return { path: manifest.path, sha256: manifest.sha256, format: manifest.format, virtualSize: manifest.virtualSize };
}

/** Reads a manifest. Returns undefined if the image's file is missing, moved with its checkout or truncated. */
async function readManifest(file: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(file, "utf8")) as Manifest;
    const { size } = await stat(manifest.path);
    return size === manifest.size && path.dirname(manifest.path) === path.dirname(file) ? manifest : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function build(manifestFile: string, sources: string, report: Report): Promise<Manifest> {
  const folder = path.dirname(manifestFile);
  await mkdir(folder, { recursive: true });
  const packages = await guestPackages(report);
  const work = await mkdtemp(path.join(folder, "build-"));
  try {
    const inputs = { sources, tools: await toolVersions(work), packages: packages.versions };
    report(`guest image: building it with Debian's kernel ${packages.kernelRelease}`);
    const image = await assembleImage(packages, work);
    const kept = path.join(folder, `guest-${digest([JSON.stringify(inputs)]).slice(0, 12)}.qcow2`);
    const { size } = await stat(image);
    const manifest: Manifest = {
      ...{ path: kept, sha256: await sha256(image), format: "qcow2", virtualSize: DISK_SIZE, size, inputs },
    };
    await rename(image, kept);
    const draft = path.join(work, "manifest.json");
    await writeFile(draft, JSON.stringify(manifest, null, 2));
    await rename(draft, manifestFile);
    return manifest;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Builds the image in its own folder, and returns its file. The same packages and sources give the same bytes. */
export async function assembleImage(packages: Packages, work: string): Promise<string> {
  const files = await rootFileSystem(packages, await compileInit(work), path.join(__dirname, "rootfs"));
  const image = path.join(work, "guest.qcow2");
  const initrd = await compress(cpio(files), work);
  await writeDisk(image, { packages, initrd, commandLine: COMMAND_LINE }, work);
  return image;
}

/** The program for process 1 in an npm package, which has no Go source of it. */
const COMPILED_INIT = path.join(__dirname, "init-program");

/** Compiles process 1 as a static program, which has the same bytes on every machine. */
async function compileInit(work: string): Promise<Buffer> {
  if (existsSync(COMPILED_INIT)) return readFile(COMPILED_INIT);
  const program = path.join(work, "init");
  await tool("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", program, "."], {
    directory: path.join(__dirname, "init"),
    environment: { CGO_ENABLED: "0", GOOS: "linux", GOARCH: "amd64", GOFLAGS: "" },
  });
  return readFile(program);
}

/**
 * Compresses with LZ4, which gives larger files but unpacks fastest.
 *
 * Speed matters when every instruction is emulated.
 */
async function compress(archive: Buffer, work: string): Promise<Buffer> {
  const file = path.join(work, "initrd");
  await writeFile(file, archive);
  // The kernel reads only the legacy frame format.
  await tool("lz4", ["-l", "-12", "-q", file, `${file}.lz4`], { directory: work });
  return readFile(`${file}.lz4`);
}

/** Returns the versions of the tools that build the image, because a newer tool can write other bytes. */
async function toolVersions(work: string): Promise<string> {
  const debian = ["dosfstools", "lz4", "mtools", "qemu-utils"];
  const versions = await tool("dpkg-query", ["--show", ...debian], { directory: work });
  return existsSync(COMPILED_INIT) ? versions : `${versions}${await tool("go", ["version"], { directory: work })}`;
}

/** Returns a file's SHA-256 in hexadecimal. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
