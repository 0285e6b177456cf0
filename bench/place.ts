import { boundOf, check, type FleetNode, place, type PlacementModel, useOf } from "../placement";
import type { Figure, Finding, Setting } from "./figure";
import { inTurn, median } from "./statistics";

const GIB = 1 << 20;

/** Measures the placement of fleets, and how near it is to what no placement can be better than. It needs no host. */
export const placing: Figure = {
  name: "place",
  hosts: 0,

  async measure({ quick, report }: Setting): Promise<Finding[]> {
    const part = quick ? 0.5 : 1;
    const small = { machines: 1000 * part, hosts: 20 * part, rules: 50 * part };
    const large = { machines: 10_000 * part, hosts: 200 * part, rules: 500 * part };
    const models = { spread: fleetOf("spread", small), pack: fleetOf("pack", small), large: fleetOf("spread", large) };
    // The first run includes the just-in-time compilation.
    measured(models.spread);
    report(`place: ${small.machines} machines evenly and packed, ${large.machines} machines, and one more, in turn`);
    const placed = withDecisions(models.spread);
    const rounds = await inTurn(quick ? 1 : 5, {
      spread: () => Promise.resolve(measured(models.spread)),
      pack: () => Promise.resolve(measured(models.pack)),
      large: () => Promise.resolve(measured(models.large)),
      more: () => Promise.resolve(measured(placed)),
    });
    type Name = "spread" | "pack" | "large" | "more";
    const seconds = (name: Name) => median(rounds.map((round) => round[name].seconds));
    const [first] = rounds;
    if (first === undefined) throw new Error("no round was measured");
    const ofSmall = `${small.machines} machines on ${small.hosts} hosts, ${small.rules} rules`;
    return [
      { what: `${ofSmall}, evenly`, value: seconds("spread"), unit: "s", bar: { atMost: 2 } },
      { what: "use of the busiest host / bound", value: first.spread.use, unit: "x", bar: { atMost: 1.02 } },
      { what: `${ofSmall}, packed`, value: seconds("pack"), unit: "s", bar: { atMost: 2 } },
      { what: "hosts in use / bound", value: first.pack.hosts, unit: "x", bar: { atMost: 1.02 } },
      {
        what: `${large.machines} machines on ${large.hosts} hosts, ${large.rules} rules`,
        value: seconds("large"),
        unit: "s",
        bar: { atMost: 60 },
      },
      {
        what: "peak memory of the process",
        value: process.resourceUsage().maxRSS / 1024,
        unit: "MB",
        bar: { atMost: 2000 },
      },
      {
        what: `one more machine, ${small.machines} placed ones stay`,
        value: seconds("more"),
        unit: "s",
        bar: { atMost: 0.3 },
      },
    ];
  },
};

/** Places a fleet. Fails if a machine is not placed, or one that was decided moves. */
function measured(model: PlacementModel): { readonly seconds: number; readonly use: number; readonly hosts: number } {
  const began = performance.now();
  const { assignment, unplaced, moves } = place(model);
  const seconds = (performance.now() - began) / 1000;
  const findings = check(model, assignment);
  if (unplaced.length + moves.length + findings.length > 0) {
    throw new Error(
      `all must be placed, and none move, got ${JSON.stringify({ unplaced, moves, findings }).slice(0, 300)}`,
    );
  }
  const [fleet] = model.fleets;
  if (fleet === undefined) throw new Error("the model has no fleet");
  const [used, bound] = [useOf(model, fleet, assignment), boundOf(model, fleet)];
  return { seconds, use: used.use / bound.use, hosts: used.hosts / bound.hosts };
}

/** The fleet with its decisions, but for one machine. */
function withDecisions(model: PlacementModel): PlacementModel {
  const { assignment } = place(model);
  const [, ...machines] = model.machines.map((machine) => ({ ...machine, current: assignment.get(machine.path) }));
  return { ...model, machines: [...model.machines.slice(0, 1), ...machines] };
}

/** Machines of four sizes that need 77 % of the memory, on hosts in racks of four, with rules about three machines each. */
function fleetOf(
  strategy: FleetNode["strategy"],
  { machines, hosts, rules }: { readonly machines: number; readonly hosts: number; readonly rules: number },
): PlacementModel {
  const names = Array.from({ length: hosts }, (_, index) => `host-${String(index).padStart(3, "0")}`);
  const nodes = Array.from({ length: machines }, (_, index) => {
    // The multiplier mixes the sizes, and gives the same fleet in each run.
    const gibibytes = [1, 2, 4, 8][(Math.imul(index, 2_654_435_761) >>> 16) % 4] ?? 1;
    return {
      path: `fleet/vm-${String(index).padStart(5, "0")}`,
      fleet: "fleet/all",
      candidates: names,
      excluded: {},
      requires: {},
      prefers: {},
      demand: { memory: gibibytes * GIB + (40 << 10), vcpus: gibibytes },
      mustSurvive: true,
    };
  });
  const memory = Math.ceil(nodes.reduce((sum, { demand }) => sum + demand.memory, 0) / 0.77 / hosts);
  return {
    hosts: names.map((name, index) => ({
      name,
      path: `fleet/${name}`,
      labels: { rack: `rack-${index >> 2}` },
      maintenance: false,
      capacity: { memory, vcpus: Math.ceil(memory / GIB) * 2 },
    })),
    machines: nodes,
    rules: Array.from({ length: rules }, (_, index) => ({
      path: `fleet/rule-${index}`,
      kind: (["apart", "spread", "together"] as const)[index % 3] ?? "apart",
      machines: [0, 1, 2].map((each) => nodes[(index * 3 + each) % machines]?.path ?? ""),
      domain: index % 2 === 0 ? "rack" : undefined,
      required: index % 4 > 0,
    })),
    fleets: [{ path: "fleet/all", hosts: names, strategy }],
  };
}
