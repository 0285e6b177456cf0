import fs from "node:fs";
import { run } from "./command";

/** Returns all mount points in the order in which they were mounted. */
export function mountPoints(): string[] {
  const lines = fs.readFileSync("/proc/mounts", "utf8").split("\n");
  return lines.flatMap((line) => line.split(" ")[1] ?? []);
}

/** Unmounts a directory and all mounts below it. */
export async function unmountBelow(directory: string): Promise<void> {
  const mounted = mountPoints().filter((it) => it === directory || it.startsWith(`${directory}/`));
  if (mounted.length > 0) await run("umount", ["--lazy", ...mounted.reverse()]);
}
