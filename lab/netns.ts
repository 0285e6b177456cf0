import fs from "node:fs";
import path from "node:path";
import { run } from "./command";
import { mountPoints } from "./mounts";
import { NETNS_DIRECTORY, parseNetns } from "./paths";

/** Runs commands of ip(8) in one process, inside a network namespace if one is given. */
export async function ip(lines: readonly string[], netns?: string): Promise<void> {
  const inside = netns === undefined ? [] : ["-netns", netns];
  await run("ip", [...inside, "-batch", "-"], { input: lines.map((line) => `${line}\n`).join("") });
}

export function netnsExists(name: string): boolean {
  return fs.existsSync(path.join(NETNS_DIRECTORY, name));
}

/** Returns the hosts of a lab that have a network namespace, including the fabric. */
export function hostsWithNetns(lab: string): string[] {
  return netnsNames().flatMap((name) => {
    const parsed = parseNetns(name);
    return parsed?.lab === lab ? [parsed.host] : [];
  });
}

/** Returns the processes in a network namespace. */
export function processesInNetns(name: string): number[] {
  const identity = identityOf(path.join(NETNS_DIRECTORY, name));
  if (identity === undefined) return [];
  return fs
    .readdirSync("/proc")
    .filter((entry) => /^[0-9]+$/.test(entry) && identityOf(`/proc/${entry}/ns/net`) === identity)
    .map(Number);
}

export async function deleteNetns(name: string): Promise<void> {
  if (netnsExists(name)) await run("ip", ["netns", "delete", name]);
}

/** Removes the directory of `ip netns` and its mount, which `ip netns` does not remove, if no namespaces are left. */
export async function tidyNetnsDirectory(): Promise<void> {
  if (!fs.existsSync(NETNS_DIRECTORY) || netnsNames().length > 0) return;
  try {
    if (mountPoints().includes(NETNS_DIRECTORY)) await run("umount", [NETNS_DIRECTORY]);
    fs.rmdirSync(NETNS_DIRECTORY);
  } catch {
    // Another process has started to use the directory.
  }
}

function netnsNames(): string[] {
  return fs.existsSync(NETNS_DIRECTORY) ? fs.readdirSync(NETNS_DIRECTORY) : [];
}

/** Returns an identity that is equal for two files of the same namespace. */
function identityOf(file: string): string | undefined {
  try {
    const { dev, ino } = fs.statSync(file, { bigint: true });
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return undefined;
  }
}
