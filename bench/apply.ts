import fs from "node:fs";
import path from "node:path";
import type { LabHost } from "../lab";
import { compareWithLoop } from "./compare-with-loop";
import { eachOf, timed } from "./concurrency";
import type { Figure, Finding, Setting } from "./figure";
import { writeHaltedGuest } from "./halted-guest";
import { type Block, Workspace } from "./terraform";
import { virsh } from "./virsh";

/** Terraform's default limit of concurrent operations. */
const PARALLELISM = 10;
const NETWORK = "lan";

interface Machine {
  readonly name: string;
  readonly host: LabHost;
  readonly disk: string;
  /** The file with libvirt's definition of the machine. */
  readonly xml: string;
}

/**
 * Measures an apply that starts machines, compared with virsh and with as many resources that are built into Terraform.
 */
export const apply: Figure = {
  name: "apply",
  hosts: 2,

  async measure({ hosts, folder, quick, report }: Setting): Promise<Finding[]> {
    const count = quick ? 10 : 100;
    const machines = makeMachines(count, hosts, folder);
    const networks = await makeNetworks(folder, hosts);
    const fleet = new Workspace(path.join(folder, "fleet"));
    await fleet.write({ libvirt_domain: Object.fromEntries(machines.map((it) => [it.name, domain(it)])) }, hosts);

    report(`apply: ${count} machines by terraform and by a loop of virsh, in turn`);
    const findings = await compareWithLoop({
      machines: machines.map(({ name }) => name),
      folder,
      rounds: quick ? 1 : 3,
      apply: async () => {
        const { seconds } = await fleet.apply();
        await eachOf(machines, PARALLELISM, saveDefinition);
        await fleet.destroy();
        return seconds;
      },
      loop: async () => {
        const seconds = await timed(() => eachOf(machines, PARALLELISM, defineAndStart));
        await eachOf(machines, PARALLELISM, remove);
        return seconds;
      },
      labels: { apply: `apply of ${count} machines`, loop: "loop of virsh define and start" },
      atMost: 1.5,
    });
    await networks.destroy();
    return findings;
  },
};

function makeMachines(count: number, hosts: readonly LabHost[], folder: string): Machine[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `vm-${String(index).padStart(3, "0")}`;
    const host = hosts[index % hosts.length];
    if (!host) throw new Error("the lab has no host");
    const machine = { name, host, disk: path.join(folder, `${name}.img`), xml: path.join(folder, `${name}.xml`) };
    writeHaltedGuest(machine.disk);
    return machine;
  });
}

async function makeNetworks(folder: string, hosts: readonly LabHost[]): Promise<Workspace> {
  const workspace = new Workspace(path.join(folder, "networks"));
  const networks = hosts.map(({ name }): [string, Block] => [name, { host: name, name: NETWORK }]);
  await workspace.write({ libvirt_network: Object.fromEntries(networks) }, hosts);
  await workspace.apply();
  return workspace;
}

function domain({ name, host, disk }: Machine): Block {
  return {
    host: host.name,
    name,
    // An emulated BIOS uses a third of a second of processor time on any machine. Under nested KVM it uses 4 s.
    type: "qemu",
    vcpu: 1,
    memory: 16 * 1024,
    disks: { vda: { file: disk, format: "raw" } },
    interfaces: { lan: { network: NETWORK } },
    serial: {},
    shutdown: { timeout: 0 },
  };
}

async function saveDefinition({ name, host, xml }: Machine): Promise<void> {
  fs.writeFileSync(xml, await virsh(host, "dumpxml", "--inactive", "--security-info", name));
}

async function defineAndStart({ name, host, xml }: Machine): Promise<void> {
  await virsh(host, "define", xml);
  await virsh(host, "start", name);
}

async function remove({ name, host }: Machine): Promise<void> {
  await virsh(host, "destroy", name);
  await virsh(host, "undefine", name);
}
