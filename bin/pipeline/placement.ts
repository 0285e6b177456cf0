import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Assignment,
  type Decisions,
  type DeclaredDomain,
  type DeclaredModel,
  dedicateAll,
  type DomainDemand,
  formatDecisions,
  LOCK_FILE,
  type MachineNode,
  modelOf,
  parseDecisions,
  type PlacementModel,
} from "../../placement";
import { Failure } from "../failure";
import { readAppReport } from "./app-report";
import { FACTS_FILE, readFacts } from "./host-facts";
import { machinesOf } from "./machines";
import type { Project } from "./project";
import { runProviderCommand } from "./provider-command";
import { checkShape } from "./shape";
import type { Stack } from "./stacks";

/** The variable that tells the app which file to write to what its machines need. */
const fileVariable = "KVM_FLEET_PLACEMENT_FILE";

/** What the app declares about the placement of its machines. Machines without a decision are no errors here. */
export async function readDeclared(
  project: Project,
): Promise<{ readonly declared: DeclaredModel; readonly stacks: readonly Stack[] }> {
  const { content, stacks, error } = await readAppReport(project, fileVariable);
  if (error !== undefined) throw error;
  const none: DeclaredModel = { hosts: [], machines: [], rules: [], fleets: [] };
  return { declared: (content as DeclaredModel | undefined) ?? none, stacks };
}

/** The model of an app's placement: what it declares, what its machines need, and what its hosts have. */
export async function readPlacement(project: Project): Promise<PlacementModel> {
  const { declared, stacks } = await readDeclared(project);
  if (declared.fleets.length === 0 && declared.machines.every(({ cpus }) => cpus === undefined)) {
    throw new Failure(
      "the app has no fleet, and no machine with dedicated CPUs; add a Fleet with the hosts, and give it to the machines as their 'host'",
    );
  }
  const facts = readFacts(project);
  const inFleets = new Set(declared.fleets.flatMap(({ hosts }) => hosts));
  for (const { candidates, cpus } of declared.machines) {
    if (cpus !== undefined) candidates.forEach((name) => inFleets.add(name));
  }
  const missing = [...inFleets].filter((name) => !facts.has(name));
  if (missing.length > 0) {
    throw new Failure(
      `${FACTS_FILE} has no facts of ${missing.map((name) => `'${name}'`).join(", ")}; ask the hosts with 'kvm-fleet hosts --write'`,
    );
  }
  return modelOf(declared, await readDomains(stacks), facts);
}

/** The domains of all stacks, and what they need as the provider counts it. */
async function readDomains(stacks: readonly Stack[]): Promise<DeclaredDomain[]> {
  const machines = stacks.flatMap(machinesOf);
  if (machines.length === 0) return [];
  const request = { domains: machines.map(({ resource }) => JSON.stringify(resource)) };
  const report = parseDemandReport(await runProviderCommand(stacks, "demand", "count what the machines need", request));
  return machines.map(({ path, resource: { host, arch, type } }, index) => {
    const { error, ...demand } = report.domains[index] ?? { error: "it is missing in the report" };
    if (error !== "" || !("memory" in demand)) {
      throw new Failure(
        `the memory and the CPUs of ${path} must be known before it is deployed: ${error}; state numbers`,
      );
    }
    return { path, host, arch, type, demand };
  });
}

/** Checks the report that the provider prints. */
export function parseDemandReport(value: unknown): {
  readonly domains: readonly (DomainDemand & { readonly error: string })[];
} {
  const pages = { size: "number", node: "number", memory: "number" } as const;
  checkShape(value, { domains: [{ error: "string", memory: "number", vcpus: "number", pages: [pages] }] });
  return value as ReturnType<typeof parseDemandReport>;
}

/** Reads the decisions of a project. Without a file there are none. */
export function readDecisions({ folder }: Project): Decisions {
  const file = join(folder, LOCK_FILE);
  if (!existsSync(file)) return new Map();
  const decisions = parseDecisions(readFileSync(file, "utf8"));
  if (typeof decisions === "string") {
    throw new Failure(`${LOCK_FILE} must be a file of 'kvm-fleet place': ${decisions}`);
  }
  return decisions;
}

/** Whether the file decides about a machine: its host, or the CPUs that it has alone. */
export function isDecided({ fleet, cpus }: MachineNode): boolean {
  return fleet !== undefined || (cpus !== undefined && cpus.stated === undefined);
}

/**
 * Writes the decisions for all machines of fleets, and for those with CPUs that the app does not state. Those of machines that are gone are left out.
 *
 * @returns whether the file has changed
 */
export function writeDecisions({ folder }: Project, model: PlacementModel, assignment: Assignment): boolean {
  const { cpus: own } = dedicateAll(model, assignment);
  const decisions = new Map(
    model.machines.filter(isDecided).flatMap(({ path, cpus }) => {
      const host = assignment.get(path);
      const alone = cpus?.stated === undefined ? own.get(path)?.join(",") : undefined;
      return host === undefined ? [] : [[path, alone === undefined ? { host } : { host, cpus: alone }] as const];
    }),
  );
  const file = join(folder, LOCK_FILE);
  const text = formatDecisions(decisions);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  writeFileSync(file, text);
  return true;
}
