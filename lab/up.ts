import fs from "node:fs";
import { probeAccelerator } from "./accelerator";
import { allDone } from "./all-done";
import { Capabilities } from "./capabilities";
import { Authority } from "./certificates";
import { removeHost } from "./down";
import { Fabric } from "./fabric";
import { hostsWithData, type Lab, type LabShared, readFleet, writeFleet } from "./fleet";
import { buildGuestImage } from "./guest";
import { Host } from "./host";
import { withLabLock } from "./lock";
import { hostNames, validateLabName } from "./names";
import { claim, requireRoot } from "./ownership";
import { LabPaths } from "./paths";
import { SharedStorage } from "./shared-storage";

export interface UpOptions {
  readonly name: string;
  /** The minimum number of hosts. The lab keeps the hosts that it already has. */
  readonly hosts: number;
  /**
   * Whether the lab offers a guest image.
   *
   * @default true
   */
  readonly image?: boolean;
  /**
   * Whether the hosts share storage, a GlusterFS volume.
   *
   * @default - a new lab has no shared storage, and an existing lab keeps its shared storage
   */
  readonly shared?: boolean;
  /** Receives progress, a line at a time. */
  readonly report: (line: string) => void;
}

/** Brings a lab up, adds hosts to it, or repairs it, until the requested number of hosts answer. */
export async function up(options: UpOptions): Promise<Lab> {
  requireRoot();
  validateLabName(options.name);
  const { report } = options;
  const paths = new LabPaths(options.name);
  const wanted = hostNames(options.hosts);
  const waiting = () => {
    report(`waiting for another command on lab '${options.name}' to end`);
  };
  return withLabLock(options.name, waiting, async () => {
    await claim(paths);
    const hosts = [...new Set([...wanted, ...hostsWithData(paths)])].map((name) => new Host(paths, name));
    writeHostsFile(paths, hosts);
    const guest = prepareGuest(paths, options);
    const fabric = bringUpFabric(paths, hosts, options);
    await allDone<unknown>([guest, fabric]);
    const lab: Lab = {
      name: options.name,
      ...(await guest),
      ...(await fabric),
      hosts: hosts.map((host) => host.describe()),
    };
    writeFleet(paths, lab);
    return lab;
  });
}

/** Prepares the image and the accelerator, one after the other because both need the same packages. */
async function prepareGuest(paths: LabPaths, { image: wanted = true, report }: UpOptions) {
  const image = wanted ? await buildGuestImage({ report }) : readFleet(paths)?.image;
  return { accelerator: await probeAccelerator({ report }), image };
}

/** Brings up the network and everything that is connected to it. */
async function bringUpFabric(paths: LabPaths, hosts: readonly Host[], options: UpOptions) {
  const fabric = new Fabric(paths);
  await allDone([fabric.up(), new Authority(paths).up()]);
  const shared = bringUpShared(paths, options);
  await allDone<unknown>([shared, bringUpHosts(paths, fabric, hosts, options.report)]);
  return { shared: await shared };
}

async function bringUpShared(paths: LabPaths, { shared = false, report }: UpOptions): Promise<LabShared | undefined> {
  const storage = new SharedStorage(paths);
  if (!shared && !storage.isThere) return undefined;
  const began = Date.now();
  if (await storage.up()) report(`shared storage is served (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return storage.describe();
}

async function bringUpHosts(
  paths: LabPaths,
  fabric: Fabric,
  hosts: readonly Host[],
  report: (line: string) => void,
): Promise<void> {
  const capabilities = await Capabilities.ofThisMachine();
  const [first] = hosts;
  if (!capabilities.known && first) {
    report("libvirt probes QEMU (once, about 8 s)");
    await bringHostUp(paths, fabric, capabilities, first, report);
    await capabilities.learnFrom(first, paths.hostData(first.name));
  }
  await allDone(hosts.map((host) => bringHostUp(paths, fabric, capabilities, host, report)));
}

async function bringHostUp(
  paths: LabPaths,
  fabric: Fabric,
  capabilities: Capabilities,
  host: Host,
  report: (line: string) => void,
): Promise<void> {
  const began = Date.now();
  if (!host.isFurnished()) await removeHost(paths, host.name);
  await fabric.plug(host.name);
  if (!host.isFurnished()) await host.furnish();
  if (await host.answers()) return;
  capabilities.copyTo(paths.hostData(host.name));
  await host.start();
  report(`host ${host.name} answers (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/**
 * Writes the file that resolves the hosts' names without a name server, for the other hosts and for libvirt on the host
 * itself.
 */
function writeHostsFile(paths: LabPaths, hosts: readonly Host[]): void {
  const lines = ["127.0.0.1 localhost", ...hosts.map((host) => `${host.address} ${host.name}`)];
  fs.writeFileSync(paths.hostsFile, lines.map((line) => `${line}\n`).join(""));
}
