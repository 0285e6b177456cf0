/** What was decided once for a machine. */
export interface Decision {
  /** The name of the host. */
  readonly host: string;
  /** The CPUs of the host that the machine has alone, in the order of its virtual CPUs: `2,3`. */
  readonly cpus?: string;
}

/** The decisions for machines, by path. */
export type Decisions = ReadonlyMap<string, Decision>;

/** The file that keeps the decisions, in the folder of cdktf.json. */
export const LOCK_FILE = "kvm-fleet.lock.json";

/** The version of the form of the file. */
const VERSION = 1;

/**
 * Reads the content of a file of decisions.
 *
 * @returns a message if it is no such file
 */
export function parseDecisions(text: string): Decisions | string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`;
  }
  const { version, machines } = asObject(content);
  if (version !== VERSION) {
    return `'version' must be ${VERSION}, got ${JSON.stringify(version)}; use the version of kvm-fleet that wrote it`;
  }
  const decisions = new Map<string, Decision>();
  for (const [path, decision] of Object.entries(asObject(machines))) {
    const { host, cpus } = asObject(decision);
    if (typeof host !== "string") return `'machines' must name a host for ${path}, got ${JSON.stringify(decision)}`;
    if (cpus !== undefined && typeof cpus !== "string") {
      return `'cpus' of ${path} must be a list of CPUs, got ${JSON.stringify(cpus)}`;
    }
    decisions.set(path, cpus === undefined ? { host } : { host, cpus });
  }
  return decisions;
}

/** Writes decisions as text: one line for each machine, in the order of their paths, so that a difference shows each decision. */
export function formatDecisions(decisions: Decisions): string {
  const lines = [...decisions]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, { host, cpus }]) => {
      const own = cpus === undefined ? "" : `, "cpus": ${JSON.stringify(cpus)}`;
      return `    ${JSON.stringify(path)}: { "host": ${JSON.stringify(host)}${own} }`;
    });
  const machines = lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n  }`;
  return `{\n  "version": ${VERSION},\n  "machines": ${machines}\n}\n`;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
