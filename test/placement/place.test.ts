import {
  boundOf,
  check,
  conflictIn,
  explain,
  type HostNode,
  lostIn,
  type MachineNode,
  place,
  type PlacementModel,
  type Rule,
  useOf,
} from "../../placement";
import { decided, randomModel } from "./random-model";

const fleet = { path: "shop/fleet", hosts: ["alpha", "beta", "gamma"], strategy: "spread" as const };

function host(name: string, props: Partial<HostNode> = {}): HostNode {
  const labels = { rack: name === "gamma" ? "r2" : "r1" };
  return { name, path: `shop/${name}`, labels, maintenance: false, capacity: { memory: 16, vcpus: 8 }, ...props };
}

function machine(name: string, memory: number, props: Partial<MachineNode> = {}): MachineNode {
  return {
    path: `shop/${name}`,
    fleet: fleet.path,
    candidates: fleet.hosts,
    excluded: {},
    requires: {},
    prefers: {},
    demand: { memory, vcpus: 1 },
    mustSurvive: true,
    ...props,
  };
}

function rule(kind: Rule["kind"], names: readonly string[], props: Partial<Rule> = {}): Rule {
  return { path: `shop/${kind}`, kind, machines: names.map((name) => `shop/${name}`), required: true, ...props };
}

function model(props: Partial<PlacementModel>): PlacementModel {
  return { hosts: fleet.hosts.map((name) => host(name)), machines: [], rules: [], fleets: [fleet], ...props };
}

/** The host of each machine, without the names of the stack. */
function hostsIn(it: PlacementModel): Record<string, string> {
  const { assignment, unplaced } = place(it);
  expect({ unplaced, findings: check(it, assignment) }).toEqual({ unplaced: [], findings: [] });
  return Object.fromEntries([...assignment].map(([path, name]) => [path.replace("shop/", ""), name]));
}

describe("a placement", () => {
  test("distributes machines evenly, ties by name", () => {
    const machines = ["a", "b", "c", "d"].map((name) => machine(name, 4));
    expect(hostsIn(model({ machines }))).toEqual({ a: "alpha", b: "beta", c: "gamma", d: "alpha" });
  });

  test("uses as few hosts as possible in a fleet with that strategy", () => {
    const machines = ["a", "b", "c", "d"].map((name) => machine(name, 4));
    const names = new Set(Object.values(hostsIn(model({ machines, fleets: [{ ...fleet, strategy: "pack" }] }))));
    expect([...names]).toEqual(["alpha"]);
  });

  test("keeps machines together and apart, also by rack", () => {
    const machines = ["a", "b", "c", "d"].map((name) => machine(name, 4));
    const rules = [rule("together", ["a", "b"]), rule("apart", ["c", "d"], { domain: "rack" })];
    const placed = hostsIn(model({ machines, rules }));
    expect(placed.a).toBe(placed.b);
    expect([placed.c, placed.d].filter((name) => name === "gamma")).toHaveLength(1);
  });

  test("spreads machines over racks: none has more than its share", () => {
    const machines = ["a", "b", "c", "d"].map((name) => machine(name, 2));
    const rules = [rule("spread", ["a", "b", "c", "d"], { domain: "rack" })];
    expect(Object.values(hostsIn(model({ machines, rules }))).filter((name) => name === "gamma")).toHaveLength(2);
  });

  test("meets a preference if it can, and does without it otherwise", () => {
    const machines = [machine("a", 4), machine("b", 4)];
    const rules = [rule("together", ["a", "b"], { required: false })];
    expect(new Set(Object.values(hostsIn(model({ machines, rules }))))).toEqual(new Set(["alpha"]));
    const large = [machine("a", 12), machine("b", 12)];
    expect(new Set(Object.values(hostsIn(model({ machines: large, rules })))).size).toBe(2);
  });

  test("requires labels of the host", () => {
    expect(hostsIn(model({ machines: [machine("a", 4, { requires: { rack: "r2" } })] }))).toEqual({ a: "gamma" });
  });

  test("counts machines whose host the app states", () => {
    const stated = machine("stated", 14, { fleet: undefined, candidates: ["alpha"] });
    const machines = [machine("a", 4), stated];
    expect(hostsIn(model({ machines, fleets: [{ ...fleet, strategy: "pack" }] })).a).toBe("beta");
  });

  test("moves nothing that can stay, although another distribution would be more even", () => {
    const machines = ["a", "b", "c"].map((name) => machine(name, 4, { current: "alpha" }));
    const { moves, assignment } = place(model({ machines: [...machines, machine("d", 4)] }));
    expect({ moves, d: assignment.get("shop/d") }).toEqual({ moves: [], d: "beta" });
  });

  test("rebalances with at most as many moves as allowed", () => {
    const machines = ["a", "b", "c", "d"].map((name) => machine(name, 4, { current: "alpha" }));
    expect(place(model({ machines }), { maxMoves: 1 }).moves).toHaveLength(1);
    expect(place(model({ machines }), { maxMoves: 9 }).moves).toHaveLength(2);
  });

  test("moves all machines away from a host in maintenance, and no other", () => {
    const machines = [machine("a", 4, { current: "alpha" }), machine("b", 4, { current: "beta" })];
    const hosts = [host("alpha", { maintenance: true }), host("beta"), host("gamma")];
    expect(place(model({ hosts, machines })).moves).toEqual([{ path: "shop/a", from: "alpha", to: "gamma" }]);
  });

  test("moves as few machines as possible to make room", () => {
    const machines = [
      ...["a", "b", "c"].map((name, index) => machine(name, 9, { current: fleet.hosts[index] })),
      machine("d", 4, { current: "alpha" }),
      machine("f", 7, { candidates: ["alpha"] }),
    ];
    expect(place(model({ machines })).moves).toEqual([{ path: "shop/d", from: "alpha", to: "beta" }]);
  });

  test("finds the only solution where the order of sizes finds none", () => {
    const sizes = [9, 8, 7, 6, 6, 5, 4, 3];
    const machines = sizes.map((size, index) => machine(`m${index}`, size));
    expect(place(model({ machines })).unplaced).toEqual([]);
  });
});

describe("a conflict", () => {
  test.each<[string, Partial<PlacementModel>, readonly string[]]>([
    [
      "of a rule with the racks that there are",
      {
        machines: ["a", "b", "c"].map((name) => machine(name, 1)),
        rules: [rule("apart", ["a", "b", "c"], { domain: "rack" })],
      },
      ["shop/apart: 3 machines must be apart, by rack (the hosts have r1, r2)"],
    ],
    [
      "of two rules",
      {
        machines: ["a", "b", "c"].map((name) => machine(name, 1)),
        rules: [rule("apart", ["a", "b"]), rule("together", ["a", "b"]), rule("spread", ["a", "c"])],
      },
      ["shop/apart: 2 machines must be apart", "shop/together: 2 machines must be together"],
    ],
    [
      "of conditions of two machines with a rule, without those of a third",
      {
        machines: [
          machine("a", 1, { candidates: ["alpha"], excluded: { beta: "it is pinned", gamma: "it is pinned" } }),
          machine("b", 1, { candidates: ["alpha"] }),
          machine("c", 1, { requires: { rack: "r2" } }),
        ],
        rules: [rule("apart", ["a", "b"])],
      },
      [
        "shop/apart: 2 machines must be apart",
        "shop/a: it can only be on 'alpha'; it is pinned",
        "shop/b: it can only be on 'alpha'",
      ],
    ],
    ["of the memory", { machines: [machine("a", 17)] }, [": the hosts have only so much: memory"]],
  ])("%s is the smallest", (_, props, conditions) => {
    const it = model(props);
    expect(place(it).unplaced).not.toEqual([]);
    const conflict = conflictIn(it);
    expect(conflict?.conditions.map(({ at, message }) => `${at}: ${message}`)).toEqual(conditions);
    expect(conflict?.proved).toBe(true);
  });
});

describe("the failures that a fleet survives", () => {
  const machines = [machine("a", 10, { current: "alpha" }), machine("b", 10, { current: "beta" })];
  const survives = { failures: 1 };

  test("are told by what would have no room", () => {
    const hosts = [host("alpha"), host("beta"), host("gamma", { capacity: { memory: 1, vcpus: 8 } })];
    const it = model({ hosts, machines, fleets: [{ ...fleet, survives }] });
    expect(lostIn(it, place(it).assignment).map(({ message }) => message.replace(/;.*/, ""))).toEqual([
      "if 'alpha' is lost, no room is left for shop/a",
      "if 'beta' is lost, no room is left for shop/b",
    ]);
  });

  test("count only machines that must survive", () => {
    const some = [machines[0], { ...machines[1], mustSurvive: false }] as MachineNode[];
    const it = model({ machines: some, fleets: [{ ...fleet, survives: { failures: 1, domain: "rack" } }] });
    // Without the rack of alpha and beta, only a has to fit on gamma.
    expect(lostIn(it, place(it).assignment)).toEqual([]);
    const all = model({ machines, fleets: [{ ...fleet, survives: { failures: 1, domain: "rack" } }] });
    expect(lostIn(all, place(all).assignment)).toHaveLength(1);
  });
});

describe("an explanation", () => {
  test("says of each host why the machine is not there", () => {
    const hosts = [host("alpha"), host("beta", { maintenance: true }), host("gamma")];
    const it = model({
      hosts,
      machines: [machine("a", 10, { current: "alpha" }), machine("b", 10, { current: "gamma" })],
      rules: [rule("apart", ["a", "b"])],
    });
    const found = explain(it, place(it).assignment, "b");
    expect(
      "possibilities" in found && found.possibilities.map(({ host: name, obstacles }) => [name, obstacles]),
    ).toEqual([
      ["alpha", ["needs 0 GiB of memory, 0 GiB of memory is left", "shop/apart: shop/a is there"]],
      ["beta", ["'beta' is in maintenance"]],
      ["gamma", []],
    ]);
  });

  test("names the machines that a name fits", () => {
    const it = model({ machines: [machine("x/a", 1), machine("y/a", 1)] });
    expect(explain(it, new Map(), "a")).toEqual({ matches: ["shop/x/a", "shop/y/a"] });
  });
});

describe("random fleets", () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);

  test("have placements that the check accepts, and that stay as they are", () => {
    let placed = 0;
    for (const seed of seeds) {
      const it = randomModel(seed, { machines: 20 + (seed % 5) * 20, hosts: 8, rules: seed % 7 });
      const first = place(it);
      if (first.unplaced.length > 0) {
        expect(conflictIn(it)?.conditions).not.toEqual([]);
        continue;
      }
      placed++;
      expect(check(it, first.assignment)).toEqual([]);
      expect(place(it).assignment).toEqual(first.assignment);
      expect(place(decided(it, first.assignment)).moves).toEqual([]);
    }
    expect(placed).toBeGreaterThan(seeds.length / 2);
  });

  test("move only machines of the host that is in maintenance, where there is room", () => {
    for (const seed of seeds) {
      const it = randomModel(seed, { machines: 40, hosts: 8, rules: 0, use: 0.5 });
      const { assignment } = place(it);
      const after = decided(it, assignment);
      const [leaving] = it.hosts;
      const { moves, unplaced } = place({
        ...after,
        hosts: after.hosts.map((each) => (each === leaving ? { ...each, maintenance: true } : each)),
      });
      expect({ unplaced, others: moves.filter(({ from }) => from !== leaving?.name) }).toEqual({
        unplaced: [],
        others: [],
      });
    }
  });

  test("are near the bound: the hosts in use, and the use of the host that is used most", () => {
    for (const seed of seeds) {
      const props = { machines: 400, hosts: 20, rules: 0, use: 0.72 };
      const packed = randomModel(seed, { ...props, strategy: "pack" });
      const [pack] = packed.fleets;
      const spread = randomModel(seed, props);
      const [even] = spread.fleets;
      if (pack === undefined || even === undefined) throw new Error("a random fleet has a fleet");
      expect(useOf(packed, pack, place(packed).assignment).hosts).toBe(boundOf(packed, pack).hosts);
      expect(useOf(spread, even, place(spread).assignment).use).toBeLessThan(boundOf(spread, even).use * 1.02);
    }
  });
});
