import type { Model } from "../policy/model";
import { type Endpoint, type ExpectedTraffic, shareSegment } from "./expected-traffic";
import { nextHops } from "./next-hops";
import { openingFrames } from "./probe-protocol";
import type { ProbeRecorder } from "./probe-recorder";
import { roleOf } from "./sampling";
import { familyServiceText, type Service, servicesToTry, serviceText } from "./services";

/** Lists ordered pairs of endpoints on different machines: all of them, or one for each ordered pair of roles. */
export function* pairsOf(
  expected: ExpectedTraffic,
  endpoints: readonly Endpoint[],
  all: boolean,
): Generator<readonly [Endpoint, Endpoint]> {
  if (all) {
    for (const from of endpoints) {
      for (const to of endpoints) {
        if (from.machine !== to.machine) yield [from, to];
      }
    }
    return;
  }
  const roles = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const role = roleOf(endpoint.group);
    roles.set(role, [...(roles.get(role) ?? []), endpoint]);
  }
  for (const senders of roles.values()) {
    for (const receivers of roles.values()) {
      const pairs = senders.flatMap((from) =>
        receivers.filter((to) => to.machine !== from.machine).map((to) => [from, to] as const),
      );
      const withRoute = pairs.find(([from, to]) =>
        expected.rulesBetween(from.group, to.group).some((rule) => rule.hasRoute),
      );
      const chosen = withRoute ?? pairs.find(([from, to]) => shareSegment(from.group, to.group)) ?? pairs[0];
      if (chosen !== undefined) yield chosen;
    }
  }
}

/** A port that no service uses, outside the range from which the kernel assigns source ports. */
const unusedPort = 20_000;

/** Adds the probes from one endpoint to another: the allowed flows, denied ones, and unsolicited answers. */
export function addPairProbes(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  [from, to]: readonly [Endpoint, Endpoint],
  options: PairOptions,
): void {
  const receiver = { to: to.machine.path, toZone: to.group.zone?.name ?? "" };
  const hops = nextHops(expected, from, to);
  const services = options.triesEverything ? servicesToTry(model) : servicesAbout(model, expected, from, to);
  const outcomes = services.map((service) => ({ service, outcome: expected.outcomeOf(from, to, service) }));
  for (const { service, outcome } of outcomes) {
    if (outcome.kind !== "answered") continue;
    const what = familyServiceText(service, expected.family);
    const probe = { ...receiver, what, flow: serviceText(service), expectation: outcome.kind, rule: outcome.rule.name };
    probes.flow(probe, from, { ...service, target: to.address, hold: false });
    if (options.isContinuous && service.protocol === "tcp") {
      probes.flow({ ...probe, what: `a held connection with ${what}` }, from, {
        ...service,
        target: to.address,
        hold: true,
      });
    }
    addUnsolicitedAnswer(probes, expected, { initiator: from, responder: to, service });
  }
  const denied = outcomes.filter(({ outcome }) => outcome.kind === "denied").map(({ service }) => service);
  // Continuous sending must leave the machines time to answer, so pairs on different segments try one service each, in turn.
  const isNear = shareSegment(from.group, to.group);
  const tried = options.isContinuous && !isNear ? denied.slice(options.pair % denied.length).slice(0, 1) : denied;
  for (const service of tried) {
    const frame = { kind: openingFrames[service.protocol], target: to.address, port: service.port, ...hops };
    const what = familyServiceText(service, expected.family);
    probes.frame({ ...receiver, what, flow: serviceText(service), expectation: "denied" }, from, frame);
  }
  const tcp = denied.find((service) => service.protocol === "tcp");
  if (tcp !== undefined && (isNear || !options.isContinuous)) {
    const what = `an unsolicited answer with ${familyServiceText(tcp, expected.family)}`;
    const frame = { kind: "tcp-ack", target: to.address, port: tcp.port, ...hops } as const;
    probes.frame({ to: receiver.to, what, expectation: "denied" }, from, frame);
  }
}

/** How much a pair sends. */
export interface PairOptions {
  /** Whether each pair tries the services of all rules. */
  readonly triesEverything: boolean;
  /** Whether the probe sends for some time. */
  readonly isContinuous: boolean;
  /** The number of the pair. */
  readonly pair: number;
}

/** Adds an unsolicited answer that looks like the answer to an allowed flow. */
function addUnsolicitedAnswer(
  probes: ProbeRecorder,
  expected: ExpectedTraffic,
  {
    initiator,
    responder,
    service,
  }: { readonly initiator: Endpoint; readonly responder: Endpoint; readonly service: Service },
): void {
  const { protocol, port } = service;
  if (
    protocol === "icmp" ||
    expected.outcomeOf(responder, initiator, { protocol, port: unusedPort }).kind !== "denied"
  ) {
    return;
  }
  const kind = protocol === "tcp" ? "tcp-ack" : "udp";
  const ports = { port: unusedPort, sourcePort: port };
  const what = `an unsolicited answer from ${familyServiceText(service, expected.family)}`;
  const frame = { kind, target: initiator.address, ...ports, ...nextHops(expected, responder, initiator) } as const;
  probes.frame({ to: initiator.machine.path, what, expectation: "denied", isLikeAnswer: true }, responder, frame);
}

/** For a large fleet: the services of the rules that match one of the endpoints, and services that no rule names. */
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
