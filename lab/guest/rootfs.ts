import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type ArchiveEntry } from "./cpio";
import { neededLibraries } from "./elf";
import { guestModules } from "./modules";
import { type Packages } from "./packages";

/** The programs of the packages, by their paths in the guest. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "sbin/dropbear": "usr/sbin/dropbear",
  "bin/dropbearkey": "usr/bin/dropbearkey",
  "sbin/qemu-ga": "usr/sbin/qemu-ga",
};

const BUSYBOX = "bin/busybox";
const LIBRARY_FOLDERS = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"];
const INTERPRETER = { folder: "lib64", name: "ld-linux-x86-64.so.2" };

/** The links to busybox. Its shell finds its other commands without a link. */
const BUSYBOX_NAMES = ["bin/sh", "bin/false", "bin/ip", "sbin/ip", "sbin/udhcpc"];

const FOLDERS = ["bin", "dev", "etc", "home", "lib", "proc", "root", "run", "sbin", "sys", "tmp", "usr"];

/** Returns all files that the guest has in memory when it starts. */
export async function rootFileSystem(packages: Packages, init: Buffer, overlay: string): Promise<ArchiveEntry[]> {
  const files = new Map<string, ArchiveEntry>();
  const add = (entry: ArchiveEntry) => files.set(entry.path, entry);
  const program = (name: string, content: Buffer) => add({ path: name, kind: "file", mode: 0o755, content });

  // Process 1 needs a console, and Go's runtime needs /dev/null, before anything is mounted.
  add({ path: "dev/console", kind: "device", mode: 0o600, major: 5, minor: 1 });
  add({ path: "dev/null", kind: "device", mode: 0o666, major: 1, minor: 3 });
  program("init", init);
  program(BUSYBOX, await readFile(path.join(packages.root, BUSYBOX)));
  for (const name of BUSYBOX_NAMES) add({ path: name, kind: "link", target: `/${BUSYBOX}` });
  for (const [name, source] of Object.entries(PROGRAMS)) {
    program(name, await readFile(path.join(packages.root, source)));
  }
  for (const entry of await libraries(packages.root, Object.values(PROGRAMS))) add(entry);
  for (const entry of await moduleEntries(packages)) add(entry);
  for (const entry of await overlayEntries(overlay)) add(entry);
  return [...parents([...files.keys()]), ...[...files.values()].sort(byPath)];
}

/** Returns the libraries that programs need, including indirect dependencies. */
async function libraries(root: string, programs: readonly string[]): Promise<ArchiveEntry[]> {
  const found = new Map<string, Buffer>();
  const visit = async (content: Buffer): Promise<void> => {
    for (const name of neededLibraries(content)) {
      if (found.has(name)) continue;
      const library = await readLibrary(root, name);
      found.set(name, library);
      await visit(library);
    }
  };
  for (const program of programs) await visit(await readFile(path.join(root, program)));
  return [...found].map(([name, content]) => {
    const folder = name === INTERPRETER.name ? INTERPRETER.folder : LIBRARY_FOLDERS[0];
    return { path: `${folder ?? "lib"}/${name}`, kind: "file", mode: 0o755, content };
  });
}

async function readLibrary(root: string, name: string): Promise<Buffer> {
  for (const folder of LIBRARY_FOLDERS) {
    try {
      return await readFile(path.join(root, folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error(`library '${name}' is in none of the guest's packages; add the package that has it`);
}

async function moduleEntries(packages: Packages): Promise<ArchiveEntry[]> {
  const modules = await guestModules(packages);
  const list = modules.map((module) => `${module.name}.ko\n`).join("");
  return [
    { path: "lib/modules/list", kind: "file", mode: 0o644, content: Buffer.from(list) },
    ...modules.map(({ name, content }): ArchiveEntry => ({
      path: `lib/modules/${name}.ko`,
      kind: "file",
      mode: 0o644,
      content,
    })),
  ];
}

/**
 * Returns the files of a folder of this repository.
 *
 * Scripts are executable, regardless of their mode in the checkout.
 */
async function overlayEntries(folder: string): Promise<ArchiveEntry[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<ArchiveEntry> => {
        const file = path.join(entry.parentPath, entry.name);
        const content = await readFile(file);
        const mode = content.subarray(0, 2).toString() === "#!" ? 0o755 : 0o644;
        return { path: path.relative(folder, file), kind: "file", mode, content };
      }),
  );
}

/** Returns the parent folders of the paths, parents first, and the folders that the guest mounts file systems on. */
function parents(paths: readonly string[]): ArchiveEntry[] {
  const folders = new Set(FOLDERS);
  for (const name of paths) {
    for (let folder = path.dirname(name); folder !== "."; folder = path.dirname(folder)) folders.add(folder);
  }
  return [...folders].sort().map((name) => ({ path: name, kind: "folder", mode: name === "root" ? 0o700 : 0o755 }));
}

function byPath(one: ArchiveEntry, other: ArchiveEntry): number {
  return one.path < other.path ? -1 : 1;
}
