import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { driftRequest, readDrift } from "../bin/pipeline/drift";
import type { Stack } from "../bin/pipeline/stacks";
import { CHECKOUT } from "../lab/paths";
import { definedMachine } from "./defined-machine";
import type { Figure, Finding, Setting } from "./figure";
import { ProcessUsage } from "./process-usage";
import { inTurn, median } from "./statistics";
import { fleet, type Run, Workspace } from "./terraform";

const MEGABYTE = 1e6;

/** Measures the comparison of a fleet with its state, beside the reads alone and beside a plan without changes. */
export const drift: Figure = {
  name: "drift",
  hosts: 20,

  async measure({ hosts, accelerator, folder, quick, report }: Setting): Promise<Finding[]> {
    const count = quick ? 100 : 1000;
    const names = Array.from({ length: count }, (_, index) => `vm-${String(index).padStart(4, "0")}`);
    report(`drift: defining ${count} domains on ${hosts.length} hosts`);
    const workspace = new Workspace(path.join(folder, "domains"));
    const domains = names.map((name, index) => [name, definedMachine(name, hosts, index, accelerator)] as const);
    await workspace.write({ libvirt_domain: Object.fromEntries(domains) }, hosts);
    await workspace.apply();
    const stack: Stack = { name: "fleet", folder: workspace.folder, dependencies: [], configuration: fleet(hosts) };
    const reads = await Reads.of(stack, folder);

    report(`drift: comparing, reading and planning ${count} domains without changes, in turn`);
    const rounds = await inTurn(quick ? 1 : 5, {
      drift: () => compared(stack, count),
      reads: () => reads.run(),
      plan: () => workspace.planNothing(),
    });
    await workspace.destroy();
    const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of));
    return [
      {
        what: `processor time of the drift of ${count} domains, beyond that of the reads`,
        value: middle((round) => cpuOf(round.drift) - cpuOf(round.reads)),
        unit: "s",
        bar: { atMost: 1 },
      },
      {
        what: `drift of ${count} domains / no-change plan of them`,
        value: middle((round) => round.drift.seconds / round.plan.seconds),
        unit: "x",
        bar: { atMost: 0.25 },
      },
      { what: `drift of ${count} domains`, value: middle((round) => round.drift.seconds), unit: "s" },
      { what: "no-change plan of them", value: middle((round) => round.plan.seconds), unit: "s" },
      { what: "processor time of the provider", value: middle((round) => round.drift.provider.cpu), unit: "s" },
      { what: "processor time of terraform", value: middle((round) => round.drift.terraform.cpu), unit: "s" },
      { what: "processor time of the reads", value: middle((round) => round.reads.provider.cpu), unit: "s" },
      {
        what: "provider's peak memory",
        value: Math.max(...rounds.map((round) => round.drift.provider.peak)) / MEGABYTE,
        unit: "MB",
      },
    ];
  },
};

/** What a run takes. The terraform of the reads takes nothing: there is none. */
type Taken = Pick<Run, "seconds" | "terraform" | "provider">;

/** Compares a fleet with its state, as `kvm-fleet drift` does once the app is synthesized. Fails if it finds anything. */
async function compared(stack: Stack, count: number): Promise<Taken> {
  const began = performance.now();
  const usage = new ProcessUsage(process.pid);
  const report = await readDrift([stack], [stack], () => undefined);
  const seconds = (performance.now() - began) / 1000;
  usage.end();
  if (report.compared !== count || report.changed.length + report.gone.length + report.undeclared.length > 0) {
    throw new Error(`the hosts must be as the state says, got ${JSON.stringify(report).slice(0, 300)}`);
  }
  return {
    seconds,
    provider: usage.of(/terraform-provider-libvirt/),
    terraform: usage.of(/(^|\/)(terraform|tofu)$/),
  };
}

/** The reads of a comparison, and nothing else: a benchmark of the provider. */
class Reads {
  /** Compiles the benchmark, and writes the request that it reads. */
  static async of(stack: Stack, folder: string): Promise<Reads> {
    const request = path.join(folder, "request.json");
    fs.writeFileSync(request, JSON.stringify(await driftRequest([stack], [stack], () => undefined)));
    const program = path.join(folder, "reads");
    await execute("go", ["test", "-c", "-o", program, "./internal/drift"], { cwd: path.join(CHECKOUT, "provider") });
    return new Reads(program, request);
  }

  private constructor(
    private readonly program: string,
    private readonly request: string,
  ) {}

  /** Reads all objects once. */
  async run(): Promise<Taken> {
    const began = performance.now();
    const { stdout } = await execute(
      this.program,
      ["-test.run=^$", "-test.bench=^BenchmarkReads$", "-test.benchtime=1x"],
      {
        // The provider sets the same value, as 'gcPercent'.
        env: { ...process.env, KVM_FLEET_DRIFT_REQUEST: this.request, GOGC: "400" },
      },
    );
    const [, value] = /([\d.e+-]+) cpu-s\/op/.exec(stdout) ?? [];
    if (value === undefined) throw new Error(`the benchmark of the reads printed no processor time: ${stdout}`);
    return {
      seconds: (performance.now() - began) / 1000,
      provider: { cpu: Number(value), peak: 0 },
      terraform: { cpu: 0, peak: 0 },
    };
  }
}

function cpuOf({ terraform, provider }: Taken): number {
  return terraform.cpu + provider.cpu;
}

const execute = promisify(execFile);
