import type { MachineNode, Model, Rule } from "../policy/model";
import { ExpectedTraffic } from "./expected-traffic";
import { hostileProbes } from "./hostile-probes";
import { addPairProbes, pairsOf } from "./pair-probes";
import type { Flow, ProbedMachine, ProbeRequest } from "./probe-protocol";
import { type Probe, ProbeRecorder } from "./probe-recorder";
import { machinesToProbe } from "./sampling";
import type { Service } from "./services";
import { addExternalProbes, addHostProbes } from "./target-probes";

/** What to send, and what should happen to it. */
export interface ProbePlan {
  readonly request: ProbeRequest;
  readonly probes: readonly Probe[];
  /** How many ordered pairs of interfaces are probed. */
  readonly pairs: number;
  /** One line for each rule that is not tried, with the reason. */
  readonly untried: readonly string[];
  /** For how many seconds an allowed flow may be without an answer. */
  readonly maxPause: number;
}

/** What to probe, and for how long. */
export interface ProbeOptions {
  /** Whether to probe all machines of a large fleet, too. */
  readonly all?: boolean;
  /** Names or paths of machines: only their own traffic is probed. */
  readonly only?: readonly string[];
  /** For how many seconds to send; 0 to send once. */
  readonly seconds?: number;
  /**
   * For how many seconds an allowed flow may be without an answer while something changes.
   *
   * @default 10
   */
  readonly maxPause?: number;
  /** An address outside the hosts' networks that answers on the ports that the policy allows there. */
  readonly outside?: string;
}

/** Plans the packets that verify whether a fleet follows its policy. */
export function planProbes(model: Model, options: ProbeOptions = {}): ProbePlan {
  const { all = false, only = [], seconds = 0, maxPause = 10, outside } = options;
  const machines = machinesToProbe(model, all || only.length > 0);
  const triesEverything = all || only.length > 0 || machines.length === model.machines.length;
  const paths = new Set(machines.map(({ path }) => path));
  const isNamed = ({ path, name }: MachineNode) => only.length === 0 || only.includes(name) || only.includes(path);
  const probes = new ProbeRecorder();
  const untried = new Set<string>();
  let pairs = 0;
  for (const family of [4, 6] as const) {
    const expected = new ExpectedTraffic(model, family);
    const endpoints = expected.endpoints.filter(({ machine }) => paths.has(machine.path));
    for (const [from, to] of pairsOf(expected, endpoints, triesEverything)) {
      if (!isNamed(from.machine) && !isNamed(to.machine)) continue;
      addPairProbes(probes, model, expected, [from, to], { triesEverything, isContinuous: seconds > 0, pair: pairs++ });
    }
    for (const from of endpoints.filter(({ machine }) => isNamed(machine))) {
      if (seconds === 0) addHostProbes(probes, expected, from);
      if (outside !== undefined && outside.includes(":") === (family === 6)) {
        addExternalProbes(probes, model, expected, from, outside, seconds > 0);
      }
    }
    hostileProbes(
      probes,
      model,
      expected,
      endpoints.filter(({ machine }) => isNamed(machine)),
    );
  }
  const tried = new Set(probes.probes.map(({ rule }) => rule));
  for (const rule of model.rules.filter(({ name }) => !tried.has(name))) {
    untried.add(`rule '${rule.name}' was not tried: ${untriedReason(rule, only.length > 0)}`);
  }
  const involved = new Set([...probes.flows, ...probes.frames].flatMap(({ from, to }) => [from, to]));
  const request: ProbeRequest = {
    machines: machines
      .filter(({ path }) => involved.has(path))
      .map((machine) => probedMachine(machine, model, probes.flows, seconds > 0)),
    flows: probes.flows,
    frames: probes.frames,
    for: seconds,
  };
  return { request, probes: probes.probes, pairs, untried: [...untried], maxPause };
}

function untriedReason({ protocol, from, to }: Rule, isPart: boolean): string {
  if (to.kind === "outside") {
    return "set '--outside' to an address there that answers";
  }
  return from.kind === "outside"
    ? "no traffic can be sent from outside"
    : protocol === "sctp"
      ? "the probe does not support SCTP"
      : isPart
        ? "it matches none of the given machines"
        : "no two machines with addresses of the same family have a route for it";
}

function probedMachine(machine: MachineNode, model: Model, flows: readonly Flow[], moves: boolean): ProbedMachine {
  const hostNames = new Map(model.hosts.map(({ uri, name }) => [uri, name]));
  // A machine with the same name on another host is a different machine.
  const taken = new Set(
    model.machines.filter(({ name, path }) => name === machine.name && path !== machine.path).map(({ host }) => host),
  );
  const others = moves ? [...hostNames.keys()].filter((uri) => uri !== machine.host && !taken.has(uri)) : [];
  const portsOf = (protocol: Service["protocol"]) =>
    [
      ...new Set(
        flows.filter((flow) => flow.to === machine.path && flow.protocol === protocol).map(({ port }) => port),
      ),
    ].sort((one, other) => one - other);
  return {
    name: machine.path,
    domain: machine.name,
    hosts: [machine.host, ...others].map((uri) => hostNames.get(uri) ?? uri),
    interfaces: machine.interfaces.map(({ name, mac = "", addresses, addresses6 }) => ({
      name,
      mac,
      addresses,
      addresses6,
    })),
    tcp: portsOf("tcp"),
    udp: portsOf("udp"),
  };
}
