import { ModelIndex, type InterfaceGroup, type GroupMember } from "../policy/model-index";
import type { InterfaceNode, MachineNode, Model, PortSpan, Rule } from "../policy/model";
import { overlaps } from "../policy/ip-addresses";
import { Reachability } from "../policy/reachability";

/** What a packet can be sent for: a protocol, and its port where it has any. */
export interface Service {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** 0 where there are none. */
  readonly port: number;
}

/** One interface, by its address of one family. */
export interface Endpoint extends GroupMember {
  readonly group: InterfaceGroup;
  readonly family: 4 | 6;
  readonly address: string;
}

/**
 * What becomes of a packet: `answered` where a rule lets it begin to talk and there is a way; `open` where a rule does and there
 * is none, or no filter sees it; `denied` otherwise.
 */
export type ExpectedOutcome =
  { readonly kind: "answered"; readonly rule: Rule } | { readonly kind: "open" } | { readonly kind: "denied" };

/** What the analysis says of every pair of interfaces that have an address of one family. */
export class ExpectedTraffic {
  public readonly index: ModelIndex;
  public readonly endpoints: readonly Endpoint[];
  private readonly reachability: Reachability;
  private readonly rulesByGroups = new Map<string, readonly { readonly rule: Rule; readonly hasRoute: boolean }[]>();

  constructor(
    model: Model,
    public readonly family: 4 | 6,
  ) {
    this.index = new ModelIndex(modelOfFamily(model, family));
    this.reachability = new Reachability(this.index);
    this.endpoints = this.index.groups.flatMap((group) =>
      group.members.map((member) => ({ ...member, group, family, address: addressOf(member.nic, family) ?? "" })),
    );
  }

  /** What becomes of a packet that one end sends to the other, of which the other has not heard before. */
  public outcomeOf(from: Endpoint, to: Endpoint, spoken: Service): ExpectedOutcome {
    const rules = this.rulesBetween(from.group, to.group).filter(({ rule }) => covers(rule, spoken));
    const passing = rules.find(({ hasRoute }) => hasRoute);
    if (passing !== undefined) {
      return { kind: "answered", rule: passing.rule };
    }
    const isSeen = from.group.network.filtered || to.group.network.filtered;
    return rules.length > 0 || !isSeen ? { kind: "open" } : { kind: "denied" };
  }

  /** Whether a rule lets an interface talk to an address that is none of the app's. */
  public allowsExternal(from: Endpoint, rule: Rule, spoken: Service, target: string): boolean {
    return (
      rule.to.kind === "outside" &&
      rule.to.cidrs.some((cidr) => overlaps(cidr, target)) &&
      covers(rule, spoken) &&
      this.index.groupsOf(rule.from).includes(from.group) &&
      this.reachability.findRoute(from.group.segments, this.reachability.segmentsOf(rule.to), rule.name) !== undefined
    );
  }

  /** Two that a rule is about and that have a way for it; none where there are none. */
  public pairFor(rule: Rule): readonly Endpoint[] {
    const endOf = (group: InterfaceGroup, other?: Endpoint) =>
      this.endpoints.find((end) => end.group === group && end.machine !== other?.machine);
    for (const from of this.index.groupsOf(rule.from)) {
      for (const to of this.index.groupsOf(rule.to)) {
        const one = endOf(from);
        const other = endOf(to, one);
        const known = this.rulesBetween(from, to).some((each) => each.rule === rule && each.hasRoute);
        if (known && one !== undefined && other !== undefined) return [one, other];
      }
    }
    return [];
  }

  /** The rules that let interfaces of one group begin to talk to those of another, and whether there is a way for them. */
  public rulesBetween(
    from: InterfaceGroup,
    to: InterfaceGroup,
  ): readonly { readonly rule: Rule; readonly hasRoute: boolean }[] {
    const key = JSON.stringify([from.key, to.key]);
    let rules = this.rulesByGroups.get(key);
    if (rules === undefined) {
      const { model } = this.index;
      rules = model.rules
        .filter((rule) => this.index.groupsOf(rule.from).includes(from) && this.index.groupsOf(rule.to).includes(to))
        .map((rule) => ({
          rule,
          hasRoute: this.reachability.findRoute(from.segments, to.segments, rule.name) !== undefined,
        }));
      this.rulesByGroups.set(key, rules);
    }
    return rules;
  }
}

/** Where packets of one family may be met: of the model, what has an address of it. */
function modelOfFamily(model: Model, family: 4 | 6): Model {
  return {
    ...model,
    networks: model.networks.map((network) =>
      family === 4 ? { ...network, gateway6: undefined } : { ...network, gateway: undefined },
    ),
    machines: model.machines.map((machine) => ({
      ...machine,
      interfaces: machine.interfaces.filter((nic) => addressOf(nic, family) !== undefined),
    })),
  };
}

/** The address that an interface is known by beyond its link: that which somebody gave it, where somebody did. */
export function addressOf(nic: InterfaceNode, family: 4 | 6): string | undefined {
  const addresses = family === 4 ? nic.addresses : nic.addresses6;
  return addresses.find((address) => !isLinkLocal(address));
}

function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** Whether a rule is about it. */
export function covers({ protocol, ports }: Rule, spoken: Service): boolean {
  const isIn = ([first, last]: PortSpan) => first <= spoken.port && spoken.port <= last;
  return protocol === "any" || (protocol === spoken.protocol && (ports.length === 0 || ports.some(isIn)));
}

/** What to try a rule by: both ends of each range of ports. Nothing speaks SCTP. */
export function servicesOf({ protocol, ports }: Rule, unnamed: readonly Service[]): readonly Service[] {
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
export function unnamedServices({ rules }: Model): readonly Service[] {
  const ported = (["tcp", "udp"] as const).flatMap((protocol): Service[] => {
    const port = unlikelyPorts.find(
      (each) => !rules.some((rule) => rule.protocol === protocol && covers(rule, { protocol, port: each })),
    );
    return port === undefined ? [] : [{ protocol, port }];
  });
  return [...ported, { protocol: "icmp", port: 0 }];
}

/** Everything that some rules of the model name, and what none of its rules does. */
export function servicesToTry(model: Model, rules: readonly Rule[] = model.rules): readonly Service[] {
  const unnamed = unnamedServices(model);
  const all = [...rules.flatMap((rule) => servicesOf(rule, unnamed)), ...unnamed];
  return [...new Map(all.map((spoken) => [serviceText(spoken), spoken])).values()];
}

/** `tcp 443`, `icmp`. */
export function serviceText({ protocol, port }: Service): string {
  return port === 0 ? protocol : `${protocol} ${port}`;
}

/** Whether two interfaces are on one segment: whether frames of one reach the other. */
export function shareSegment(one: InterfaceGroup, other: InterfaceGroup): boolean {
  return one.segments.some((segment) => other.segments.includes(segment));
}

/** Machines to probe: all; or of each role two at most, and two for each rule that have a way for it. */
export function machinesToProbe(model: Model, all: boolean): readonly MachineNode[] {
  if (all || model.machines.length <= smallFleet) {
    return model.machines;
  }
  const chosen = new Set<string>();
  const perRoleChosen = new Map<string, number>();
  for (const family of [4, 6] as const) {
    const expected = new ExpectedTraffic(model, family);
    for (const rule of model.rules) {
      expected.pairFor(rule).forEach(({ machine }) => chosen.add(machine.path));
    }
  }
  for (const group of new ModelIndex(model).groups) {
    const role = roleOf(group);
    let count = perRoleChosen.get(role) ?? 0;
    // Those that stand for a rule first, then any.
    const members = [...group.members].sort(
      (one, other) => Number(chosen.has(other.machine.path)) - Number(chosen.has(one.machine.path)),
    );
    for (const { machine } of members) {
      if (count >= machinesPerRole && !chosen.has(machine.path)) break;
      chosen.add(machine.path);
      count++;
    }
    perRoleChosen.set(role, count);
  }
  return model.machines.filter(({ path }) => chosen.has(path));
}

/** What interfaces have in common that the same rules are about, on whichever network. */
export function roleOf({ zone, selectors, gateway }: InterfaceGroup): string {
  return JSON.stringify([zone?.path, selectors.filter((selector) => !selector.startsWith("network:")), gateway?.path]);
}

/** As many as can all be probed in the time that it takes to watch. */
const smallFleet = 24;

/** With two there is a pair within the role as well. */
const machinesPerRole = 2;
