import path from "node:path";
import type { LabHost } from "../lab";
import { writeCountingGuest } from "./counting-guest";
import type { Figure, Finding, Setting } from "./figure";
import { writeRandomImage } from "./image";
import { LIVE } from "./live";
import { recordWhile } from "./record-counts";
import { inTurn, median } from "./statistics";
import { Storage } from "./storage";
import { type Block, Workspace } from "./terraform";
import { virsh } from "./virsh";

const MEBIBYTE = 2 ** 20;

/** The duration of one migration for the guest and for the user. */
interface Migration {
  /** The longest time between two counts of the guest, in seconds. */
  readonly pause: number;
  /** The time from the start until the source no longer has any part of the guest, in seconds. */
  readonly seconds: number;
  /** The time that the user waits, in seconds. */
  readonly waited: number;
}

/** Measures the migration of a counting guest by Terraform, compared with the migration of the same guest by virsh. */
export const migrate: Figure = {
  name: "migrate",
  hosts: 2,
  shared: true,

  async measure(setting: Setting): Promise<Finding[]> {
    return [...(await compare("copied", setting)), ...(await compare("shared", setting))];
  },
};

async function compare(kind: "copied" | "shared", setting: Setting): Promise<Finding[]> {
  const guest = await MigratingGuest.of(kind, setting);
  setting.report(`migrate: a guest with ${kind} storage by terraform and by virsh, in turn`);
  // The number of rounds is even, so that both tools migrate in both directions.
  const rounds = await inTurn(setting.quick ? 2 : 10, {
    terraform: () => guest.byTerraform(),
    virsh: () => guest.byVirsh(),
  });
  await guest.end();
  type Of = (round: Readonly<Record<"terraform" | "virsh", Migration>>) => number;
  const middle = (of: Of) => median(rounds.map(of));
  const ratio = (of: (migration: Migration) => number) =>
    middle(({ terraform }) => of(terraform)) / middle(({ virsh }) => of(virsh));
  return [
    {
      what: `guest's pause, storage ${kind}, by terraform / by virsh migrate`,
      value: ratio(({ pause }) => pause),
      unit: "x",
      bar: { atMost: 1.25 },
    },
    {
      what: `time of its migration, storage ${kind}, by terraform / by virsh migrate`,
      value: ratio(({ seconds }) => seconds),
      unit: "x",
      bar: { atMost: 1.25 },
    },
    {
      what: `guest's pause, storage ${kind}, by terraform`,
      value: middle(({ terraform }) => terraform.pause),
      unit: "s",
    },
    { what: "the same by virsh", value: middle(({ virsh }) => virsh.pause), unit: "s" },
    {
      what: `its migration, storage ${kind}, by terraform`,
      value: middle(({ terraform }) => terraform.seconds),
      unit: "s",
    },
    { what: "the same by virsh", value: middle(({ virsh }) => virsh.seconds), unit: "s" },
    { what: "the whole apply", value: middle(({ terraform }) => terraform.waited), unit: "s" },
  ];
}

class MigratingGuest {
  private constructor(
    private readonly name: string,
    private readonly size: number,
    private readonly storage: Storage,
    private readonly workspace: Workspace,
    private readonly setting: Setting,
    /** The host that the guest is on, and the host that it moves to next. */
    private direction: readonly [LabHost, LabHost],
  ) {}

  static async of(kind: "copied" | "shared", setting: Setting): Promise<MigratingGuest> {
    const { hosts, folder, quick } = setting;
    const [here, there] = hosts;
    if (!here || !there) throw new Error("the lab has no two hosts");
    const name = `migrate-${kind}`;
    const size = (quick ? 16 : 64) * MEBIBYTE;
    const image = path.join(folder, `${name}.img`);
    writeRandomImage(image, size);
    writeCountingGuest(image);
    const storage = await Storage.of(name, hosts, kind === "shared" ? setting.shared : undefined);
    await storage.fill(here, name, image, size);
    const workspace = new Workspace(path.join(folder, name));
    const guest = new MigratingGuest(name, size, storage, workspace, setting, [here, there]);
    await workspace.write(guest.resources(here), hosts);
    await workspace.apply();
    return guest;
  }

  async byTerraform(): Promise<Migration> {
    const [, there] = this.direction;
    this.workspace.rewrite(this.resources(there), this.setting.hosts);
    return this.recorded(async () => {
      const { seconds, changing } = await this.workspace.apply();
      return { seconds: changing, waited: seconds };
    });
  }

  /** Migrates as the provider does: creates the disk on the destination and removes it from the source. */
  async byVirsh(): Promise<Migration> {
    const [here, there] = this.direction;
    return this.recorded(async () => {
      const began = performance.now();
      if (!this.storage.shared) await this.storage.make(there, this.name, this.size);
      const copying = this.storage.shared ? [] : ["--copy-storage-all"];
      await virsh(here, "migrate", ...LIVE, ...copying, this.name, there.tcpUri);
      if (!this.storage.shared) await this.storage.remove(here, this.name);
      const seconds = (performance.now() - began) / 1000;
      return { seconds, waited: seconds };
    });
  }

  async end(): Promise<void> {
    const [here] = this.direction;
    await this.workspace.destroy();
    await this.storage.remove(here, this.name);
    await this.storage.end();
  }

  private async recorded(migrate: () => Promise<Omit<Migration, "pause">>): Promise<Migration> {
    const [here, there] = this.direction;
    const log = `/var/log/libvirt/qemu/${this.name}-serial.log`;
    const logs = this.direction.map((host) => this.setting.fileOf(host, log));
    const { gap, ...taken } = await recordWhile(logs, migrate);
    this.direction = [there, here];
    return { ...taken, pause: gap };
  }

  private resources(host: LabHost): Record<string, Record<string, Block>> {
    return { libvirt_domain: { guest: this.domain(host) } };
  }

  private domain(host: LabHost): Block {
    return {
      host: host.name,
      name: this.name,
      type: "qemu",
      vcpu: 1,
      memory: 64 * 1024,
      disks: { vda: { file: this.storage.file(this.name), format: "raw", cache: "none" } },
      serial: { log_file: `/var/log/libvirt/qemu/${this.name}-serial.log`, log_append: true },
      shutdown: { timeout: 0 },
    };
  }
}
