import { type Command, InvalidArgumentError } from "commander";
import { findMachine } from "../pipeline/machines";
import { readProject } from "../pipeline/project";
import { type HostAddresses, hostsOf, runProviderInTerminal } from "../pipeline/provider-command";
import { synthesize } from "../pipeline/synthesize";

/** What the provider is asked for, in JSON. */
export interface LogsRequest {
  readonly hosts: HostAddresses;
  readonly host: string;
  /** Path of the construct. */
  readonly name: string;
  readonly domain: string;
  /** How many of the last lines are shown. */
  readonly lines: number;
  readonly follow: boolean;
}

interface Options {
  readonly lines: number;
  readonly follow?: boolean;
}

const LINES = 100;

export function addLogs(program: Command): void {
  program
    .command("logs")
    .description("show the log that libvirt and QEMU write about a machine on its host: starts, ends and their errors")
    .argument("<machine>", "name of the machine, or path of its construct")
    .option("-n, --lines <number>", "how many of the last lines are shown", count, LINES)
    .option("-f, --follow", "go on with what is added, until Ctrl + C")
    .action(async (name: string, { lines, follow = false }: Options) => {
      const stacks = await synthesize(readProject());
      const { path, domain, resource } = findMachine(stacks, name);
      const request: LogsRequest = { hosts: hostsOf(stacks), host: resource.host, name: path, domain, lines, follow };
      process.exitCode = await runProviderInTerminal(stacks, "logs", request);
    });
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw new InvalidArgumentError(`It must be a whole number from 0 on, got '${text}'.`);
  }
  return number;
}
