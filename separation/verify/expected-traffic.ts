import { overlaps } from "../policy/ip-addresses";
import type { InterfaceNode, Model, Rule } from "../policy/model";
import { type GroupMember, type InterfaceGroup, ModelIndex } from "../policy/model-index";
import { Reachability } from "../policy/reachability";
import { covers, type Service } from "./services";

/** An interface, and its address of one family. */
export interface Endpoint extends GroupMember {
  readonly group: InterfaceGroup;
  readonly family: 4 | 6;
  readonly address: string;
}

/**
 * What the policy says about a packet that opens a flow: `answered` if a rule allows it and there is a route; `open` if a rule allows
 * it but there is no route, or if no filter sees it; `denied` otherwise.
 */
export type ExpectedOutcome =
  { readonly kind: "answered"; readonly rule: Rule } | { readonly kind: "open" } | { readonly kind: "denied" };

/** What the policy says about traffic between each pair of interfaces with an address of one family. */
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

  /** The expected outcome of a packet that opens a flow from one endpoint to another. */
  public outcomeOf(from: Endpoint, to: Endpoint, service: Service): ExpectedOutcome {
    const rules = this.rulesBetween(from.group, to.group).filter(({ rule }) => covers(rule, service));
    const passing = rules.find(({ hasRoute }) => hasRoute);
    if (passing !== undefined) {
      return { kind: "answered", rule: passing.rule };
    }
    const isFiltered = from.group.network.filtered || to.group.network.filtered;
    return rules.length > 0 || !isFiltered ? { kind: "open" } : { kind: "denied" };
  }

  /** Reports whether a rule allows an endpoint to reach an address outside the app's networks. */
  public allowsExternal(from: Endpoint, rule: Rule, service: Service, target: string): boolean {
    return (
      rule.to.kind === "outside" &&
      rule.to.cidrs.some((cidr) => overlaps(cidr, target)) &&
      covers(rule, service) &&
      this.index.groupsOf(rule.from).includes(from.group) &&
      this.reachability.findRoute(from.group.segments, this.reachability.segmentsOf(rule.to), rule.name) !== undefined
    );
  }

  /** Two endpoints that a rule allows traffic between, with a route for it; empty if there are none. */
  public pairFor(rule: Rule): readonly Endpoint[] {
    const endOf = (group: InterfaceGroup, other?: Endpoint) =>
      this.endpoints.find((end) => end.group === group && end.machine !== other?.machine);
    for (const from of this.index.groupsOf(rule.from)) {
      for (const to of this.index.groupsOf(rule.to)) {
        const one = endOf(from);
        const other = endOf(to, one);
        const hasRoute = this.rulesBetween(from, to).some((each) => each.rule === rule && each.hasRoute);
        if (hasRoute && one !== undefined && other !== undefined) return [one, other];
      }
    }
    return [];
  }

  /** The rules that allow one group to initiate traffic to another, and whether there is a route for each. */
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

/** The part of a model that has addresses of one family. */
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

/** The first address of an interface that is not link-local. */
export function addressOf(nic: InterfaceNode, family: 4 | 6): string | undefined {
  const addresses = family === 4 ? nic.addresses : nic.addresses6;
  return addresses.find((address) => !isLinkLocal(address));
}

function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** Reports whether two groups are on one segment, so that frames of one reach the other. */
export function shareSegment(one: InterfaceGroup, other: InterfaceGroup): boolean {
  return one.segments.some((segment) => other.segments.includes(segment));
}
