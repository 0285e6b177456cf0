import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { readApproval } from "../approval";
import { exitCodes } from "../failure";
import { act, type Act, type ActedMachine } from "../pipeline/act";
import { type DeclaredMachine, findMachines } from "../pipeline/machines";
import { readProject } from "../pipeline/project";
import { synthesize } from "../pipeline/synthesize";

interface Options {
  readonly force?: boolean;
  readonly autoApprove?: boolean;
}

/** Adds the commands that act on machines without a deployment. */
export function addActs(program: Command): void {
  addAct(program, "start", "start machines, or resume them if they are paused or saved");
  addAct(program, "stop", "shut machines down, as their 'shutdown' says")
    .option("--force", "cut the power at once")
    .option("--auto-approve", "do not ask");
  addAct(program, "reboot", "ask the guests of machines to reboot")
    .option("--force", "reset them at once, like the button")
    .option("--auto-approve", "do not ask");
}

function addAct(program: Command, name: Act, description: string): Command {
  return program
    .command(name)
    .description(`${description}; exit code 1 if that failed for one of them`)
    .argument("<machine...>", "names of machines, or paths of their constructs")
    .action(async (names: string[], options: Options) => {
      const stacks = await synthesize(readProject());
      const machines = findMachines(stacks, names);
      if (name !== "start" && !(await isApproved(name, machines, options))) {
        console.error("kvm-fleet: nothing was done");
        process.exitCode = exitCodes.failed;
        return;
      }
      const { machines: done } = await act(stacks, {
        act: name,
        machines: machines.map((it) => requestOf(it, options)),
      });
      done.forEach(({ name: path, state, error }, index) => {
        const { host, state: declared = "running" } = machines[index]?.resource ?? { host: "" };
        if (error !== "") {
          console.error(`kvm-fleet: unable to ${name} ${path} on ${host}: ${error}`);
          process.exitCode = exitCodes.failed;
          return;
        }
        const next = state === declared ? "" : `; it is declared as ${declared}, so the next deployment changes that`;
        console.log(`${path} on ${host}: ${name === "reboot" ? "asked to reboot" : `${state}${next}`}`);
      });
    });
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

function requestOf({ path, domain, resource }: DeclaredMachine, { force = false }: Options): ActedMachine {
  const { host, shutdown = {} } = resource;
  const timeout = force ? 0 : (shutdown.timeout ?? null);
  return {
    name: path,
    domain,
    host,
    shutdown: { timeout, mode: shutdown.mode ?? "", onTimeout: shutdown.on_timeout ?? "force" },
  };
}
