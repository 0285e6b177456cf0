import {
  servicesToTry,
  type Endpoint,
  ExpectedTraffic,
  machinesToProbe,
  roleOf,
  shareSegment,
  type Service,
  serviceText,
} from "./expected";
import { hostileProbes } from "./hostile-probes";
import { rulesForwardedBy } from "../policy/model-index";
import type { MachineNode, Model } from "../policy/model";
import { nextHops, type Probe, type ProbedMachine, type ProbeRequest, ProbeRecorder, type Talk } from "./probe";

export interface ProbePlan {
  readonly request: ProbeRequest;
  readonly probes: readonly Probe[];
  /** Ordered pairs of interfaces that were looked at. */
  readonly pairs: number;
  /** What is allowed and was not tried, and why: a line each. */
  readonly untried: readonly string[];
}

export interface ProbeOptions {
  /** Whether all machines are probed, also of a large fleet. */
  readonly all?: boolean;
  /** Names or paths of machines: only what they send and receive. */
  readonly only?: readonly string[];
  readonly seconds?: number;
  /** An address beyond the hosts that answers by the ports which are allowed there. */
  readonly outside?: string;
}

/** Everything that is to be sent to hold a fleet against its policy, and what is to become of it. */
export function planProbes(model: Model, options: ProbeOptions = {}): ProbePlan {
  const { all = false, only = [], seconds = 0, outside } = options;
  const machines = machinesToProbe(model, all || only.length > 0);
  const isFew = all || only.length > 0 || machines.length === model.machines.length;
  const paths = new Set(machines.map(({ path }) => path));
  const isNamed = ({ path, name }: MachineNode) => only.length === 0 || only.includes(name) || only.includes(path);
  const probes = new ProbeRecorder();
  const untried = new Set<string>();
  let pairs = 0;
  for (const family of [4, 6] as const) {
    const expected = new ExpectedTraffic(model, family);
    const ends = expected.endpoints.filter(({ machine }) => paths.has(machine.path));
    for (const [from, to] of pairsOf(expected, ends, isFew)) {
      if (!isNamed(from.machine) && !isNamed(to.machine)) continue;
      addPairProbes(probes, model, expected, [from, to], { isFew, isContinuous: seconds > 0, pair: pairs++ });
    }
    for (const from of ends.filter(({ machine }) => isNamed(machine))) {
      if (seconds === 0) addHostProbes(probes, expected, from);
      if (outside !== undefined && outside.includes(":") === (family === 6)) {
        addExternalProbes(probes, model, expected, from, outside, seconds > 0);
      }
    }
    hostileProbes(
      probes,
      model,
      expected,
      ends.filter(({ machine }) => isNamed(machine)),
    );
  }
  const tried = new Set(probes.probes.map(({ rule }) => rule));
  for (const rule of model.rules.filter(({ name }) => !tried.has(name))) {
    untried.add(`rule '${rule.name}' was not tried: ${untriedReason(rule, only.length > 0)}`);
  }
  const talking = new Set([...probes.talks, ...probes.raw].flatMap(({ from, to }) => [from, to]));
  const request: ProbeRequest = {
    machines: machines
      .filter(({ path }) => talking.has(path))
      .map((machine) => probedMachine(machine, model, probes.talks, seconds > 0)),
    talks: probes.talks,
    raw: probes.raw,
    for: seconds,
  };
  return { request, probes: probes.probes, pairs, untried: [...untried] };
}

function untriedReason({ protocol, from, to }: Model["rules"][number], isPart: boolean): string {
  if (to.kind === "outside") {
    return "name an address there that answers with '--outside'";
  }
  return from.kind === "outside"
    ? "nobody can be sent to it from outside"
    : protocol === "sctp"
      ? "nothing here speaks SCTP"
      : isPart
        ? "it is about none of the machines that were named"
        : "no two machines with addresses of one family have a way for it";
}

/** Ordered pairs of interfaces of different machines: all, or one for each ordered pair of roles. */
function* pairsOf(
  expected: ExpectedTraffic,
  ends: readonly Endpoint[],
  all: boolean,
): Generator<readonly [Endpoint, Endpoint]> {
  if (all) {
    for (const from of ends) {
      for (const to of ends) {
        if (from.machine !== to.machine) yield [from, to];
      }
    }
    return;
  }
  const roles = new Map<string, Endpoint[]>();
  for (const end of ends) {
    const role = roleOf(end.group);
    roles.set(role, [...(roles.get(role) ?? []), end]);
  }
  for (const senders of roles.values()) {
    for (const receivers of roles.values()) {
      const pairs = senders.flatMap((from) =>
        receivers.filter((to) => to.machine !== from.machine).map((to) => [from, to] as const),
      );
      const hasRoute = pairs.find(([from, to]) =>
        expected.rulesBetween(from.group, to.group).some((rule) => rule.hasRoute),
      );
      const chosen = hasRoute ?? pairs.find(([from, to]) => shareSegment(from.group, to.group)) ?? pairs[0];
      if (chosen !== undefined) yield chosen;
    }
  }
}

/** What is neither a port that anybody would use, nor one that the kernel gives to who begins. */
const unusedPort = 20_000;

const openingKinds = { tcp: "tcp-syn", udp: "udp", icmp: "icmp" } as const;

function addPairProbes(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  [from, to]: readonly [Endpoint, Endpoint],
  extent: PairOptions,
): void {
  const there = { to: to.machine.path, toZone: to.group.zone?.name ?? "" };
  const hops = nextHops(expected, from, to);
  const all = extent.isFew ? servicesToTry(model) : servicesAbout(model, expected, from, to);
  const verdicts = all.map((spoken) => ({ spoken, verdict: expected.outcomeOf(from, to, spoken) }));
  for (const { spoken, verdict } of verdicts) {
    if (verdict.kind !== "answered") continue;
    const what = serviceTextOf(spoken, expected.family);
    const probe = { ...there, what, flow: serviceText(spoken), expectation: verdict.kind, rule: verdict.rule.name };
    probes.talk(probe, from, { ...spoken, target: to.address, hold: false });
    if (extent.isContinuous && spoken.protocol === "tcp") {
      probes.talk({ ...probe, what: `a connection held by ${what}` }, from, {
        ...spoken,
        target: to.address,
        hold: true,
      });
    }
    addUnsolicitedAnswer(probes, expected, { begun: from, at: to, spoken });
  }
  const denied = verdicts.filter(({ verdict }) => verdict.kind === "denied").map(({ spoken }) => spoken);
  // What goes on and on has to leave the machines time to answer: of those that are apart, each pair tries another one.
  const isNear = shareSegment(from.group, to.group);
  const tried = extent.isContinuous && !isNear ? denied.slice(extent.pair % denied.length).slice(0, 1) : denied;
  for (const spoken of tried) {
    const frame = { kind: openingKinds[spoken.protocol], target: to.address, port: spoken.port, ...hops };
    const what = serviceTextOf(spoken, expected.family);
    probes.frame({ ...there, what, flow: serviceText(spoken), expectation: "denied" }, from, frame);
  }
  const tcp = denied.find((spoken) => spoken.protocol === "tcp");
  if (tcp !== undefined && (isNear || !extent.isContinuous)) {
    const what = `an answer by ${serviceTextOf(tcp, expected.family)} that nobody asked for`;
    const frame = { kind: "tcp-ack", target: to.address, port: tcp.port, ...hops } as const;
    probes.frame({ to: there.to, what, expectation: "denied" }, from, frame);
  }
}

/** How much is sent. */
interface PairOptions {
  /** Whether every pair tries everything that any rule names. */
  readonly isFew: boolean;
  /** Whether it is sent for some time. */
  readonly isContinuous: boolean;
  /** How many pairs were before. */
  readonly pair: number;
}

/** Answers that nobody asked for, which look like those of an allowed flow. */
function addUnsolicitedAnswer(
  probes: ProbeRecorder,
  expected: ExpectedTraffic,
  { begun, at, spoken }: { readonly begun: Endpoint; readonly at: Endpoint; readonly spoken: Service },
): void {
  const { protocol, port } = spoken;
  if (protocol === "icmp" || expected.outcomeOf(at, begun, { protocol, port: unusedPort }).kind !== "denied") {
    return;
  }
  const kind = protocol === "tcp" ? "tcp-ack" : "udp";
  const ports = { port: unusedPort, sourcePort: port };
  const what = `an answer from ${serviceTextOf(spoken, expected.family)} that nobody asked for`;
  const frame = { kind, target: begun.address, ...ports, ...nextHops(expected, at, begun) } as const;
  probes.frame({ to: begun.machine.path, what, expectation: "denied", isLikeAnswer: true }, at, frame);
}

/** Of a large fleet: what the rules about either of the two name, and what none does. */
function servicesAbout(model: Model, expected: ExpectedTraffic, from: Endpoint, to: Endpoint): readonly Service[] {
  const isAbout =
    ({ group }: Endpoint) =>
    (rule: Model["rules"][number]) =>
      expected.index.groupsOf(rule.from).includes(group) || expected.index.groupsOf(rule.to).includes(group);
  return servicesToTry(
    model,
    model.rules.filter((rule) => isAbout(from)(rule) || isAbout(to)(rule)),
  );
}

/** What hosts listen on and guests have no business with: ssh, DNS of another network, and libvirt itself. */
const hostPorts = [22, 53, 16_509];

/** The host's addresses on this network and on others, and its own. */
function addHostProbes(probes: ProbeRecorder, expected: ExpectedTraffic, from: Endpoint): void {
  const { network } = from.group;
  if (!network.filtered) return;
  const own = expected.family === 4 ? network.gateway : network.gateway6;
  const networks = expected.index.model.networks.filter(({ host }) => host === network.host);
  const onNetworks = networks.flatMap(({ gateway, gateway6 }) => (expected.family === 4 ? gateway : gateway6) ?? []);
  const others = (expected.index.hosts.get(network.host)?.addresses ?? []).filter(
    (address) => address.includes(":") === (expected.family === 6),
  );
  for (const target of new Set([...onNetworks, ...others])) {
    for (const port of hostPorts) {
      if (target === own && port === 53 && network.dns) continue;
      const what = `${target}, an address of its host, by tcp ${port}`;
      probes.talk({ what, expectation: "denied" }, from, { target, protocol: "tcp", port, hold: false });
    }
  }
}

/** What is beyond the hosts: who may get there, and who may not. */
function addExternalProbes(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  from: Endpoint,
  target: string,
  holds: boolean,
): void {
  const rules = model.rules.filter(({ to }) => to.kind === "outside");
  for (const port of new Set(rules.flatMap((rule) => (rule.protocol === "tcp" ? rule.ports.flat() : [])))) {
    const rule = rules.find((each) => expected.allowsExternal(from, each, { protocol: "tcp", port }, target));
    const what = `${target}, which is outside, by tcp ${port}`;
    const talk = { target, protocol: "tcp", port, hold: false } as const;
    const there = { what, toZone: "outside", flow: `tcp ${port}` };
    if (rule !== undefined) {
      probes.talk({ ...there, expectation: "answered", rule: rule.name }, from, talk);
    } else if (!holds) {
      probes.talk({ ...there, expectation: "denied" }, from, talk);
    }
  }
}

function probedMachine(machine: MachineNode, model: Model, talks: readonly Talk[], moves: boolean): ProbedMachine {
  const named = new Map(model.hosts.map(({ uri, name }) => [uri, name]));
  // Another machine of its name, elsewhere, is another machine.
  const taken = new Set(
    model.machines.filter(({ name, path }) => name === machine.name && path !== machine.path).map(({ host }) => host),
  );
  const others = moves ? [...named.keys()].filter((uri) => uri !== machine.host && !taken.has(uri)) : [];
  const portsOf = (protocol: Service["protocol"]) =>
    [
      ...new Set(
        talks.filter((talk) => talk.to === machine.path && talk.protocol === protocol).map(({ port }) => port),
      ),
    ].sort((one, other) => one - other);
  return {
    name: machine.path,
    domain: machine.name,
    hosts: [machine.host, ...others].map((uri) => named.get(uri) ?? uri),
    legs: machine.interfaces.map(({ name, mac = "", addresses, addresses6 }) => ({ name, mac, addresses, addresses6 })),
    tcp: portsOf("tcp"),
    udp: portsOf("udp"),
  };
}

function serviceTextOf(spoken: Service, family: 4 | 6): string {
  return family === 6 ? `${serviceText(spoken)} over IPv6` : serviceText(spoken);
}

/** Machines that may see a rule's packets on their way. */
export function forwardersOf(model: Model, rule: string): readonly string[] {
  return model.gateways
    .filter((gateway) => rulesForwardedBy(gateway, model.rules).some(({ name }) => name === rule))
    .map(({ machine }) => machine);
}
