import path from "node:path";
import type { Finding } from "./figure";
import { inTurn, median } from "./statistics";
import { Workspace } from "./terraform";

/** What is done to machines by terraform, and the same by a loop of virsh. */
export interface Work {
  readonly machines: readonly string[];
  readonly folder: string;
  readonly rounds: number;
  /** Does it by terraform, and resolves with the seconds that it took. */
  readonly apply: () => Promise<number>;
  /** The same by virsh. */
  readonly loop: () => Promise<number>;
  /** As findings call the first, and the second. */
  readonly words: { readonly apply: string; readonly loop: string };
  readonly atMost: number;
}

/** Terraform's work on machines against virsh doing the same, and Terraform doing as many resources of its own. */
export async function againstLoop({ machines, folder, rounds, apply, loop, words, atMost }: Work): Promise<Finding[]> {
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
      what: `${words.apply} / ${words.loop} + ${floor}`,
      value: median(times.map((it) => it.apply / (it.loop + it.floor))),
      unit: "x",
      bar: { atMost },
    },
    { what: words.apply, value: median(times.map((it) => it.apply)), unit: "s" },
    { what: words.loop, value: median(times.map((it) => it.loop)), unit: "s" },
    { what: floor, value: median(times.map((it) => it.floor)), unit: "s" },
  ];
}
