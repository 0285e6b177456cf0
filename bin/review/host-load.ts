import type { PlanJson, Values } from "./plan-json";

/** What runs on a host, before and after an apply. */
export interface HostLoad {
  readonly host: string;
  readonly before: Load;
  readonly after: Load;
}

/** The machines that run. */
export interface Load {
  readonly machines: number;
  /** The sum of their memory, in bytes. */
  readonly memory: number;
}

const NOTHING: Load = { machines: 0, memory: 0 };
const RUNS: readonly unknown[] = ["running", "paused"];

/** Returns the hosts on which an apply of these plans changes what runs, by name. */
export function hostLoads(plans: readonly PlanJson[]): readonly HostLoad[] {
  const domains = plans
    .flatMap(({ resource_changes = [] }) => resource_changes)
    .filter(({ mode, type }) => mode === "managed" && type === "libvirt_domain");
  const before = loads(domains.map(({ change }) => change.before));
  const after = loads(domains.map(({ change }) => change.after));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((host) => ({ host, before: before.get(host) ?? NOTHING, after: after.get(host) ?? NOTHING }))
    .filter((it) => it.before.machines !== it.after.machines || it.before.memory !== it.after.memory);
}

function loads(domains: readonly (Values | null)[]): ReadonlyMap<string, Load> {
  const all = new Map<string, Load>();
  for (const it of domains) {
    if (it?.host === undefined || !RUNS.includes(it.state)) continue;
    const { machines, memory } = all.get(it.host) ?? NOTHING;
    all.set(it.host, { machines: machines + 1, memory: memory + (it.memory ?? 0) * 1024 });
  }
  return all;
}
