import path from "node:path";
import { run } from "../lab/command";
import { CHECKOUT } from "../lab/paths";
import type { Figure, Finding, Setting } from "./figure";
import { inTurn, median } from "./statistics";

const MEGABYTE = 1e6;

/** The cost of one synthesis in its own process. */
interface Synthesis {
  readonly seconds: number;
  /** Peak memory in bytes. */
  readonly peak: number;
}

/** Measures the synthesis of a large stack as one process, from its start to its end. */
export const synth: Figure = {
  name: "synth",
  hosts: 0,

  async measure({ folder, quick, report }: Setting): Promise<Finding[]> {
    const [few, many] = quick ? [100, 400] : [1000, 4000];
    // The first run fills tsx's cache of compiled code.
    await synthesize(1, folder);
    report(`synth: ${few} machines and ${many}, in turn`);
    const rounds = await inTurn(quick ? 1 : 5, {
      small: () => synthesize(few, folder),
      large: () => synthesize(many, folder),
    });
    type Of = (round: Readonly<Record<"small" | "large", Synthesis>>) => number;
    const middle = (of: Of) => median(rounds.map(of));
    const peak = (of: Of) => Math.max(...rounds.map(of)) / MEGABYTE;
    return [
      { what: `synth of ${few} machines`, value: middle(({ small }) => small.seconds), unit: "s", bar: { atMost: 3 } },
      {
        what: `peak memory with ${few} machines`,
        value: peak(({ small }) => small.peak),
        unit: "MB",
        bar: { atMost: 300 },
      },
      {
        what: `synth of ${many} machines / of ${few}`,
        value: middle(({ small, large }) => large.seconds / small.seconds),
        unit: "x",
        bar: { atMost: 4.5 },
      },
      { what: `synth of ${many} machines`, value: middle(({ large }) => large.seconds), unit: "s" },
      { what: `peak memory with ${many} machines`, value: peak(({ large }) => large.peak), unit: "MB" },
    ];
  },
};

async function synthesize(machines: number, folder: string): Promise<Synthesis> {
  const began = performance.now();
  const output = await run(
    process.execPath,
    ["--require", require.resolve("tsx/cjs"), path.join(CHECKOUT, "bench", "fleet-app.ts")],
    { variables: { BENCH_MACHINES: String(machines), CDKTF_OUTDIR: path.join(folder, "cdktf.out") } },
  );
  return { seconds: (performance.now() - began) / 1000, peak: Number(output.trim()) * 1024 };
}
