import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { neededModules } from "./elf";
import { type Packages } from "./packages";

/**
 * Drivers for devices of libvirt's machines that are not built into the kernel, in the order in which they are needed.
 */
const WANTED = [
  "button",
  "evdev",
  "virtio_pci",
  "virtio_blk",
  "sd_mod",
  "sr_mod",
  "virtio_scsi",
  "ata_piix",
  "isofs",
  "vfat",
  "nls_cp437",
  "nls_ascii",
  "virtio_net",
  "virtio_console",
  "virtio_rng",
  "virtio_balloon",
  "virtio_mem",
  "virtiofs",
];

/** A kernel module. */
export interface KernelModule {
  /** The name that other modules use for it, such as `virtio_blk`. */
  readonly name: string;
  readonly content: Buffer;
}

/** Returns the modules that the guest loads, each after the modules that it needs. */
export async function guestModules(packages: Packages): Promise<KernelModule[]> {
  const files = await moduleFiles(path.join(packages.root, "lib/modules", packages.kernelRelease));
  return inLoadingOrder(WANTED, async (name) => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`Debian's kernel ${packages.kernelRelease} has no module '${name}'`);
    return readFile(file);
  });
}

/** Reads modules and all modules that they need, and sorts them so that each comes after the modules that it needs. */
export async function inLoadingOrder(
  wanted: readonly string[],
  read: (name: string) => Promise<Buffer>,
): Promise<KernelModule[]> {
  const ordered = new Map<string, KernelModule>();
  const visit = async (name: string): Promise<void> => {
    if (ordered.has(name)) return;
    const content = await read(name);
    for (const needed of neededModules(content)) await visit(needed);
    ordered.set(name, { name, content });
  };
  for (const name of wanted) await visit(name);
  return [...ordered.values()];
}

async function moduleFiles(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true });
  // A file name can have dashes where the module's name has underscores: virtio-rng.ko contains virtio_rng.
  return new Map(
    names
      .filter((name) => name.endsWith(".ko"))
      .map((name) => [path.basename(name, ".ko").replaceAll("-", "_"), path.join(folder, name)]),
  );
}
