import path from "node:path";
import type { LabHost } from "../lab";
import { compareWithLoop } from "./compare-with-loop";
import { eachOf, timed } from "./concurrency";
import type { Figure, Finding, Setting } from "./figure";
import { writeHaltedGuest } from "./halted-guest";
import { LIVE } from "./live";
import { Storage } from "./storage";
import { type Block, Workspace } from "./terraform";
import { virsh } from "./virsh";

/** The number of migrations that the provider runs at a time. */
const PARALLELISM = 4;
const IMAGE_SIZE = 2 ** 20;

/** Measures one apply that moves all machines of a host to another host, compared with a parallel loop of virsh. */
export const evacuate: Figure = {
  name: "evacuate",
  hosts: 2,
  shared: true,

  async measure(setting: Setting): Promise<Finding[]> {
    const { quick, report, folder } = setting;
    const count = quick ? 4 : 20;
    const names = Array.from({ length: count }, (_, index) => `evacuate-${String(index).padStart(2, "0")}`);
    const machines = await Machines.of(names, setting);

    report(`evacuate: ${count} machines by terraform and by a loop of virsh, in turn`);
    const findings = await compareWithLoop({
      machines: names,
      folder,
      rounds: quick ? 2 : 4,
      apply: () => machines.byTerraform(),
      loop: () => machines.byLoop(),
      labels: { apply: `evacuation of ${count} machines`, loop: "loop of virsh migrate" },
      atMost: 1.3,
    });
    await machines.end();
    return findings;
  },
};

class Machines {
  private constructor(
    private readonly names: readonly string[],
    private readonly storage: Storage,
    private readonly workspace: Workspace,
    private readonly hosts: readonly LabHost[],
    /** The host that the machines are on, and the host that they move to next. */
    private direction: readonly [LabHost, LabHost],
  ) {}

  static async of(names: readonly string[], { hosts, shared, folder }: Setting): Promise<Machines> {
    const [here, there] = hosts;
    if (!here || !there) throw new Error("the lab has no two hosts");
    const storage = await Storage.of("evacuate", hosts, shared);
    const image = path.join(folder, "evacuate.img");
    writeHaltedGuest(image);
    for (const name of names) await storage.fill(here, name, image, IMAGE_SIZE);
    const machines = new Machines(names, storage, new Workspace(path.join(folder, "machines")), hosts, [here, there]);
    await machines.workspace.write(machines.resources(here), hosts);
    await machines.workspace.apply();
    return machines;
  }

  async byTerraform(): Promise<number> {
    const [here, there] = this.direction;
    this.workspace.rewrite(this.resources(there), this.hosts);
    const { seconds } = await this.workspace.apply();
    this.direction = [there, here];
    return seconds;
  }

  async byLoop(): Promise<number> {
    const [here, there] = this.direction;
    const seconds = await timed(() =>
      eachOf(this.names, PARALLELISM, async (name) => {
        await virsh(here, "migrate", ...LIVE, name, there.tcpUri);
      }),
    );
    this.direction = [there, here];
    return seconds;
  }

  async end(): Promise<void> {
    await this.workspace.destroy();
    for (const name of this.names) await this.storage.remove(this.direction[0], name);
    await this.storage.end();
  }

  private resources(host: LabHost): Record<string, Record<string, Block>> {
    return { libvirt_domain: Object.fromEntries(this.names.map((name) => [name, this.domain(name, host)])) };
  }

  private domain(name: string, host: LabHost): Block {
    return {
      host: host.name,
      name,
      type: "qemu",
      vcpu: 1,
      memory: 16 * 1024,
      disks: { vda: { file: this.storage.file(name), format: "raw", cache: "none" } },
      serial: {},
      shutdown: { timeout: 0 },
    };
  }
}
