import path from "node:path";
import { definedMachine } from "./defined-machine";
import { Distance } from "./distance";
import type { Figure, Finding, Setting } from "./figure";
import { inTurn, median } from "./statistics";
import { Workspace } from "./terraform";

/** The round-trip time in seconds, as for a host across a continent. */
const FAR = 0.05;

/** Measures the refresh of a distant fleet, compared with the same fleet nearby. */
export const refresh: Figure = {
  name: "refresh",
  hosts: 20,

  async measure({ hosts, accelerator, folder, quick, report }: Setting): Promise<Finding[]> {
    const count = quick ? 100 : 1000;
    const names = Array.from({ length: count }, (_, index) => `far-${String(index).padStart(4, "0")}`);
    const machines = {
      libvirt_domain: Object.fromEntries(
        names.map((name, index) => [name, definedMachine(name, hosts, index, accelerator)]),
      ),
    };
    report(`refresh: defining ${count} domains on ${hosts.length} hosts`);
    const fleet = new Workspace(path.join(folder, "fleet"));
    await fleet.write(machines, hosts);
    await fleet.apply();
    const distance = new Distance(FAR, folder);
    try {
      const far = await distance.of(hosts);
      const refreshFrom = (there: typeof hosts) => () => {
        fleet.rewrite(machines, there);
        return fleet.refresh();
      };
      report(`refresh: ${count} domains near by and ${FAR * 1000} ms away, in turn`);
      const rounds = await inTurn(quick ? 1 : 5, { near: refreshFrom(hosts), far: refreshFrom(far) });
      return [
        {
          what: `refresh of ${count} domains on hosts ${FAR * 1000} ms away / on the same near by`,
          value: median(rounds.map((round) => round.far.seconds / round.near.seconds)),
          unit: "x",
          bar: { atMost: 2 },
        },
        { what: "refresh of them near by", value: median(rounds.map((round) => round.near.seconds)), unit: "s" },
        { what: "refresh of them far away", value: median(rounds.map((round) => round.far.seconds)), unit: "s" },
      ];
    } finally {
      distance.end();
      fleet.rewrite(machines, hosts);
      await fleet.destroy();
    }
  },
};
