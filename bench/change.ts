import path from "node:path";
import type { LabHost } from "../lab";
import { writeCountingGuest } from "./counting-guest";
import type { Figure, Finding, Setting } from "./figure";
import { writeRandomImage } from "./image";
import { recordWhile } from "./record-counts";
import { inTurn, median } from "./statistics";
import { Storage } from "./storage";
import { type Block, type Resources, Workspace } from "./terraform";

const IMAGE_SIZE = 2 ** 20;
const NETWORKS = ["change-lan", "change-office"] as const;

/** The guest whose count is recorded, and an identical second guest. */
const RECORDED = "change-recorded";
const OTHER = "change-other";

/** The result of recording a guest while one of the two guests changed. */
interface Recording {
  /** The longest time between two counts, in seconds. */
  readonly gap: number;
  readonly seconds: number;
}

/**
 * Measures a guest while one apply adds a processor, memory and a disk and changes its network, weights and title, compared
 * with the same guest without a change. In the second case the apply changes the other guest, so the machine is equally busy.
 */
export const change: Figure = {
  name: "change",
  hosts: 1,

  async measure(setting: Setting): Promise<Finding[]> {
    const pair = await Pair.of(setting);
    setting.report("change: the count of a guest that changes and of one that does not, in turn");
    const rounds = await inTurn(setting.quick ? 1 : 8, {
      changed: () => pair.record(RECORDED),
      alone: () => pair.record(OTHER),
    });
    await pair.end();
    const middle = (of: (round: Readonly<Record<"changed" | "alone", Recording>>) => number) => median(rounds.map(of));
    const changed = middle((round) => round.changed.gap);
    const alone = middle((round) => round.alone.gap);
    return [
      {
        what: "longest gap in a guest's count while it changes / without a change",
        value: changed / alone,
        unit: "x",
        bar: { atMost: 1.25 },
      },
      { what: "longest gap while it changes", value: changed, unit: "s" },
      { what: "longest gap without a change", value: alone, unit: "s" },
      { what: "apply of the change", value: middle((round) => round.changed.seconds), unit: "s" },
    ];
  },
};

class Pair {
  private constructor(
    private readonly host: LabHost,
    private readonly storage: Storage,
    private readonly workspace: Workspace,
    private readonly setting: Setting,
  ) {}

  static async of(setting: Setting): Promise<Pair> {
    const { hosts, folder } = setting;
    const [host] = hosts;
    if (!host) throw new Error("the lab has no host");
    const storage = await Storage.of("change", [host]);
    const image = path.join(folder, "change.img");
    writeRandomImage(image, IMAGE_SIZE);
    writeCountingGuest(image);
    for (const guest of [RECORDED, OTHER]) {
      await storage.fill(host, guest, image, IMAGE_SIZE);
      await storage.make(host, `${guest}-data`, IMAGE_SIZE);
    }
    const pair = new Pair(host, storage, new Workspace(path.join(folder, "change")), setting);
    await pair.workspace.write(pair.resources(), [host]);
    return pair;
  }

  /** Starts both guests, and records one of them while one of them changes. */
  async record(changing: string): Promise<Recording> {
    const { host, setting, workspace } = this;
    workspace.rewrite(this.resources(), [host]);
    await workspace.apply();
    const recording = await recordWhile([setting.fileOf(host, log(RECORDED))], async () => {
      workspace.rewrite(this.resources(changing), [host]);
      const { changing: seconds } = await workspace.apply();
      return { seconds };
    });
    await workspace.destroy();
    return recording;
  }

  /** Removes the storage of the guests. */
  async end(): Promise<void> {
    for (const guest of [RECORDED, OTHER]) {
      await this.storage.remove(this.host, guest);
      await this.storage.remove(this.host, `${guest}-data`);
    }
    await this.storage.end();
  }

  private resources(changed?: string): Resources {
    const { host } = this;
    const guests = [RECORDED, OTHER].map((name): [string, Block] => {
      const before = this.guest(name);
      return [name, name === changed ? { ...before, ...this.changes(name) } : before];
    });
    return {
      libvirt_network: Object.fromEntries(NETWORKS.map((name) => [name, { host: host.name, name }])),
      libvirt_domain: Object.fromEntries(guests),
    };
  }

  private guest(name: string): Block {
    return {
      host: this.host.name,
      name,
      type: "qemu",
      // On this machine type, libvirt plugs devices into a bus that needs no spare ports.
      machine: "pc",
      vcpu: 1,
      memory: 64 * 1024,
      maximum: { vcpu: 2, memory: 64 * 1024, memory_slots: 1, memory_with_devices: 256 * 1024 },
      disks: { vda: this.disk(name) },
      interfaces: { lan: { network: "${libvirt_network.change-lan.name}" } },
      serial: { log_file: log(name), log_append: true },
      shutdown: { timeout: 0 },
      on_change: "live-only",
    };
  }

  private changes(name: string): Block {
    return {
      title: "changed while it ran",
      vcpu: 2,
      memory_devices: { more: { size: 128 * 1024 } },
      disks: { vda: { ...this.disk(name), iotune: { total_iops_sec: 1000 } }, vdb: this.disk(`${name}-data`) },
      interfaces: { lan: { network: "${libvirt_network.change-office.name}" } },
      cputune: { shares: 512 },
    };
  }

  private disk(volume: string): Block {
    return { file: this.storage.file(volume), format: "raw" };
  }
}

function log(guest: string): string {
  return `/var/log/libvirt/qemu/${guest}-serial.log`;
}
