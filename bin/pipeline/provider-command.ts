import { version as ownVersion } from "../../package.json";
import { Failure } from "../failure";
import { findProvider } from "./find-provider";
import type { Provider } from "./provider";
import { runProgram } from "./run-program";
import type { HostAddress, RequiredProvider, Stack } from "./stacks";

const local = "libvirt";

/** The provider of an app that has no host yet. */
const ours: RequiredProvider = { source: "registry.terraform.io/kvm-fleet/libvirt", version: ownVersion };

/** The URIs of hosts, by name. */
export type HostAddresses = Readonly<Record<string, HostAddress>>;

/**
 * Runs a command of the stacks' provider. The command reads JSON on standard input and writes JSON on standard output.
 *
 * @param command the command, such as `inventory`
 * @param purpose what the command does, for the error message: `read the inventory`
 */
export async function runProviderCommand(
  stacks: readonly Stack[],
  command: string,
  purpose: string,
  input: object,
): Promise<unknown> {
  const { code, output } = await runProgram(providerOf(stacks).executable, [command], {
    input: JSON.stringify(input),
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (code !== 0) {
    throw new Failure(`the provider could not ${purpose} (exit code ${code})`);
  }
  return JSON.parse(output) as unknown;
}

/**
 * Runs a command of the stacks' provider in this process's terminal.
 *
 * @param input the command's argument, as JSON
 * @returns its exit code
 */
export async function runProviderInTerminal(stacks: readonly Stack[], command: string, input: object): Promise<number> {
  const { code } = await runProgram(providerOf(stacks).executable, [command, JSON.stringify(input)], {
    stdio: "inherit",
  });
  return code;
}

/** The hosts in the provider blocks of these stacks. */
export function hostsOf(stacks: readonly Stack[]): HostAddresses {
  const hosts: Record<string, HostAddress> = {};
  for (const stack of stacks) {
    for (const [name, host] of (stack.configuration.provider?.[local] ?? []).flatMap((block) =>
      Object.entries(block.hosts ?? {}),
    )) {
      const before = hosts[name];
      if (before !== undefined && before.uri !== host.uri) {
        throw new Failure(
          `host '${name}' has the URI ${before.uri} in one stack and ${host.uri} in ${stack.name}; name the stacks to read`,
        );
      }
      hosts[name] = { uri: host.uri };
    }
  }
  return hosts;
}

function providerOf(stacks: readonly Stack[]): Provider {
  const required = stacks.map(({ configuration }) => configuration.terraform?.required_providers?.[local]);
  const { source, version } = required.find((provider) => provider !== undefined) ?? ours;
  const provider = version === undefined ? undefined : findProvider(source, version);
  if (provider === undefined) {
    throw new Failure(
      `the provider ${source} ${version ?? ""} is not installed on this machine; run 'lab/setup.sh' in its checkout`,
    );
  }
  return provider;
}
