import fs from "node:fs";
import { probeAccelerator } from "./accelerator";
import { allDone } from "./all-done";
import { Capabilities } from "./capabilities";
import { Authority } from "./certificates";
import { DeepHost } from "./deep/host";
import { deepImage } from "./deep/image";
import { removeHost } from "./down";
import { Fabric } from "./fabric";
import { type Accelerator, hostsWithData, type Lab, type LabShared, readFleet, writeFleet } from "./fleet";
import { buildGuestImage } from "./guest";
import { Host } from "./host";
import type { HostControl } from "./host-control";
import { type HostRequest, settleKinds } from "./host-kind";
import { type HostSystem, hostSystem } from "./host-system";
import { hostOf } from "./hosts";
import { withLabLock } from "./lock";
import { requirePackages } from "./missing-packages";
import { hostNames, validateLabName } from "./names";
import { claim, requireRoot } from "./ownership";
import { LabPaths } from "./paths";
import { SharedStorage } from "./shared-storage";

export interface UpOptions {
  readonly name: string;
  /** The minimum number of hosts, or the hosts and their kinds. The lab keeps the hosts that it already has. */
  readonly hosts: number | readonly HostRequest[];
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
  requirePackages();
  validateLabName(options.name);
  const { report } = options;
  const paths = new LabPaths(options.name);
  const wanted: readonly HostRequest[] =
    typeof options.hosts === "number" ? hostNames(options.hosts).map((name) => ({ name })) : options.hosts;
  const waiting = () => {
    report(`waiting for another command on lab '${options.name}' to end`);
  };
  return withLabLock(options.name, waiting, async () => {
    await claim(paths);
    settleKinds(paths, wanted);
    const hosts = hostsWithData(paths).map((name) => hostOf(paths, name));
    writeHostsFile(paths, hosts);
    const guest = prepareGuest(paths, options);
    const accelerator = guest.then((it) => it.accelerator);
    const fabric = bringUpFabric(paths, hosts, accelerator, options);
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
async function bringUpFabric(
  paths: LabPaths,
  hosts: readonly HostControl[],
  accelerator: Promise<Accelerator>,
  options: UpOptions,
) {
  const fabric = new Fabric(paths);
  await allDone([fabric.up(), new Authority(paths).up()]);
  const shared = bringUpShared(paths, options);
  const namespaces = hosts.filter((host) => host instanceof Host);
  const machines = hosts.filter((host) => host instanceof DeepHost);
  await allDone<unknown>([
    shared,
    bringUpHosts(paths, fabric, namespaces, options.report),
    bringUpMachines(paths, fabric, machines, accelerator, options.report),
  ]);
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
  const kinds = [...new Set(hosts.map(({ kind }) => kind))];
  await allDone(
    kinds.map(async (kind) => {
      const ofKind = hosts.filter((host) => host.kind === kind);
      // A host keeps the root file system that it has, although that of a new host may have to be built.
      if (ofKind.every((host) => host.isFurnished())) {
        await allDone(ofKind.map((host) => repairHost(fabric, host, report)));
        return;
      }
      const system = await hostSystem(kind, report);
      await bringUpKind({ paths, fabric, system, report }, await Capabilities.of(system), ofKind);
    }),
  );
}

/** Brings up the hosts that are virtual machines, one after the other: each uses two cores while it starts. */
async function bringUpMachines(
  paths: LabPaths,
  fabric: Fabric,
  hosts: readonly DeepHost[],
  accelerator: Promise<Accelerator>,
  report: (line: string) => void,
): Promise<void> {
  for (const host of hosts) {
    if (host.isRunning) {
      await host.connect();
      continue;
    }
    // An emulated machine runs in the QEMU of Debian 13, which can save its state in a file and has a network card with SR-IOV.
    const { root: qemu } = await hostSystem("debian13", report);
    const system = { image: await deepImage(report), qemu: qemu || "/", accelerator: await accelerator };
    await removeHost(paths, host.name);
    await host.bringUp(fabric, system, report);
  }
}

/** What the hosts of one kind are brought up with. */
interface KindContext {
  readonly paths: LabPaths;
  readonly fabric: Fabric;
  readonly system: HostSystem;
  readonly report: (line: string) => void;
}

async function bringUpKind(context: KindContext, capabilities: Capabilities, hosts: readonly Host[]): Promise<void> {
  const { paths, system, report } = context;
  const [first] = hosts;
  if (!capabilities.known && first) {
    report(`libvirt probes the QEMU of ${system.kind} (once, about 8 s)`);
    await bringHostUp(context, capabilities, first);
    await capabilities.learnFrom(first, paths.hostData(first.name));
  }
  await allDone(hosts.map((host) => bringHostUp(context, capabilities, host)));
}

async function bringHostUp(context: KindContext, capabilities: Capabilities, host: Host): Promise<void> {
  const { paths, fabric, system, report } = context;
  const began = Date.now();
  if (!host.isFurnished()) {
    await removeHost(paths, host.name);
    await fabric.plug(host.name);
    await host.furnish(system);
    capabilities.copyTo(paths.hostData(host.name));
  }
  await repairHost(fabric, host, report, began);
}

/** Starts the libvirtd of a host that has its namespaces, unless it answers. */
async function repairHost(
  fabric: Fabric,
  host: Host,
  report: (line: string) => void,
  began = Date.now(),
): Promise<void> {
  await fabric.plug(host.name);
  if (await host.answers()) return;
  await host.start();
  report(`host ${host.name} answers (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/**
 * Writes the file that resolves the hosts' names without a name server, for the other hosts and for libvirt on the host
 * itself.
 */
function writeHostsFile(paths: LabPaths, hosts: readonly HostControl[]): void {
  const lines = ["127.0.0.1 localhost", ...hosts.map((host) => `${host.address} ${host.name}`)];
  fs.writeFileSync(paths.hostsFile, lines.map((line) => `${line}\n`).join(""));
}
