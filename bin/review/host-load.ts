import type { HostFacts } from "../../placement";
import type { PlanJson, Values } from "./plan-json";

/** What runs on a host, before and after an apply. */
export interface HostLoad {
  readonly host: string;
  readonly before: Load;
  readonly after: Load;
  /** What the host has. Undefined if `kvm-fleet hosts --write` has not kept it. */
  readonly capacity?: Capacity;
}

/** The machines that run. */
export interface Load {
  readonly machines: number;
  /** The sum of their memory, in bytes. */
  readonly memory: number;
  /** The sum of their virtual CPUs. */
  readonly vcpus: number;
}

export interface Capacity {
  /** In bytes. */
  readonly memory: number;
  readonly cpus: number;
}

const NOTHING: Load = { machines: 0, memory: 0, vcpus: 0 };
const RUNS: readonly unknown[] = ["running", "paused"];

/**
 * Returns what runs on the hosts, by name.
 *
 * @param plans the plans of all stacks
 * @param facts what the hosts have
 */
export function hostLoads(
  plans: readonly PlanJson[],
  facts: ReadonlyMap<string, HostFacts> = new Map(),
): readonly HostLoad[] {
  const domains = plans
    .flatMap(({ resource_changes = [] }) => resource_changes)
    .filter(({ mode, type }) => mode === "managed" && type === "libvirt_domain");
  const before = loads(domains.map(({ change }) => change.before));
  const after = loads(domains.map(({ change }) => change.after));
  return [...new Set([...before.keys(), ...after.keys(), ...facts.keys()])].sort().map((host) => ({
    host,
    before: before.get(host) ?? NOTHING,
    after: after.get(host) ?? NOTHING,
    ...capacityOf(facts.get(host)),
  }));
}

/** Reports whether something else runs on a host after the apply. */
export function isOtherLoad({ before, after }: HostLoad): boolean {
  return before.machines !== after.machines || before.memory !== after.memory || before.vcpus !== after.vcpus;
}

function capacityOf(facts: HostFacts | undefined): Pick<HostLoad, "capacity"> {
  return facts === undefined ? {} : { capacity: { memory: facts.memory * 1024, cpus: facts.cpus } };
}

function loads(domains: readonly (Values | null)[]): ReadonlyMap<string, Load> {
  const all = new Map<string, Load>();
  for (const it of domains) {
    if (it?.host === undefined || !RUNS.includes(it.state)) continue;
    const { machines, memory, vcpus } = all.get(it.host) ?? NOTHING;
    all.set(it.host, {
      machines: machines + 1,
      memory: memory + memoryOf(it) * 1024,
      vcpus: vcpus + (it.vcpu ?? 0),
    });
  }
  return all;
}

/** The memory of a machine with its memory modules, in KiB. */
function memoryOf({ memory = 0, memory_devices }: Values): number {
  const devices = Object.values(memory_devices ?? {});
  return devices.reduce((sum, { size, requested }) => sum + (requested ?? size ?? 0), memory);
}
