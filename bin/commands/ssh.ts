import type { Command } from "commander";
import { readInventory } from "../pipeline/inventory";
import { findMachine } from "../pipeline/machines";
import { readProject } from "../pipeline/project";
import { runProgram } from "../pipeline/run-program";
import { sshArguments } from "../pipeline/ssh-login";
import { synthesize } from "../pipeline/synthesize";

export function addSsh(program: Command): void {
  program
    .command("ssh")
    .description("log in to the guest of a machine with ssh, through its host if that is reached by ssh")
    .argument("<machine>", "name of the machine, or path of its construct")
    .argument("[command...]", "what to run in the guest, instead of a shell")
    .option("-l, --login <user>", "user in the guest (default: what ssh's configuration says)")
    .passThroughOptions()
    .action(async (name: string, command: string[], { login }: { login?: string }) => {
      const stacks = await synthesize(readProject());
      const machine = findMachine(stacks, name);
      const { hosts } = await readInventory(stacks, [machine.resource.host]);
      const { code } = await runProgram("ssh", sshArguments(machine, hosts, { login, command }), { stdio: "inherit" });
      process.exitCode = code;
    });
}
