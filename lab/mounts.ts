import fs from "node:fs";
import { run } from "./command";

/** Where something is mounted, in the order in which it was. */
export function mountPoints(): string[] {
  const lines = fs.readFileSync("/proc/mounts", "utf8").split("\n");
  return lines.flatMap((line) => line.split(" ")[1] ?? []);
}

/** Unmounts a directory and all that is mounted below it. */
export async function unmountBelow(directory: string): Promise<void> {
  const mounted = mountPoints().filter((it) => it === directory || it.startsWith(`${directory}/`));
  if (mounted.length > 0) await run("umount", ["--lazy", ...mounted.reverse()]);
}
