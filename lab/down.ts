import fs from "node:fs";
import path from "node:path";
import { allDone } from "./all-done";
import { HostCgroups, hostsWithCgroups } from "./cgroups";
import { endProcesses } from "./end-processes";
import { Fabric } from "./fabric";
import { Host } from "./host";
import { withLabLock } from "./lock";
import { validateLabName } from "./names";
import { deleteNetns, hostsWithNetns, processesInNetns, tidyNetnsDirectory } from "./netns";
import { ownerOf, release, removeIfEmpty, requireOwnership, requireRoot } from "./ownership";
import { FABRIC, LabPaths } from "./paths";

export interface DownOptions {
  readonly name: string;
  /** Receives progress, a line at a time. */
  readonly report: (line: string) => void;
}

/** Takes a lab down with everything that runs in it, even if it came up only in part or not at all. */
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
    const parts = new Set([...hostsWithNetns(name), ...hostsWithCgroups(name)]);
    const hosts = [...parts].filter((part) => part !== FABRIC);
    await allDone(hosts.map((host) => removeHost(paths, host)));
    await endProcesses("the fabric", () => processesInNetns(paths.fabricNetns));
    await deleteNetns(paths.fabricNetns);
    await release(paths);
    await tidyNetnsDirectory();
    fs.rmSync(paths.data, { recursive: true, force: true });
    removeIfEmpty(path.dirname(paths.data));
    report(parts.size > 0 ? `lab '${name}' is down` : `lab '${name}' was not up`);
  });
}

/** Ends all processes of a host and removes its namespaces and groups. Keeps its files. */
export async function removeHost(paths: LabPaths, host: string): Promise<void> {
  const netns = paths.netns(host);
  const cgroups = new HostCgroups(paths.lab, host);
  await endProcesses(`'${host}'`, () => [...processesInNetns(netns), ...cgroups.processes()]);
  await new Host(paths, host).unfurnish();
  await new Fabric(paths).unplug(host);
  await deleteNetns(netns);
  await cgroups.remove();
}
