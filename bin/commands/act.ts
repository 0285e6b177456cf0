import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { readApproval } from "../approval";
import { exitCodes } from "../failure";
import { act, type Act, type ActedMachine, type TakenSnapshot } from "../pipeline/act";
import { type DeclaredMachine, findMachines } from "../pipeline/machines";
import { readProject } from "../pipeline/project";
import { synthesize } from "../pipeline/synthesize";

interface Options {
  readonly force?: boolean;
  readonly autoApprove?: boolean;
  /** The snapshot to take, for the act `snapshot`. */
  readonly snapshot?: TakenSnapshot;
}

interface SnapshotOptions {
  readonly name?: string;
  readonly memory?: boolean;
  readonly quiesce?: boolean;
}

/** The acts that interrupt a guest. */
const INTERRUPTIONS: readonly Act[] = ["stop", "reboot"];

/** Adds the commands that act on machines without a deployment. */
export function addActs(program: Command): void {
  addAct(program, "start", "start machines, or resume them if they are paused or saved");
  addAct(program, "stop", "shut machines down, as their 'shutdown' says")
    .option("--force", "cut the power at once")
    .option("--auto-approve", "do not ask");
  addAct(program, "reboot", "ask the guests of machines to reboot")
    .option("--force", "reset them at once, like the button")
    .option("--auto-approve", "do not ask");
  addSnapshot(program);
}

function addAct(program: Command, name: Act, description: string): Command {
  return addCommand(program, name, description).action(async (names: string[], options: Options) => {
    await run(name, names, options);
  });
}

function addSnapshot(program: Command): void {
  addCommand(program, "snapshot", "take a snapshot of machines, which keep running")
    .option("--name <name>", "name of the snapshot (default: the time, such as 20260131T120000Z)")
    .option("--memory", "with the memory of the guests")
    .option("--quiesce", "have the guest agents flush and freeze the file systems meanwhile")
    .action(async (names: string[], { name = nameOfNow(), memory = false, quiesce = false }: SnapshotOptions) => {
      await run("snapshot", names, { snapshot: { name, memory, quiesce } });
    });
}

function addCommand(program: Command, name: Act, description: string): Command {
  return program
    .command(name)
    .description(`${description}; exit code 1 if that failed for one of them`)
    .argument("<machine...>", "names of machines, or paths of their constructs");
}

/** The name of a snapshot that is taken now. */
function nameOfNow(): string {
  return new Date().toISOString().replace(/[-:]|\.\d+/g, "");
}

async function run(name: Act, names: readonly string[], options: Options): Promise<void> {
  const stacks = await synthesize(readProject());
  const machines = findMachines(stacks, names);
  if (INTERRUPTIONS.includes(name) && !(await isApproved(name, machines, options))) {
    console.error("kvm-fleet: nothing was done");
    process.exitCode = exitCodes.failed;
    return;
  }
  const { machines: done } = await act(stacks, {
    act: name,
    machines: machines.map((it) => requestOf(it, options)),
  });
  done.forEach((report, index) => {
    const machine = machines[index];
    if (machine === undefined) return;
    if (report.error === "") {
      console.log(`${machine.path} on ${machine.resource.host}: ${outcome(name, machine, report.state, options)}`);
      return;
    }
    console.error(`kvm-fleet: unable to ${verb(name)} ${machine.path} on ${machine.resource.host}: ${report.error}`);
    process.exitCode = exitCodes.failed;
  });
}

function verb(name: Act): string {
  return name === "snapshot" ? "take a snapshot of" : name;
}

/** Says what was done, and what it means for the next deployment. */
function outcome(name: Act, { domain, resource }: DeclaredMachine, state: string, { snapshot }: Options): string {
  if (snapshot !== undefined) {
    const id = `${resource.host}/${domain}/${snapshot.name}`;
    return `has the snapshot ${snapshot.name}; no deployment changes that. To revert to it or remove it, declare a Snapshot and import ${id}`;
  }
  if (name === "reboot") return "asked to reboot";
  const { state: declared = "running" } = resource;
  return state === declared ? state : `${state}; it is declared as ${declared}, so the next deployment changes that`;
}

/** Asks on the terminal whether guests may be interrupted. */
async function isApproved(name: Act, machines: readonly DeclaredMachine[], options: Options): Promise<boolean> {
  if (readApproval(options, name).autoApprove) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const interrupted = machines.map(({ path, resource }) => `${path} on ${resource.host}`).join(", ");
    return (await terminal.question(`${interrupted}: ${name}? Only 'yes' is accepted: `)) === "yes";
  } finally {
    terminal.close();
  }
}

function requestOf({ path, domain, resource }: DeclaredMachine, { force = false, snapshot }: Options): ActedMachine {
  const { host, shutdown = {} } = resource;
  const timeout = force ? 0 : (shutdown.timeout ?? null);
  return {
    name: path,
    domain,
    host,
    shutdown: { timeout, mode: shutdown.mode ?? "", onTimeout: shutdown.on_timeout ?? "force" },
    snapshot: snapshot ?? null,
  };
}
