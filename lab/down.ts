import fs from "node:fs";
import path from "node:path";
import { HostCgroups, hostsWithCgroups } from "./cgroups";
import { run } from "./command";
import { Fabric } from "./fabric";
import { withLabLock } from "./lock";
import { validateLabName } from "./names";
import { deleteNetns, hostsWithNetns, processesInNetns, tidyNetnsDirectory } from "./netns";
import { ownerOf, release, removeIfEmpty, requireOwnership, requireRoot } from "./ownership";
import { LabPaths } from "./paths";
import { pollUntil } from "./poll";

/** How long processes may take to end once they have been killed. */
const DEATH_DEADLINE = 20_000;

export interface DownOptions {
  readonly name: string;
  /** Told what is being done, a line at a time. */
  readonly report: (line: string) => void;
}

/** Takes a lab down with all that runs in it, however far it had come up; nothing to do is no error. */
export async function down({ name, report }: DownOptions): Promise<void> {
  requireRoot();
  validateLabName(name);
  const waiting = () => {
    report(`waiting for another command on lab '${name}' to end`);
  };
  await withLabLock(name, waiting, async () => {
    const here = new LabPaths(name);
    requireOwnership(here);
    const paths = new LabPaths(name, ownerOf(here));
    const hosts = new Set([...hostsWithNetns(name), ...hostsWithCgroups(name)]);
    await Promise.all([...hosts].map((host) => removeHost(paths, host)));
    await release(paths);
    await tidyNetnsDirectory();
    fs.rmSync(paths.data, { recursive: true, force: true });
    removeIfEmpty(path.dirname(paths.data));
    report(hosts.size > 0 ? `lab '${name}' is down` : `lab '${name}' was not up`);
  });
}

/** Ends all that runs on a host and removes its namespaces and groups; what it has on disk stays. */
export async function removeHost(paths: LabPaths, host: string): Promise<void> {
  const netns = paths.netns(host);
  const cgroups = new HostCgroups(paths.lab, host);
  const alive = () => [...processesInNetns(netns), ...cgroups.processes()];
  await pollUntil(`the processes of '${host}' to end`, DEATH_DEADLINE, () => {
    const processes = alive();
    processes.forEach(kill);
    return processes.length === 0;
  });
  const namespaces = paths.hostNamespaces(host);
  for (const name of fs.existsSync(namespaces) ? fs.readdirSync(namespaces) : []) {
    if (isHeld(path.join(namespaces, name))) await run("umount", [path.join(namespaces, name)]);
  }
  fs.rmSync(namespaces, { recursive: true, force: true });
  fs.rmSync(paths.hostRuntime(host), { recursive: true, force: true });
  await new Fabric(paths).unplug(host);
  await deleteNetns(netns);
  await cgroups.remove();
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function isHeld(file: string): boolean {
  return fs.readFileSync("/proc/mounts", "utf8").includes(` ${file} `);
}
