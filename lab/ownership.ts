import fs from "node:fs";
import { run } from "./command";
import { mountPoints, unmountBelow } from "./mounts";
import { IS_PACKAGE, type LabPaths, RUNTIME_ROOT } from "./paths";

/** A directory that mount(8) creates and does not remove. */
const LIBMOUNT_DIRECTORY = "/run/mount";

/** Fails unless this process can create namespaces, mounts and cgroups. */
export function requireRoot(): void {
  if (process.platform !== "linux") throw new Error("the lab requires Linux; run it in a Linux virtual machine");
  if (process.getuid?.() !== 0) {
    const command = process.argv.slice(2).join(" ");
    throw new Error(
      `the lab requires root; run 'sudo ${IS_PACKAGE ? "npx " : "bin/"}kvm-fleet ${command}', or use the libvirt of your own user as a host ` +
        `(qemu:///session, see docs/hosts.md)`,
    );
  }
}

/** Makes this checkout the owner of the lab. Fails if the lab has another owner. */
export async function claim(paths: LabPaths): Promise<void> {
  requireOwnership(paths);
  fs.mkdirSync(paths.runtime, { recursive: true, mode: 0o755 });
  fs.writeFileSync(paths.ownerFile, `${paths.checkout}\n`);
  fs.mkdirSync(paths.data, { recursive: true });
  if (mountPoints().includes(paths.runtime)) return;
  // Only a file on a private mount can keep a mount namespace open, and systemd makes /run a shared mount.
  await run("mount", ["--bind", paths.runtime, paths.runtime]);
  await run("mount", ["--make-private", paths.runtime]);
}

/** Fails if the lab belongs to another checkout that still exists. */
export function requireOwnership(paths: LabPaths): void {
  const owner = ownerOf(paths);
  if (owner === undefined || owner === paths.checkout || !fs.existsSync(owner)) return;
  throw new Error(
    `lab '${paths.lab}' belongs to the checkout at ${owner}; run 'kvm-fleet lab down' there, or choose another name`,
  );
}

/** Returns the checkout that owns the lab, or undefined if the lab does not exist. */
export function ownerOf(paths: LabPaths): string | undefined {
  return fs.existsSync(paths.ownerFile) ? fs.readFileSync(paths.ownerFile, "utf8").trim() : undefined;
}

/** Removes the lab's runtime directory and all mounts in it. */
export async function release(paths: LabPaths): Promise<void> {
  await unmountBelow(paths.runtime);
  fs.rmSync(paths.runtime, { recursive: true, force: true });
  removeIfEmpty(RUNTIME_ROOT);
  removeIfEmpty(LIBMOUNT_DIRECTORY);
}

export function removeIfEmpty(directory: string): void {
  if (fs.existsSync(directory) && fs.readdirSync(directory).length === 0) fs.rmdirSync(directory);
}
