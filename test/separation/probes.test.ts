import { Testing } from "cdktf";
import {
  Cidr,
  Host,
  IsolatedNetwork,
  NetworkZone,
  Peers,
  SeparationPolicy,
  Size,
  VirtualMachine,
} from "../../constructs";
import { modelOf } from "../../constructs/separation/model-of";
import { analyze } from "../../separation/policy/analysis";
import type { Model } from "../../separation/policy/model";
import { evaluate } from "../../separation/verify/evaluate";
import { ExpectedTraffic } from "../../separation/verify/expected-traffic";
import { sameMatrix } from "../../separation/verify/packet-matrix";
import { planProbes, type ProbePlan } from "../../separation/verify/probe-plan";
import type { ProbeReport } from "../../separation/verify/probe-protocol";
import { machinesToProbe } from "../../separation/verify/sampling";
import { servicesToTry } from "../../separation/verify/services";
import { Separated } from "../../stacks/separated";
import { newStack } from "../constructs/synthesis";

const outside = "198.51.100.1";

function separated(): Model {
  const hosts = ["alpha", "beta"].map((name, index) => ({
    name,
    uri: `qemu+tcp://${name}/system`,
    addresses: [`192.0.2.${index + 1}`],
  }));
  return modelOf(new Separated(Testing.app(), "separated", { hosts, plantBridge: "br-plant" }));
}

/** The report of the provider if every filter works as intended. */
function perfect({ request, probes }: ProbePlan): ProbeReport {
  const allowed = new Set(probes.filter(({ expectation }) => expectation === "answered").map(({ id }) => id));
  return {
    machines: request.machines.map(({ name, hosts: [host = ""] }) => ({ name, host, error: "" })),
    flows: request.flows.map(({ id }) => ({
      id,
      tries: 1,
      answered: allowed.has(id) ? 1 : 0,
      arrived: allowed.has(id) ? 1 : 0,
      longestGap: 0,
      service: false,
      error: allowed.has(id) ? "" : "connection timed out",
    })),
    arrived: [],
    sent: request.frames.map(({ id }) => ({ id, frames: 3, error: "" })),
    seconds: 4,
  };
}

function evaluated(model: Model, plan: ProbePlan, report: Partial<ProbeReport> = {}) {
  return evaluate(model, analyze(model).cells, plan, { ...perfect(plan), ...report });
}

/** Finds the id of what a machine sends. */
function idOf({ probes }: ProbePlan, from: string, what: string, to?: string): number {
  const probe = probes.find(
    (each) =>
      each.from === `separated/${from}` && each.what === what && (to === undefined || each.to === `separated/${to}`),
  );
  if (probe === undefined) throw new Error(`${from} sends no ${what}`);
  return probe.id;
}

describe("ExpectedTraffic", () => {
  const model = separated();

  it("is answered for rules with a route, in each address family", () => {
    const lines = ([4, 6] as const).flatMap((family) => {
      const expected = new ExpectedTraffic(model, family);
      return expected.endpoints.flatMap((from) =>
        expected.endpoints.flatMap((to) =>
          servicesToTry(model).flatMap((spoken) => {
            const verdict = expected.outcomeOf(from, to, spoken);
            return verdict.kind === "answered" && from.machine !== to.machine
              ? [`${from.machine.name} ${to.machine.name} ${spoken.port} ${from.address} ${to.address}`]
              : [];
          }),
        ),
      );
    });
    expect(lines.sort()).toEqual([
      "engineer db 5432 10.20.0.11 10.20.0.20",
      "engineer db 5432 fd00:20::11 fd00:20::20",
      "engineer historian 443 10.20.0.11 10.10.0.20",
      "historian plc-1 502 10.10.0.20 10.10.0.11",
      "historian plc-2 502 10.10.0.20 10.10.0.12",
      "mirror web 443 10.50.0.11 10.30.0.11",
      "mirror web 80 10.50.0.11 10.30.0.11",
      "outer-gate web 443 10.50.0.2 10.30.0.11",
      "outer-gate web 80 10.50.0.2 10.30.0.11",
      "web db 5432 10.30.0.11 10.20.0.20",
      "web db 5432 fd00:30::11 fd00:20::20",
    ]);
  });

  it("is open for a rule without a route between two machines", () => {
    const stack = newStack();
    const zone = new NetworkZone(stack, "inner", { trust: 50 });
    const policy = new SeparationPolicy(stack, "policy");
    ["alpha", "beta"].forEach((name, index) => {
      const host = new Host(stack, name, { uri: `qemu+tcp://${name}/system`, addresses: [`192.0.2.${index + 1}`] });
      const cidr = Cidr.parse(`10.${index + 1}.0.0/24`);
      const network = new IsolatedNetwork(host, "lan", { host, zone, cidr });
      for (const number of [1, 2]) {
        const networks = [{ network, address: cidr.nth(10 + number) }];
        new VirtualMachine(stack, `${name}-${number}`, { host, memory: Size.mebibytes(64), networks });
      }
    });
    policy.allow(zone, zone, { protocol: "tcp", ports: [22] });
    const two = modelOf(stack);
    const expected = new ExpectedTraffic(two, 4);
    const kinds = expected.endpoints
      .slice(1)
      .map(
        (to) =>
          expected.endpoints[0] && expected.outcomeOf(expected.endpoints[0], to, { protocol: "tcp", port: 22 }).kind,
      );
    expect(kinds).toEqual(["answered", "open", "open"]);
    const flows = planProbes(two).probes.filter(({ flow }) => flow === "tcp 22");
    expect(flows.map(({ from, to, expectation }) => `${from} ${to ?? ""} ${expectation}`)).toEqual([
      "lab/alpha-1 lab/alpha-2 answered",
      "lab/alpha-2 lab/alpha-1 answered",
      "lab/beta-1 lab/beta-2 answered",
      "lab/beta-2 lab/beta-1 answered",
    ]);
  });
});

describe("planProbes", () => {
  const model = separated();
  const plan = planProbes(model, { outside });
  const { request, probes } = plan;

  it("sends each allowed flow once, by the guests themselves", () => {
    const allowed = new Map(
      probes.filter(({ expectation }) => expectation === "answered").map(({ id, rule }) => [id, rule]),
    );
    const lines = request.flows.flatMap(({ id, from, to, target, source, port }) =>
      allowed.has(id) ? [`${from} ${source} > ${to} ${target} ${port}: ${allowed.get(id) ?? ""}`] : [],
    );
    expect(lines).toEqual([
      "separated/historian 10.10.0.20 > separated/plc-1 10.10.0.11 502: historian-to-controller-tcp-502",
      "separated/historian 10.10.0.20 > separated/plc-2 10.10.0.12 502: historian-to-controller-tcp-502",
      "separated/engineer 10.20.0.11 > separated/historian 10.10.0.20 443: workstation-to-historian-tcp-443",
      "separated/engineer 10.20.0.11 > separated/db 10.20.0.20 5432: workstation-to-database-tcp-5432",
      "separated/web 10.30.0.11 > separated/db 10.20.0.20 5432: web-to-database-tcp-5432",
      "separated/mirror 10.50.0.11 > separated/web 10.30.0.11 443: external-to-web-tcp-80-443",
      "separated/mirror 10.50.0.11 > separated/web 10.30.0.11 80: external-to-web-tcp-80-443",
      "separated/outer-gate 10.50.0.2 > separated/web 10.30.0.11 443: external-to-web-tcp-80-443",
      "separated/outer-gate 10.50.0.2 > separated/web 10.30.0.11 80: external-to-web-tcp-80-443",
      `separated/mirror 10.40.0.11 >  ${outside} 443: mirror-to-outside-tcp-443`,
      "separated/engineer fd00:20::11 > separated/db fd00:20::20 5432: workstation-to-database-tcp-5432",
      "separated/web fd00:30::11 > separated/db fd00:20::20 5432: web-to-database-tcp-5432",
    ]);
    expect(plan.untried).toEqual([]);
    expect(request.machines.find(({ domain }) => domain === "web")).toMatchObject({
      hosts: ["alpha"],
      tcp: [80, 443],
      udp: [],
    });
  });

  it("sends all other services to all other machines, through each next hop", () => {
    const ids = new Set(
      probes.filter(({ flow, expectation }) => flow !== undefined && expectation === "denied").map(({ id }) => id),
    );
    const lines = request.frames.flatMap(({ id, from, to, source, kind, port, targetMAC, via }) =>
      ids.has(id) && from === "separated/engineer" && to === "separated/db" && source === "10.20.0.11"
        ? [[kind, port, targetMAC, ...via].join(" ")]
        : [],
    );
    const hops = "52:54:00:14:00:14 10.20.0.1 10.20.0.2 10.20.0.3";
    expect(lines).toEqual([
      `tcp-syn 502 ${hops}`,
      `tcp-syn 443 ${hops}`,
      `tcp-syn 80 ${hops}`,
      `tcp-syn 7 ${hops}`,
      `udp 7 ${hops}`,
      `icmp 0 ${hops}`,
    ]);
    const far = request.frames.find(
      ({ from, to, kind }) => from === "separated/web" && to === "separated/plc-1" && kind === "udp",
    );
    expect(far).toMatchObject({ targetMAC: "", via: ["10.30.0.1", "10.30.0.3", "10.30.0.2"] });
  });

  it("sends every hostile kind of frame from every interface", () => {
    const kinds = (from: string) =>
      [...new Set(request.frames.filter((frame) => frame.from === `separated/${from}`).map(({ kind }) => kind))].sort();
    expect(kinds("engineer")).toEqual([
      "arp-spoof",
      "broadcast",
      "dhcp-offer",
      "dhcp6-advertise",
      "fragments",
      "gre",
      "icmp",
      "ip-spoof",
      "late-fragment",
      "lldp",
      "mac-spoof",
      "multicast",
      "neighbour-advertisement",
      "redirect",
      "router-advertisement",
      "stp",
      "tcp-ack",
      "tcp-syn",
      "udp",
      "vlan",
    ]);
    const spoofed = request.frames.filter(({ from, kind }) => from === "separated/plc-1" && kind === "ip-spoof");
    expect(spoofed.map(({ source, target, port }) => `${source} > ${target} ${port}`)).toEqual([
      "10.10.0.20 > 10.10.0.12 502",
      "10.20.0.11 > 10.20.0.20 5432",
    ]);
    // A gateway may use the addresses of machines whose traffic it forwards.
    const forwarded = request.frames.filter(
      ({ from, source, kind }) => from === "separated/outer-gate" && source === "10.50.0.11" && kind !== "arp-spoof",
    );
    expect(forwarded).toEqual([]);
  });

  it("connects to every address of the host that a machine must not reach", () => {
    const targets = request.flows.filter(
      ({ from, to, target }) => from === "separated/web" && to === "" && target !== outside,
    );
    expect([...new Set(targets.map(({ target, port }) => `${target} ${port}`))]).toEqual([
      "10.20.0.1 22",
      "10.20.0.1 53",
      "10.20.0.1 16509",
      "10.30.0.1 22",
      "10.30.0.1 16509",
      "10.50.0.1 22",
      "10.50.0.1 53",
      "10.50.0.1 16509",
      "10.40.0.1 22",
      "10.40.0.1 53",
      "10.40.0.1 16509",
      "192.0.2.1 22",
      "192.0.2.1 53",
      "192.0.2.1 16509",
      "fd00:20::1 22",
      "fd00:20::1 53",
      "fd00:20::1 16509",
      "fd00:30::1 22",
      "fd00:30::1 16509",
    ]);
  });

  it("sends continuously on request, with held connections, and to machines that migrate", () => {
    const long = planProbes(model, { seconds: 60 });
    const held = long.request.flows.filter(({ hold }) => hold);
    expect(held.map(({ from, to, port }) => `${from} ${to} ${port}`)).toContain("separated/web separated/db 5432");
    expect(long.request.for).toBe(60);
    expect(long.request.machines.find(({ domain }) => domain === "plc-1")?.hosts).toEqual(["alpha", "beta"]);
    expect(long.request.flows.filter(({ to }) => to === "")).toEqual([]);
  });

  it("is limited to the given machines", () => {
    const some = planProbes(model, { only: ["plc-1"] });
    const others = [...some.request.frames, ...some.request.flows].filter(
      ({ from, to }) => from !== "separated/plc-1" && to !== "separated/plc-1",
    );
    expect(others).toEqual([]);
    expect(some.untried).toContain(
      "rule 'web-to-database-tcp-5432' was not tried: it matches none of the given machines",
    );
  });

  it("probes two machines of each role in a large fleet", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu+tcp://alpha/system", addresses: ["192.0.2.1"] });
    const zone = new NetworkZone(stack, "inner", { trust: 50 });
    const cidr = Cidr.parse("10.1.0.0/24");
    const network = new IsolatedNetwork(host, "lan", { host, zone, cidr });
    for (let number = 0; number < 30; number++) {
      const name = `${number % 2 === 0 ? "web" : "db"}-${number}`;
      const networks = [{ network, address: cidr.nth(10 + number) }];
      new VirtualMachine(stack, name, { host, memory: Size.mebibytes(64), tags: [name.slice(0, 2)], networks });
    }
    new SeparationPolicy(stack, "policy").allow(Peers.tagged("we"), Peers.tagged("db"), {
      protocol: "udp",
      ports: [53],
    });
    const large = modelOf(stack);
    expect(machinesToProbe(large, false).map(({ name }) => name)).toEqual(["web-0", "db-1", "web-2", "db-3"]);
    expect(machinesToProbe(large, true)).toHaveLength(30);
    const sampled = planProbes(large);
    expect(sampled.pairs).toBe(4);
    expect(
      sampled.request.flows.filter(({ to }) => to !== "").map(({ protocol, port }) => `${protocol} ${port}`),
    ).toEqual(["udp 53"]);
  });
});

describe("a fleet of 1,000 machines on 100 networks", () => {
  it("has every rule tried, with two machines of each role", () => {
    const stack = newStack();
    const zones = Array.from({ length: 10 }, (_, index) => new NetworkZone(stack, `zone-${index}`, { trust: 50 }));
    const networks = Array.from({ length: 100 }, (_, index) => {
      const uri = `qemu+tcp://192.0.2.${index + 1}/system`;
      const host = new Host(stack, `host-${index}`, { uri });
      const cidr = Cidr.parse(`10.${index}.0.0/24`);
      return {
        host,
        cidr,
        network: new IsolatedNetwork(stack, `net-${index}`, { host, zone: zones[index % 10], cidr }),
      };
    });
    const roles = ["web", "app", "db", "log", "ops"];
    for (const { host, cidr, network } of networks) {
      for (let index = 0; index < 10; index++) {
        const tags = [roles[index % roles.length] ?? ""];
        const attachment = { network, address: cidr.nth(10 + index) };
        new VirtualMachine(stack, `${network.networkName}-${index}`, {
          host,
          memory: Size.mebibytes(64),
          tags,
          networks: [attachment],
        });
      }
    }
    const policy = new SeparationPolicy(stack, "policy");
    for (const [index, role] of roles.entries()) {
      const next = roles[(index + 1) % roles.length] ?? "";
      policy.allow(Peers.tagged(role), Peers.tagged(next), { protocol: "tcp", ports: [1000 + index] });
    }
    const plan = planProbes(modelOf(stack));
    expect(plan.untried).toEqual([]);
    expect(plan.request.machines).toHaveLength(10 * roles.length * 2);
    expect(plan.pairs).toBe((10 * roles.length) ** 2);
  }, 60_000);
});

describe("evaluate", () => {
  const model = separated();
  const plan = planProbes(model, { outside });

  it("finds equal matrices if the packets follow the policy", () => {
    const { cells, mismatches, unclear } = evaluated(model, plan);
    expect({ mismatches, unclear }).toEqual({ mismatches: [], unclear: [] });
    expect(sameMatrix(analyze(model).cells, cells)).toBe(true);
  });

  it("reports what arrives without a rule", () => {
    const arrived = [
      {
        id: idOf(plan, "web", "udp 7", "plc-1"),
        at: "separated/plc-1",
        interface: "52:54:00:0A:00:0B",
        count: 3,
        overheard: 0,
      },
      {
        id: idOf(plan, "web", "tcp 502", "plc-1"),
        at: "separated/plc-1",
        interface: "52:54:00:0A:00:0B",
        count: 3,
        overheard: 0,
      },
      {
        id: idOf(plan, "web", "udp 7", "plc-1"),
        at: "separated/front-gate",
        interface: "52:54:00:1e:00:03",
        count: 3,
        overheard: 0,
      },
      {
        id: idOf(plan, "web", "spanning tree (STP)"),
        at: "separated/front-gate",
        interface: "52:54:00:1e:00:03",
        count: 3,
        overheard: 0,
      },
      {
        id: idOf(plan, "web", "tcp 5432", "db"),
        at: "separated/front-gate",
        interface: "52:54:00:1e:00:03",
        count: 1,
        overheard: 0,
      },
      {
        id: idOf(plan, "web", "tcp 5432", "db"),
        at: "separated/mirror",
        interface: "52:54:00:32:00:0b",
        count: 1,
        overheard: 0,
      },
    ];
    const { cells, mismatches } = evaluated(model, plan, { arrived });
    expect(mismatches.map(({ text }) => text)).toEqual([
      "plc-1 received udp 7, tcp 502 from web, which no rule allows",
      "front-gate received udp 7 for plc-1, spanning tree (STP) from web, which no rule allows",
      "mirror overheard tcp 5432 for db from web, which no rule allows",
    ]);
    const leak = cells.find(({ from, to }) => from === "dmz" && to === "critical");
    expect(leak?.flows).toEqual([{ flow: "tcp 502 by no rule" }, { flow: "udp 7 by no rule" }]);
    expect(sameMatrix(analyze(model).cells, cells)).toBe(false);
  });

  it("reports allowed flows without an answer, lost connections and long pauses", () => {
    const long = planProbes(model, { seconds: 60 });
    const change = (plan: ProbePlan, id: number, change: object) =>
      perfect(plan).flows.map((flow) => (flow.id === id ? { ...flow, ...change } : flow));
    const failed = { answered: 0, arrived: 0, error: "connection timed out" };
    const unanswered = evaluated(model, plan, {
      flows: change(plan, idOf(plan, "engineer", "tcp 443", "historian"), failed),
    });
    expect(unanswered.mismatches.map(({ text }) => text)).toEqual([
      "engineer did not reach historian with tcp 443, which rule 'workstation-to-historian-tcp-443' allows (connection timed out)",
    ]);
    expect(unanswered.cells.find(({ from, to }) => from === "internal" && to === "critical")?.flows).toEqual([]);
    const half = evaluated(model, plan, {
      flows: change(plan, idOf(plan, "mirror", "tcp 80", "web"), { ...failed, arrived: 2 }),
    });
    expect(half.mismatches.map(({ text }) => text)).toEqual([
      "mirror did not reach web with tcp 80, which rule 'external-to-web-tcp-80-443' allows; the packets arrived, but no answer came back " +
        "(connection timed out)",
    ]);
    expect(half.cells.find(({ from, to }) => from === "external" && to === "dmz")?.flows).toEqual([
      { flow: "tcp 80,443 in part" },
    ]);
    const lost = { answered: 90, error: "connection reset by peer" };
    expect(
      evaluated(model, long, {
        flows: change(long, idOf(long, "historian", "a held connection with tcp 502", "plc-1"), lost),
      }).mismatches.map(({ text }) => text),
    ).toEqual([
      "historian lost plc-1 with a held connection with tcp 502, which rule 'historian-to-controller-tcp-502' allows " +
        "(connection reset by peer)",
    ]);
    const paused = { answered: 90, longestGap: 12_340 };
    expect(
      evaluated(model, long, { flows: change(long, idOf(long, "web", "tcp 5432", "db"), paused) }).mismatches.map(
        ({ text }) => text,
      ),
    ).toEqual(["web did not reach db with tcp 5432 for 12.3 s, which rule 'web-to-database-tcp-5432' allows"]);
    const flows = change(long, idOf(long, "web", "tcp 5432", "db"), paused);
    expect(evaluated(model, { ...long, maxPause: 15 }, { flows }).mismatches).toEqual([]);
  });

  it("reports a machine that reaches its host", () => {
    const id = idOf(plan, "web", "10.20.0.1, an address of its host, with tcp 22");
    const flows = perfect(plan).flows.map((flow) => (flow.id === id ? { ...flow, answered: 1 } : flow));
    expect(evaluated(model, plan, { flows }).mismatches.map(({ text }) => text)).toEqual([
      "web reached 10.20.0.1, an address of its host, with tcp 22, which no rule allows",
    ]);
  });

  it("reports missing results as unclear, and never as dropped", () => {
    const report = perfect(plan);
    const machines = report.machines.map((machine) =>
      machine.name === "separated/web" ? { ...machine, error: "it is shut off; start it" } : machine,
    );
    const id = idOf(plan, "db", "spanning tree (STP)");
    const sent = report.sent.map((each) =>
      each.id === id ? { ...each, frames: 0, error: "no such interface" } : each,
    );
    const route = idOf(plan, "engineer", "10.40.0.1, an address of its host, with tcp 22");
    const flows = report.flows.map((flow) => (flow.id === route ? { ...flow, error: "network is unreachable" } : flow));
    const { unclear, cells, routeless } = evaluated(model, plan, { machines, sent, flows });
    expect(unclear).toEqual([
      "web could not be probed: it is shut off; start it",
      "db could not send spanning tree (STP): no such interface",
    ]);
    expect(routeless).toBe(1);
    expect(cells.find(({ from, to }) => from === "dmz" && to === "internal")?.flows).toEqual([
      { flow: "tcp 5432, not tried" },
    ]);
  });

  it("tolerates single frames that look like answers while filters change", () => {
    const long = planProbes(model, { seconds: 60 });
    const sent = perfect(long).sent.map((each) => ({ ...each, frames: 100 }));
    const id = (of: ProbePlan) => idOf(of, "plc-1", "an unsolicited answer from tcp 502", "historian");
    const arrived = (of: ProbePlan, count: number) => [
      { id: id(of), at: "separated/historian", interface: "52:54:00:0a:00:14", count, overheard: 0 },
    ];
    expect(evaluated(model, long, { sent, arrived: arrived(long, 2) })).toMatchObject({ momentary: 2, mismatches: [] });
    const text = "historian received an unsolicited answer from tcp 502 from plc-1, which no rule allows";
    expect(evaluated(model, long, { sent, arrived: arrived(long, 50) })).toMatchObject({
      momentary: 0,
      mismatches: [{ text, count: 50 }],
    });
    expect(evaluated(model, plan, { arrived: arrived(plan, 1) }).mismatches).toMatchObject([{ text }]);
  });

  it("tolerates broadcasts that reach a machine during its migration", () => {
    const long = planProbes(model, { seconds: 60 });
    const sent = perfect(long).sent.map((each) => ({ ...each, frames: 100 }));
    const id = idOf(long, "plc-2", "a broadcast with udp 9");
    const arrived = [{ id, at: "separated/plc-1", interface: "52:54:00:0a:00:0b", count: 2, overheard: 0 }];
    const machines = perfect(long).machines.map((machine) =>
      machine.name === "separated/plc-1" ? { ...machine, host: "beta" } : machine,
    );
    expect(evaluated(model, long, { sent, arrived, machines })).toMatchObject({ momentary: 2, mismatches: [] });
    expect(evaluated(model, long, { sent, arrived }).mismatches).toMatchObject([
      { text: "plc-1 received a broadcast with udp 9 from plc-2, which no rule allows" },
    ]);
  });

  it("tolerates false neighbour advertisements", () => {
    const id = idOf(plan, "engineer", "a false neighbour advertisement");
    const arrived = [{ id, at: "separated/db", interface: "52:54:00:14:00:14", count: 3, overheard: 0 }];
    expect(evaluated(model, plan, { arrived })).toMatchObject({ known: 1, mismatches: [] });
  });
});
