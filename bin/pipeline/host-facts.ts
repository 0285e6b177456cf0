import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostFacts } from "../../placement";
import { Failure } from "../failure";
import type { Project } from "./project";
import { hostsOf, runProviderCommand } from "./provider-command";
import { checkShape, type Shape } from "./shape";
import type { Stack } from "./stacks";

/** The file that keeps the facts of hosts, in the folder of cdktf.json. */
export const FACTS_FILE = "kvm-fleet.hosts.json";

/** The version of the form of the file. */
const VERSION = 1;

/** What a host answers. */
export interface AnsweredFacts {
  readonly name: string;
  /** Why the host could not be asked; empty where it answered. */
  readonly error: string;
  readonly facts: HostFacts;
}

const factsShape: Shape = {
  arch: "string",
  cpus: "number",
  memory: "number",
  guests: [{ arch: "string", types: ["string"] }],
  cells: [{ id: "number", cpus: "number", memory: "number", pages: [{ size: "number", count: "number" }] }],
};

/** Asks all hosts of stacks at once. */
export async function askFacts(stacks: readonly Stack[]): Promise<readonly AnsweredFacts[]> {
  const hosts = hostsOf(stacks);
  if (Object.keys(hosts).length === 0) return [];
  return parseFactsReport(await runProviderCommand(stacks, "facts", "read the facts of the hosts", { hosts })).hosts;
}

/** Checks the report that the provider prints. */
export function parseFactsReport(value: unknown): { readonly hosts: readonly AnsweredFacts[] } {
  checkShape(value, { hosts: [{ name: "string", error: "string", facts: factsShape }] });
  return value as { readonly hosts: readonly AnsweredFacts[] };
}

/** Reads the file with the facts. Without a file there are none. */
export function readFacts({ folder }: Project): ReadonlyMap<string, HostFacts> {
  const file = join(folder, FACTS_FILE);
  if (!existsSync(file)) return new Map();
  const fail = (problem: string) =>
    new Failure(`${FACTS_FILE} ${problem}; write it again with 'kvm-fleet hosts --write'`);
  let content: { readonly version?: unknown; readonly hosts?: Readonly<Record<string, HostFacts>> };
  try {
    content = JSON.parse(readFileSync(file, "utf8")) as typeof content;
  } catch (error) {
    throw fail(`is not JSON: ${(error as Error).message}`);
  }
  if (content.version !== VERSION)
    throw fail(`must have the version ${VERSION}, got ${JSON.stringify(content.version)}`);
  const hosts = Object.entries(content.hosts ?? {});
  for (const [name, facts] of hosts) {
    try {
      checkShape(facts, factsShape, name);
    } catch (error) {
      throw fail(`has other content: ${(error as Error).message}`);
    }
  }
  return new Map(hosts);
}

/** Writes the file with the facts, in the order of the hosts' names. */
export function writeFacts({ folder }: Project, facts: ReadonlyMap<string, HostFacts>): void {
  const hosts = Object.fromEntries([...facts].sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(join(folder, FACTS_FILE), `${JSON.stringify({ version: VERSION, hosts }, undefined, 2)}\n`);
}
