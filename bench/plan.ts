import path from "node:path";
import type { LabHost } from "../lab";
import { definedMachine } from "./defined-machine";
import type { Figure, Finding, Setting } from "./figure";
import { inTurn, median } from "./statistics";
import { type Block, type Run, Workspace } from "./terraform";

const MEGABYTE = 1e6;

/**
 * Measures the plan of a fleet without changes, compared with the plan of as many resources that are built into
 * Terraform.
 */
export const plan: Figure = {
  name: "plan",
  hosts: 20,

  async measure({ hosts, accelerator, folder, quick, report }: Setting): Promise<Finding[]> {
    const count = quick ? 100 : 1000;
    const names = Array.from({ length: count }, (_, index) => `vm-${String(index).padStart(4, "0")}`);
    const domains = names.map((name, index): [string, Block] => [
      name,
      definedMachine(name, hosts, index, accelerator),
    ]);
    report(`plan: defining ${count} domains on ${hosts.length} hosts`);
    const fleet = await applied(path.join(folder, "domains"), { libvirt_domain: Object.fromEntries(domains) }, hosts);
    const floor = await applied(path.join(folder, "terraform-data"), data(names.map((name) => [name, name])));
    const holders = await applied(path.join(folder, "holders"), data(domains));

    report(`plan: planning ${count} domains and ${count} terraform_data without changes, in turn`);
    const rounds = await inTurn(quick ? 1 : 5, {
      fleet: () => fleet.planNothing(),
      floor: () => floor.planNothing(),
      holders: () => holders.planNothing(),
    });
    await fleet.destroy();
    const middle = (of: (round: Readonly<Record<"fleet" | "floor" | "holders", Run>>) => number) =>
      median(rounds.map(of));
    return [
      {
        what: `no-change plan of ${count} domains / of ${count} terraform_data`,
        value: middle(({ fleet: ours, floor: theirs }) => ours.seconds / theirs.seconds),
        unit: "x",
        bar: { atMost: 3 },
      },
      {
        what: "provider's peak memory",
        value: Math.max(...rounds.map((round) => round.fleet.provider.peak)) / MEGABYTE,
        unit: "MB",
        bar: { atMost: 150 },
      },
      {
        what: `the same / of ${count} terraform_data with the domains' values`,
        value: middle(({ fleet: ours, holders: theirs }) => ours.seconds / theirs.seconds),
        unit: "x",
      },
      { what: `plan of ${count} domains`, value: middle((round) => round.fleet.seconds), unit: "s" },
      { what: `plan of ${count} terraform_data`, value: middle((round) => round.floor.seconds), unit: "s" },
      { what: "the same, with the domains' values", value: middle((round) => round.holders.seconds), unit: "s" },
      { what: "processor time of the provider", value: middle((round) => round.fleet.provider.cpu), unit: "s" },
      { what: "processor time of terraform with it", value: middle((round) => round.fleet.terraform.cpu), unit: "s" },
      { what: "processor time of terraform alone", value: middle((round) => round.floor.terraform.cpu), unit: "s" },
    ];
  },
};

async function applied(
  folder: string,
  resources: Readonly<Record<string, Record<string, Block>>>,
  hosts: readonly LabHost[] = [],
): Promise<Workspace> {
  const workspace = new Workspace(folder);
  await workspace.write(resources, hosts);
  await workspace.apply();
  return workspace;
}

/** Creates a terraform_data resource for each of these values. */
function data(inputs: readonly (readonly [string, unknown])[]): Record<string, Record<string, Block>> {
  return { terraform_data: Object.fromEntries(inputs.map(([name, input]) => [name, { input }])) };
}
