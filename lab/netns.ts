import fs from "node:fs";
import path from "node:path";
import { run } from "./command";
import { NETNS_DIRECTORY, parseNetns } from "./paths";

/** Runs lines of ip(8) in one process, inside a network namespace if one is named. */
export async function ip(lines: readonly string[], netns?: string): Promise<void> {
  const inside = netns === undefined ? [] : ["-netns", netns];
  await run("ip", [...inside, "-batch", "-"], { input: lines.map((line) => `${line}\n`).join("") });
}

export function netnsExists(name: string): boolean {
  return fs.existsSync(path.join(NETNS_DIRECTORY, name));
}

/** The hosts of a lab that have a network namespace, the fabric among them. */
export function hostsWithNetns(lab: string): string[] {
  return netnsNames().flatMap((name) => {
    const parsed = parseNetns(name);
    return parsed?.lab === lab ? [parsed.host] : [];
  });
}

/** The processes in a network namespace. */
export function processesInNetns(name: string): number[] {
  const inode = inodeOf(path.join(NETNS_DIRECTORY, name));
  if (inode === undefined) return [];
  return fs
    .readdirSync("/proc")
    .filter((entry) => /^[0-9]+$/.test(entry) && inodeOf(`/proc/${entry}/ns/net`) === inode)
    .map(Number);
}

export async function deleteNetns(name: string): Promise<void> {
  if (netnsExists(name)) await run("ip", ["netns", "delete", name]);
}

/** `ip netns` leaves a mount of its directory behind; without namespaces in it, it is of no use to anyone. */
export async function tidyNetnsDirectory(): Promise<void> {
  if (!fs.existsSync(NETNS_DIRECTORY) || netnsNames().length > 0) return;
  try {
    const mounts = fs.readFileSync("/proc/mounts", "utf8").split("\n");
    for (const line of mounts) if (line.split(" ")[1] === NETNS_DIRECTORY) await run("umount", [NETNS_DIRECTORY]);
    fs.rmdirSync(NETNS_DIRECTORY);
  } catch {
    // Someone has just begun to use it.
  }
}

function netnsNames(): string[] {
  return fs.existsSync(NETNS_DIRECTORY) ? fs.readdirSync(NETNS_DIRECTORY) : [];
}

function inodeOf(file: string): bigint | undefined {
  try {
    return fs.statSync(file, { bigint: true }).ino;
  } catch {
    return undefined;
  }
}
