import { copyFile, mkdir, open, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { partitionTable } from "./mbr";
import { kernelFile, type Packages } from "./packages";
import { tool } from "./tool";

const MIB = 2 ** 20;
const SECTOR = 512;

/** The size of the disk that a machine sees. Unused parts take no space in the image. */
export const DISK_SIZE = 64 * MIB;

const BOOT = { start: MIB, size: DISK_SIZE - 2 * MIB };
const KEEP = { start: DISK_SIZE - MIB, size: MIB };

/** The text by which the guest finds the partition that it can write to. @see init/internal/blockdev/keep.go */
const KEEP_MAGIC = "kvm-fleet guest keep\n";

const PARTITION_TYPE = { efiSystem: 0xef, noFileSystem: 0xda };

/** The volume id is fixed, so that the same content gives the same image. */
const VOLUME_ID = "4b464c54";
const DISK_ID = 0x4b464c54;
const LABEL = "KVMFLEET";
const EPOCH = 946684800;

/** Large clusters reduce the number of look-ups in firmware that reads a file cluster by cluster. */
const SECTORS_PER_CLUSTER = 16;

const SYSLINUX_CONFIGURATION = (commandLine: string) => [
  "DEFAULT guest",
  "PROMPT 0",
  "TIMEOUT 0",
  "LABEL guest",
  "LINUX /vmlinuz",
  "INITRD /initrd",
  `APPEND ${commandLine}`,
];

const SYSTEMD_BOOT_ENTRY = (commandLine: string) => [
  "title guest",
  "linux /vmlinuz",
  "initrd /initrd",
  `options ${commandLine}`,
];

/** The content of the guest's disk. */
export interface DiskContent {
  readonly packages: Packages;
  readonly initrd: Buffer;
  readonly commandLine: string;
}

/**
 * Writes a qcow2 image that boots by BIOS (syslinux in an active partition) and by UEFI (systemd-boot at the path for
 * removable media). Both load the same kernel from the same FAT file system. Requires no root, because nothing is mounted.
 */
export async function writeDisk(file: string, content: DiskContent, work: string): Promise<void> {
  const partition = await writeBootPartition(content, work);
  const raw = path.join(work, "disk.raw");
  const bootCode = await readFile(path.join(content.packages.root, "usr/lib/syslinux/mbr/mbr.bin"));
  const disk = await open(raw, "w");
  try {
    await disk.truncate(DISK_SIZE);
    await disk.write(
      partitionTable(bootCode, DISK_ID, [
        { ...BOOT, type: PARTITION_TYPE.efiSystem, active: true },
        { ...KEEP, type: PARTITION_TYPE.noFileSystem, active: false },
      ]),
    );
    await disk.write(await readFile(partition), 0, BOOT.size, BOOT.start);
    await disk.write(Buffer.from(KEEP_MAGIC), 0, KEEP_MAGIC.length, KEEP.start);
  } finally {
    await disk.close();
  }
  await tool("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, file], { directory: work });
}

async function writeBootPartition({ packages, initrd, commandLine }: DiskContent, work: string): Promise<string> {
  const environment = { SOURCE_DATE_EPOCH: String(EPOCH), MTOOLS_SKIP_CHECK: "1" };
  const options = { directory: work, environment };
  const image = path.join(work, "boot.fat");
  await writeFile(image, "");
  await truncate(image, BOOT.size);
  const geometry = ["-F", "16", "-s", String(SECTORS_PER_CLUSTER), "-h", String(BOOT.start / SECTOR)];
  await tool("mkfs.vfat", ["--invariant", "-i", VOLUME_ID, "-n", LABEL, ...geometry, image], options);

  const folder = path.join(work, "boot");
  const files = {
    vmlinuz: await readFile(kernelFile(packages)),
    initrd,
    "syslinux.cfg": lines(SYSLINUX_CONFIGURATION(commandLine)),
    "EFI/BOOT/BOOTX64.EFI": await readFile(path.join(packages.root, "usr/lib/systemd/boot/efi/systemd-bootx64.efi")),
    "loader/loader.conf": lines(["timeout 0", "default guest.conf"]),
    "loader/entries/guest.conf": lines(SYSTEMD_BOOT_ENTRY(commandLine)),
  };
  for (const directory of ["EFI", "EFI/BOOT", "loader", "loader/entries"]) {
    await mkdir(path.join(folder, directory), { recursive: true });
    await tool("mmd", ["-i", image, `::/${directory}`], options);
  }
  for (const [name, content] of Object.entries(files)) {
    const source = path.join(folder, name);
    await writeFile(source, content);
    await utimes(source, EPOCH, EPOCH);
    await tool("mcopy", ["-i", image, "-m", source, `::/${name}`], options);
  }
  await installSyslinux(packages, image, work, environment);
  return image;
}

/** Runs the package's own installer, which requires no root for a file system in a file. */
async function installSyslinux(
  packages: Packages,
  image: string,
  work: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const installer = path.join(work, "syslinux");
  await copyFile(path.join(packages.root, "usr/bin/syslinux"), installer);
  await tool(installer, ["--install", image], { directory: work, environment });
}

function lines(text: readonly string[]): string {
  return text.map((line) => `${line}\n`).join("");
}
