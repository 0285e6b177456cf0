import { Failure } from "../failure";
import { runChild } from "./child";
import { InstalledProvider } from "./installed-provider";
import type { HostAddress, Stack } from "./stacks";

const local = "libvirt";

/** Hosts by name, with what it takes to reach them. */
export type HostAddresses = Readonly<Record<string, HostAddress>>;

/**
 * Has the stacks' provider answer a question: JSON in, JSON out, and what it says meanwhile on standard error.
 *
 * @param command its own command, such as `inventory`
 * @param what the question, for when there is no answer: `read the inventory`
 */
export async function askProvider(
  stacks: readonly Stack[],
  command: string,
  what: string,
  question: object,
): Promise<unknown> {
  const { code, output } = await runChild(providerOf(stacks).executable, [command], {
    input: JSON.stringify(question),
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (code !== 0) {
    throw new Failure(`the provider could not ${what} (exit code ${code})`);
  }
  return JSON.parse(output) as unknown;
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
          `host '${name}' is ${before.uri} in one stack and ${host.uri} in ${stack.name}; name the stacks to look at`,
        );
      }
      hosts[name] = { uri: host.uri };
    }
  }
  return hosts;
}

function providerOf(stacks: readonly Stack[]): InstalledProvider {
  const required = stacks.map(({ configuration }) => configuration.terraform?.required_providers?.[local]);
  const { source, version } = required.find((provider) => provider !== undefined) ?? { source: "", version: undefined };
  const installed = version === undefined ? undefined : InstalledProvider.find(source, version);
  if (installed === undefined) {
    throw new Failure(`the provider ${source} ${version ?? ""} is not installed here; run 'lab/setup.sh'`);
  }
  return installed;
}
