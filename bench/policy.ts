import fs from "node:fs";
import path from "node:path";
import type { LabHost } from "../lab";
import { timed } from "./concurrency";
import type { Figure, Finding, Setting } from "./figure";
import { filtersOf, shopOf } from "./shop";
import { inTurn, median } from "./statistics";
import { type Resources, Workspace } from "./terraform";
import { virsh } from "./virsh";

/** The port of the rule before and after the change. */
const PORTS = [5432, 5433] as const;

/**
 * A round takes minutes.
 *
 * Nearly all of the time is spent in libvirt, which starts a process for every rule of every machine.
 */
const ROUNDS = 2;

/** Measures the change of a rule that affects all running machines, compared with virsh defining the same filters. */
export const policy: Figure = {
  name: "policy",
  hosts: 2,

  async measure({ hosts, folder, quick, report }: Setting): Promise<Finding[]> {
    const count = quick ? 10 : 100;
    report(`policy: starting ${count} machines`);
    const shop = await Shop.of(count, hosts, folder);
    report(`policy: changing a rule of ${count} machines by terraform and by virsh, in turn`);
    const rounds = await inTurn(ROUNDS, {
      apply: () => shop.byTerraform(),
      defines: () => shop.byVirsh(),
    });
    await shop.end();
    const defines = `nwfilter-define of ${shop.changed.length} filters by virsh`;
    return [
      {
        what: `change of a rule of ${count} running machines: apply / ${defines}`,
        value: median(rounds.map((round) => round.apply / round.defines)),
        unit: "x",
        bar: { atMost: 1.5 },
      },
      { what: "apply of the change", value: median(rounds.map((round) => round.apply)), unit: "s" },
      { what: defines, value: median(rounds.map((round) => round.defines)), unit: "s" },
    ];
  },
};

/** Machines with the filters of a policy, and two policies that differ in a port. */
class Shop {
  /** The index of the policy in force. */
  private current = 0;

  private constructor(
    private readonly hosts: readonly LabHost[],
    private readonly workspace: Workspace,
    private readonly plans: readonly Resources[],
    /** The filters that differ between the two policies. */
    readonly changed: readonly { readonly host: LabHost; readonly name: string }[],
    private readonly folder: string,
  ) {}

  static async of(count: number, hosts: readonly LabHost[], folder: string): Promise<Shop> {
    const plans = PORTS.map((port) => shopOf(count, hosts, port, folder));
    const [before = {}, after = {}] = plans.map(filtersOf);
    const changed = Object.entries(before)
      .filter(([key, filter]) => JSON.stringify(filter) !== JSON.stringify(after[key]))
      .flatMap(([, { host: on, name }]) =>
        hosts.filter((host) => host.name === on).map((host) => ({ host, name: String(name) })),
      );
    const shop = new Shop(hosts, new Workspace(path.join(folder, "shop")), plans, changed, folder);
    await shop.workspace.write(shop.plan(), hosts);
    await shop.workspace.apply();
    await shop.save();
    return shop;
  }

  /** Applies the other policy. @returns the seconds of the whole apply */
  async byTerraform(): Promise<number> {
    this.current = 1 - this.current;
    this.workspace.rewrite(this.plan(), this.hosts);
    const { seconds } = await this.workspace.apply();
    await this.save();
    return seconds;
  }

  /** Does the same with virsh, on all hosts at once as an apply does. */
  byVirsh(): Promise<number> {
    this.current = 1 - this.current;
    const onHost = async (host: LabHost) => {
      for (const filter of this.changed.filter((it) => it.host === host)) {
        await virsh(host, "nwfilter-define", this.file(filter));
      }
    };
    return timed(async () => {
      await Promise.all(this.hosts.map(onHost));
    });
  }

  async end(): Promise<void> {
    await this.workspace.destroy();
  }

  private plan(): Resources {
    return this.plans[this.current] ?? {};
  }

  /** Saves libvirt's definitions of the filters of the policy in force. */
  private async save(): Promise<void> {
    for (const filter of this.changed) {
      fs.writeFileSync(this.file(filter), await virsh(filter.host, "nwfilter-dumpxml", filter.name));
    }
  }

  private file({ host, name }: Shop["changed"][number]): string {
    return path.join(this.folder, `${host.name}-${name}-${this.current}.xml`);
  }
}
