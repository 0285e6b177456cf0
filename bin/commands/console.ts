import type { Command } from "commander";
import { findMachine } from "../pipeline/machines";
import { readProject } from "../pipeline/project";
import { type HostAddresses, hostsOf, runProviderInTerminal } from "../pipeline/provider-command";
import { synthesize } from "../pipeline/synthesize";

/** What the provider is asked for, in JSON. */
export interface ConsoleRequest {
  readonly hosts: HostAddresses;
  readonly host: string;
  /** Path of the construct. */
  readonly name: string;
  readonly domain: string;
  readonly force: boolean;
}

export function addConsole(program: Command): void {
  program
    .command("console")
    .description("open the serial console of a machine, over the connection of its host; Ctrl + ] leaves it")
    .argument("<machine>", "name of the machine, or path of its construct")
    .option("--force", "take the console over from another session")
    .action(async (name: string, { force = false }: { force?: boolean }) => {
      const stacks = await synthesize(readProject());
      const { path, domain, resource } = findMachine(stacks, name);
      const request: ConsoleRequest = { hosts: hostsOf(stacks), host: resource.host, name: path, domain, force };
      process.exitCode = await runProviderInTerminal(stacks, "console", request);
    });
}
