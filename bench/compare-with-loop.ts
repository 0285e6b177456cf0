import path from "node:path";
import type { Finding } from "./figure";
import { inTurn, median } from "./statistics";
import { Workspace } from "./terraform";

/** The same work on machines, done by Terraform and by a loop of virsh. */
export interface Work {
  readonly machines: readonly string[];
  readonly folder: string;
  readonly rounds: number;
  /** Does the work with Terraform, and resolves to the time in seconds. */
  readonly apply: () => Promise<number>;
  /** Does the work with virsh, and resolves to the time in seconds. */
  readonly loop: () => Promise<number>;
  /** The names of the two in the findings. */
  readonly labels: { readonly apply: string; readonly loop: string };
  readonly atMost: number;
}

/** Compares Terraform with the loop of virsh plus an apply of as many resources that are built into Terraform. */
export async function compareWithLoop({
  machines,
  folder,
  rounds,
  apply,
  loop,
  labels,
  atMost,
}: Work): Promise<Finding[]> {
  const own = new Workspace(path.join(folder, "terraform-data"));
  await own.write({ terraform_data: Object.fromEntries(machines.map((name) => [name, { input: name }])) }, []);
  const times = await inTurn(rounds, {
    apply,
    loop,
    floor: async () => {
      const { seconds } = await own.apply();
      await own.destroy();
      return seconds;
    },
  });
  const floor = `apply of ${machines.length} terraform_data`;
  return [
    {
      what: `${labels.apply} / ${labels.loop} + ${floor}`,
      value: median(times.map((it) => it.apply / (it.loop + it.floor))),
      unit: "x",
      bar: { atMost },
    },
    { what: labels.apply, value: median(times.map((it) => it.apply)), unit: "s" },
    { what: labels.loop, value: median(times.map((it) => it.loop)), unit: "s" },
    { what: floor, value: median(times.map((it) => it.floor)), unit: "s" },
  ];
}
