import { Index, type Group, type Member } from "../policy/model-index";
import type { Leg, MachineNode, Model, Ports, Rule } from "../policy/model";
import { overlap } from "../policy/ranges";
import { Reach } from "../policy/reachability";

/** What a packet can be sent for: a protocol, and its port where it has any. */
export interface Spoken {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** 0 where there are none. */
  readonly port: number;
}

/** One interface, by its address of one family. */
export interface End extends Member {
  readonly group: Group;
  readonly family: 4 | 6;
  readonly address: string;
}

/**
 * What becomes of a packet: `answered` where a rule lets it begin to talk and there is a way; `open` where a rule does and there
 * is none, or no filter sees it; `denied` otherwise.
 */
export type Verdict =
  { readonly kind: "answered"; readonly rule: Rule } | { readonly kind: "open" } | { readonly kind: "denied" };

/** What the analysis says of every pair of interfaces that have an address of one family. */
export class Expected {
  public readonly index: Index;
  public readonly ends: readonly End[];
  private readonly reach: Reach;
  private readonly between = new Map<string, readonly { readonly rule: Rule; readonly hasWay: boolean }[]>();

  constructor(
    model: Model,
    public readonly family: 4 | 6,
  ) {
    this.index = new Index(ofFamily(model, family));
    this.reach = new Reach(this.index);
    this.ends = this.index.groups.flatMap((group) =>
      group.members.map((member) => ({ ...member, group, family, address: addressOf(member.leg, family) ?? "" })),
    );
  }

  /** What becomes of a packet that one end sends to the other, of which the other has not heard before. */
  public verdict(from: End, to: End, spoken: Spoken): Verdict {
    const rules = this.rulesBetween(from.group, to.group).filter(({ rule }) => covers(rule, spoken));
    const passing = rules.find(({ hasWay }) => hasWay);
    if (passing !== undefined) {
      return { kind: "answered", rule: passing.rule };
    }
    const isSeen = from.group.network.filtered || to.group.network.filtered;
    return rules.length > 0 || !isSeen ? { kind: "open" } : { kind: "denied" };
  }

  /** Whether a rule lets an interface talk to an address that is none of the app's. */
  public lets(from: End, rule: Rule, spoken: Spoken, target: string): boolean {
    return (
      rule.to.kind === "outside" &&
      rule.to.cidrs.some((cidr) => overlap(cidr, target)) &&
      covers(rule, spoken) &&
      this.index.groupsOf(rule.from).includes(from.group) &&
      this.reach.way(from.group.segments, this.reach.segmentsOf(rule.to), rule.name) !== undefined
    );
  }

  /** Two that a rule is about and that have a way for it; none where there are none. */
  public pairFor(rule: Rule): readonly End[] {
    const endOf = (group: Group, other?: End) =>
      this.ends.find((end) => end.group === group && end.machine !== other?.machine);
    for (const from of this.index.groupsOf(rule.from)) {
      for (const to of this.index.groupsOf(rule.to)) {
        const one = endOf(from);
        const other = endOf(to, one);
        const known = this.rulesBetween(from, to).some((each) => each.rule === rule && each.hasWay);
        if (known && one !== undefined && other !== undefined) return [one, other];
      }
    }
    return [];
  }

  /** The rules that let interfaces of one group begin to talk to those of another, and whether there is a way for them. */
  public rulesBetween(from: Group, to: Group): readonly { readonly rule: Rule; readonly hasWay: boolean }[] {
    const key = JSON.stringify([from.key, to.key]);
    let rules = this.between.get(key);
    if (rules === undefined) {
      const { model } = this.index;
      rules = model.rules
        .filter((rule) => this.index.groupsOf(rule.from).includes(from) && this.index.groupsOf(rule.to).includes(to))
        .map((rule) => ({ rule, hasWay: this.reach.way(from.segments, to.segments, rule.name) !== undefined }));
      this.between.set(key, rules);
    }
    return rules;
  }
}

/** Where packets of one family may be met: of the model, what has an address of it. */
function ofFamily(model: Model, family: 4 | 6): Model {
  return {
    ...model,
    networks: model.networks.map((network) =>
      family === 4 ? { ...network, gateway6: undefined } : { ...network, gateway: undefined },
    ),
    machines: model.machines.map((machine) => ({
      ...machine,
      legs: machine.legs.filter((leg) => addressOf(leg, family) !== undefined),
    })),
  };
}

/** The address that an interface is known by beyond its link: that which somebody gave it, where somebody did. */
export function addressOf(leg: Leg, family: 4 | 6): string | undefined {
  const addresses = family === 4 ? leg.addresses : leg.addresses6;
  return addresses.find((address) => !isOfLink(address));
}

function isOfLink(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** Whether a rule is about it. */
export function covers({ protocol, ports }: Rule, spoken: Spoken): boolean {
  const isIn = ([first, last]: Ports) => first <= spoken.port && spoken.port <= last;
  return protocol === "any" || (protocol === spoken.protocol && (ports.length === 0 || ports.some(isIn)));
}

/** What to try a rule by: both ends of each range of ports. Nothing speaks SCTP. */
export function spokenOf({ protocol, ports }: Rule, unnamed: readonly Spoken[]): readonly Spoken[] {
  switch (protocol) {
    case "sctp":
      return [];
    case "icmp":
      return [{ protocol, port: 0 }];
    case "any":
      return unnamed;
    default:
      return [...new Set(ports.flat())].map((port) => ({ protocol, port }));
  }
}

/** Ports that nothing else is likely to answer on: echo, discard, and so on. */
const unlikelyPorts = [7, 9, 13, 19, 1023];

/** ICMP, and of TCP and UDP a port that no rule names; none where all are named. */
export function unnamedOf({ rules }: Model): readonly Spoken[] {
  const ported = (["tcp", "udp"] as const).flatMap((protocol): Spoken[] => {
    const port = unlikelyPorts.find(
      (each) => !rules.some((rule) => rule.protocol === protocol && covers(rule, { protocol, port: each })),
    );
    return port === undefined ? [] : [{ protocol, port }];
  });
  return [...ported, { protocol: "icmp", port: 0 }];
}

/** Everything that some rules of the model name, and what none of its rules does. */
export function allSpokenOf(model: Model, rules: readonly Rule[] = model.rules): readonly Spoken[] {
  const unnamed = unnamedOf(model);
  const all = [...rules.flatMap((rule) => spokenOf(rule, unnamed)), ...unnamed];
  return [...new Map(all.map((spoken) => [spokenText(spoken), spoken])).values()];
}

/** `tcp 443`, `icmp`. */
export function spokenText({ protocol, port }: Spoken): string {
  return port === 0 ? protocol : `${protocol} ${port}`;
}

/** Whether two interfaces are on one segment: whether frames of one reach the other. */
export function shareSegment(one: Group, other: Group): boolean {
  return one.segments.some((segment) => other.segments.includes(segment));
}

/** Machines to probe: all; or of each role two at most, and two for each rule that have a way for it. */
export function machinesToProbe(model: Model, all: boolean): readonly MachineNode[] {
  if (all || model.machines.length <= fewMachines) {
    return model.machines;
  }
  const chosen = new Set<string>();
  const perRoleChosen = new Map<string, number>();
  for (const family of [4, 6] as const) {
    const expected = new Expected(model, family);
    for (const rule of model.rules) {
      expected.pairFor(rule).forEach(({ machine }) => chosen.add(machine.path));
    }
  }
  for (const group of new Index(model).groups) {
    const role = roleOf(group);
    let count = perRoleChosen.get(role) ?? 0;
    // Those that stand for a rule first, then any.
    const members = [...group.members].sort(
      (one, other) => Number(chosen.has(other.machine.path)) - Number(chosen.has(one.machine.path)),
    );
    for (const { machine } of members) {
      if (count >= perRole && !chosen.has(machine.path)) break;
      chosen.add(machine.path);
      count++;
    }
    perRoleChosen.set(role, count);
  }
  return model.machines.filter(({ path }) => chosen.has(path));
}

/** What interfaces have in common that the same rules are about, on whichever network. */
export function roleOf({ zone, selectors, gateway }: Group): string {
  return JSON.stringify([zone?.path, selectors.filter((selector) => !selector.startsWith("network:")), gateway?.path]);
}

/** As many as can all be probed in the time that it takes to watch. */
const fewMachines = 24;

/** With two there is a pair within the role as well. */
const perRole = 2;
