import type { FleetNode, MachineNode, PlacementModel, Rule } from "../../placement";

const GIB = 1 << 20;

const ssd: Readonly<Record<string, string>> = { disk: "ssd" };

/** Numbers that follow from a seed alone: the generator of Numerical Recipes. */
export function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface RandomModelProps {
  readonly machines: number;
  readonly hosts: number;
  readonly rules: number;
  readonly strategy?: FleetNode["strategy"];
  /** The part of the memory of all hosts that all machines need together. */
  readonly use?: number;
}

/** A fleet whose hosts are in racks of four, with machines of several sizes, and rules about groups of them. */
export function randomModel(seed: number, props: RandomModelProps): PlacementModel {
  const next = generator(seed);
  const { strategy = "spread", use = 0.7 } = props;
  const fleet = "fleet/all";
  const names = Array.from({ length: props.hosts }, (_, index) => `host-${String(index).padStart(3, "0")}`);
  const machines = Array.from({ length: props.machines }, (_, index): MachineNode => {
    const gibibytes = [1, 2, 4, 8][next(4)] ?? 1;
    return {
      path: `fleet/vm-${String(index).padStart(5, "0")}`,
      fleet,
      candidates: names,
      excluded: {},
      requires: next(10) === 0 ? ssd : {},
      prefers: {},
      demand: { memory: gibibytes * GIB + (40 << 10), vcpus: gibibytes },
      mustSurvive: true,
    };
  });
  const total = machines.reduce((sum, { demand }) => sum + (demand.memory ?? 0), 0);
  const memory = Math.ceil(total / use / props.hosts);
  const rules: Rule[] = Array.from({ length: props.rules }, (_, index) => {
    const kind = (["apart", "spread", "together"] as const)[next(3)] ?? "apart";
    const members = new Set(Array.from({ length: 2 + next(3) }, () => machines[next(machines.length)]?.path ?? ""));
    return {
      path: `fleet/rule-${index}`,
      kind,
      machines: [...members],
      domain: next(2) === 0 ? undefined : "rack",
      required: next(4) > 0,
    };
  });
  return {
    hosts: names.map((name, index) => ({
      name,
      path: `fleet/${name}`,
      labels: { rack: `rack-${index >> 2}`, disk: index % 2 === 0 ? "ssd" : "hdd" },
      maintenance: false,
      capacity: { memory, vcpus: Math.ceil(memory / GIB) * 2 },
    })),
    machines,
    rules,
    fleets: [{ path: fleet, hosts: names, strategy }],
  };
}

/** The same fleet after a placement was decided. */
export function decided(model: PlacementModel, assignment: ReadonlyMap<string, string>): PlacementModel {
  return {
    ...model,
    machines: model.machines.map((machine) => ({ ...machine, current: assignment.get(machine.path) })),
  };
}
