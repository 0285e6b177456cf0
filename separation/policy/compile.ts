import { createHash } from "node:crypto";
import * as base from "./base-filters";
import {
  addressConditions,
  type FilterRule,
  type FilterRules,
  flowRules,
  matchConditions,
  priorities,
  variables,
} from "./filter-rules";
import { blockText, type CidrBlock, smallestBlocks } from "./ip-addresses";
import { type HostNode, type MachineNode, type Model, type NetworkNode, type Selector, selectorKey } from "./model";
import { type GroupMember, type InterfaceGroup, ModelIndex, rulesForwardedBy } from "./model-index";

/** A filter to create on a host. */
export interface HostFilter {
  /** Path of the stack, and URI of the host. */
  readonly stack: string;
  readonly host: string;
  readonly name: string;
  /** Names of the filters that this one includes. */
  readonly filters: readonly string[];
  readonly rules: FilterRules;
}

/** The filter of an interface. */
export interface FilterAssignment {
  readonly machine: string;
  readonly interfaceName: string;
  readonly filter: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** Whether the interface may reach only gateways on its bridge, so that the bridge can isolate its port. */
  readonly isolated: boolean;
}

/** A policy as filters on hosts, and as the filter of each interface. */
export interface CompiledPolicy {
  /** The filters. Each comes after those that it includes. */
  readonly filters: readonly HostFilter[];
  readonly assignments: readonly FilterAssignment[];
}

/** Compiles a model to filters: a pure function. A role has one filter on a host, however many machines have the role. */
export function compile(model: Model): CompiledPolicy {
  return new Compiler(model).compile();
}

class Compiler {
  private readonly index: ModelIndex;
  private readonly blocksBySelector = new Map<string, CidrBlock[]>();
  private readonly appNetworks: Readonly<Record<4 | 6, readonly CidrBlock[]>>;
  private readonly filters = new Map<string, HostFilter>();
  /** Which identity has which filter name. */
  private readonly names = new Map<string, string>();
  private readonly prefix: string;

  constructor(private readonly model: Model) {
    this.index = new ModelIndex(model);
    this.prefix = model.filterPrefix ?? "policy";
    this.appNetworks = { 4: this.networkBlocks(4), 6: this.networkBlocks(6) };
  }

  public compile(): CompiledPolicy {
    const assignments = this.index.groups
      .filter(({ network }) => network.filtered)
      .flatMap((group) => {
        const isolated = this.isIsolated(group);
        return group.members.map((member) => this.assign(group, member, isolated));
      });
    return { filters: [...this.filters.values()], assignments };
  }

  private assign(group: InterfaceGroup, { machine, nic }: GroupMember, isolated: boolean): FilterAssignment {
    const { network } = group;
    const features = featuresOf(network, nic.addresses.length > 0, nic.addresses6.length > 0);
    const filter = this.roleFilter(group, machine, nic.name, features);
    const { gateway, gateway6 } = network;
    const parameters: Record<string, readonly string[]> = {};
    if (features.four) parameters.IP = [...nic.addresses].sort();
    if (features.six) parameters.IPV6 = [...nic.addresses6].sort();
    if ((features.dhcp || features.dns) && gateway !== undefined) parameters.SERVER = [gateway];
    if (features.dns6 && gateway6 !== undefined) parameters.SERVER6 = [gateway6];
    return { machine: machine.path, interfaceName: nic.name, filter, parameters, isolated };
  }

  /** Returns the name of a role's filter, and creates the filter on first use. */
  private roleFilter(
    group: InterfaceGroup,
    machine: MachineNode,
    interfaceName: string,
    features: InterfaceFeatures,
  ): string {
    const { gateway, network, zone, selectors } = group;
    const parts = selectors
      .filter((selector) => selector !== `zone:${network.zone ?? ""}`)
      .map((selector) => selector.replace(/^.*[:/]/, ""));
    const words =
      gateway === undefined
        ? [zone?.name ?? "", ...parts, ...featureSuffixes(features)]
        : ["gateway", machine.name, interfaceName];
    const name = this.name(machine, words, JSON.stringify([selectors, gateway?.path]));
    const key = JSON.stringify([machine.stack, machine.host, name]);
    if (!this.filters.has(key)) {
      const filters = this.sharedFilters(machine, features);
      const rules = {
        ...this.allowedFlowRules(group, features),
        ...(gateway === undefined ? {} : this.forwardingRules(group, features)),
        ...base.dropRest(features),
      };
      this.filters.set(key, { stack: machine.stack, host: machine.host, name, filters, rules });
    }
    return name;
  }

  /** Returns the names of the filters that all roles on a host share, and creates them on first use. */
  private sharedFilters(machine: MachineNode, features: InterfaceFeatures): string[] {
    const { four, six, dhcp, dhcp6, dns, dns6 } = features;
    const host = this.index.hosts.get(machine.host);
    const parts: readonly (readonly [wanted: boolean, name: string, rules: () => FilterRules])[] = [
      [true, "frames", () => base.frames],
      [four, "arp", () => base.arp],
      [six, "neighbours", () => base.neighbourDiscovery],
      [dhcp, "dhcp", () => base.dhcp],
      [dhcp6, "dhcp6", () => base.dhcp6],
      [dns, "dns", () => base.dns],
      [dns6, "dns6", () => base.dns6],
      [true, "host", () => base.hostRules(this.hostBlocks(machine.host, host))],
    ];
    return parts
      .filter(([wanted]) => wanted)
      .map(([, part, rules]) => {
        const name = this.name(machine, ["all", part], "");
        const key = JSON.stringify([machine.stack, machine.host, name]);
        if (!this.filters.has(key)) {
          this.filters.set(key, { stack: machine.stack, host: machine.host, name, filters: [], rules: rules() });
        }
        return name;
      });
  }

  /** Rules for the flows that an interface may initiate or answer. */
  private allowedFlowRules(group: InterfaceGroup, { four, six }: InterfaceFeatures): FilterRules {
    const rules: FilterRules = {};
    for (const rule of this.model.rules) {
      for (const [direction, own, peer] of [
        ["out", rule.from, rule.to],
        ["in", rule.to, rule.from],
      ] as const) {
        if (!group.selectors.includes(selectorKey(own))) continue;
        for (const family of [...(four ? ([4] as const) : []), ...(six ? ([6] as const) : [])]) {
          const ownAddress = family === 4 ? variables.ip : variables.ip6;
          for (const block of this.blocksOf(peer, family)) {
            const priority = peer.kind === "outside" ? priorities.outside : priorities.flows;
            const label = `${direction === "out" ? "to" : "from"} ${blockText(block)}`;
            const [from, to] = direction === "out" ? [ownAddress, block] : [block, ownAddress];
            Object.assign(rules, flowRules({ rule, direction, from, to, family, priority, label }));
          }
          if (peer.kind === "outside") Object.assign(rules, this.appNetworkRules(family));
        }
      }
    }
    return rules;
  }

  /** Rules for the flows that a gateway forwards, as one of its interfaces sees them. */
  private forwardingRules(group: InterfaceGroup, { four, six }: InterfaceFeatures): FilterRules {
    const rules: FilterRules = {};
    const zone = group.zone?.name ?? "";
    for (const rule of group.gateway === undefined ? [] : rulesForwardedBy(group.gateway, this.model.rules)) {
      const [from, to] = [this.index.zoneNamesOf(rule.from), this.index.zoneNamesOf(rule.to)];
      const arrives = from.includes(zone) || (rule.from.kind === "outside" && !to.includes(zone));
      const leaves = to.includes(zone) || (rule.to.kind === "outside" && !from.includes(zone));
      const directions = [...(arrives ? (["in"] as const) : []), ...(leaves ? (["out"] as const) : [])];
      for (const family of [...(four ? ([4] as const) : []), ...(six ? ([6] as const) : [])]) {
        for (const direction of directions) {
          for (const source of this.blocksOf(rule.from, family)) {
            for (const target of this.blocksOf(rule.to, family)) {
              const isOutside = rule.from.kind === "outside" || rule.to.kind === "outside";
              const priority = isOutside ? priorities.outside : priorities.flows;
              const label = `${direction === "in" ? "to be forwarded" : "forwarded"} from ${blockText(source)} to ${blockText(target)}`;
              Object.assign(
                rules,
                flowRules({ rule, direction, from: source, to: target, family, priority, label, forwarded: true }),
              );
              if (isOutside) Object.assign(rules, this.appNetworkRules(family));
            }
          }
        }
      }
    }
    return rules;
  }

  /** Rules that keep the app's networks out of rules for outside addresses. */
  private appNetworkRules(family: 4 | 6): FilterRules {
    const protocol = family === 4 ? "ip" : "ipv6";
    return Object.fromEntries(
      this.appNetworks[family].flatMap((block): [string, FilterRule][] => {
        const [to, from] = [
          matchConditions(addressConditions("dst", block)),
          matchConditions(addressConditions("src", block)),
        ];
        const drop = { action: "drop", priority: priorities.appNetworks, protocol } as const;
        return [
          [`app network, to ${blockText(block)}`, { ...drop, direction: "out", match: to }],
          [`app network, from ${blockText(block)}`, { ...drop, direction: "in", match: from }],
        ];
      }),
    );
  }

  /** The addresses that a selector matches: those of whole networks, of interfaces, or outside. */
  private blocksOf(selector: Selector, family: 4 | 6): readonly CidrBlock[] {
    const key = `${family} ${selectorKey(selector)}`;
    const known = this.blocksBySelector.get(key);
    if (known !== undefined) {
      return known;
    }
    const networks = this.index.networksOf(selector).map((network) => (family === 4 ? network.cidr : network.cidr6));
    const machines = this.index
      .groupsOf(selector)
      .flatMap(({ members }) => members.flatMap(({ nic }) => (family === 4 ? nic.addresses : nic.addresses6)));
    const outside =
      selector.kind === "outside" ? selector.cidrs.filter((cidr) => cidr.includes(":") === (family === 6)) : [];
    const texts = [...networks.filter((cidr) => cidr !== undefined), ...machines, ...outside];
    // A link-local address does not identify a machine: another link can have the same one.
    const blocks = smallestBlocks(
      texts.filter((text) => !/^fe[89ab]/i.test(text)),
      family,
    );
    this.blocksBySelector.set(key, blocks);
    return blocks;
  }

  private networkBlocks(family: 4 | 6): readonly CidrBlock[] {
    const cidrs = this.model.networks.map(({ cidr, cidr6 }) => (family === 4 ? cidr : cidr6));
    return smallestBlocks(
      cidrs.filter((cidr) => cidr !== undefined),
      family,
    );
  }

  /** All known addresses of a host. */
  private hostBlocks(uri: string, host: HostNode | undefined): readonly CidrBlock[] {
    const gateways = this.model.networks
      .filter((network) => network.host === uri)
      .flatMap(({ gateway, gateway6 }) => [gateway, gateway6])
      .filter((address) => address !== undefined);
    const all = [...new Set([...gateways, ...(host?.addresses ?? [])])];
    return ([4, 6] as const).flatMap((family) =>
      all
        .filter((address) => address.includes(":") === (family === 6))
        .sort()
        .map((address) => ({ address, prefix: family === 4 ? 32 : 128 })),
    );
  }

  /** Reports whether no rule allows traffic between the group and interfaces on the same bridge. */
  private isIsolated(group: InterfaceGroup): boolean {
    if (group.gateway !== undefined) {
      return false;
    }
    const isHere = (selector: Selector) =>
      this.index
        .groupsOf(selector)
        .some(({ segments }) => segments.some((segment) => group.segments.includes(segment)));
    return !this.model.rules.some(
      ({ from, to }) =>
        (group.selectors.includes(selectorKey(from)) && isHere(to)) ||
        (group.selectors.includes(selectorKey(to)) && isHere(from)),
    );
  }

  /** A descriptive name for a filter, with part of a hash if the name is too long or already used. */
  private name({ stack, host }: MachineNode, words: readonly string[], identity: string): string {
    const stacks = new Set(
      this.model.machines.filter((machine) => machine.host === host).map((machine) => machine.stack),
    );
    const own = stacks.size > 1 ? [stack.split("/").pop() ?? stack] : [];
    const plain = [this.prefix, ...own, ...words].join("-").replace(/[^A-Za-z0-9_.-]/g, "-");
    const hash = createHash("sha256").update(identity).digest("hex").slice(0, 6);
    const key = JSON.stringify([stack, host, plain]);
    const holder = this.names.get(key);
    this.names.set(key, holder ?? identity);
    return plain.length > 80
      ? `${plain.slice(0, 80)}-${hash}`
      : holder === undefined || holder === identity
        ? plain
        : `${plain}-${hash}`;
  }
}

/** The address families of an interface, and the services of its network that it uses. */
interface InterfaceFeatures {
  readonly four: boolean;
  readonly six: boolean;
  readonly dhcp: boolean;
  readonly dhcp6: boolean;
  readonly dns: boolean;
  readonly dns6: boolean;
}

function featuresOf(
  { dhcp, dhcp6, dns, gateway, gateway6 }: NetworkNode,
  four: boolean,
  six: boolean,
): InterfaceFeatures {
  return {
    four,
    six,
    dhcp: four && dhcp,
    dhcp6: six && dhcp6,
    dns: four && dns && gateway !== undefined,
    dns6: six && dns && gateway6 !== undefined,
  };
}

/** Suffixes for the name of a role's filter. There is none for the usual features: IPv4 with DHCP and DNS. */
function featureSuffixes({ four, six, dhcp, dhcp6, dns }: InterfaceFeatures): string[] {
  return [
    ...(four ? [] : ["without-ipv4"]),
    ...(six ? [dhcp6 ? "dhcp6" : "ipv6"] : []),
    ...(four && !dhcp && !dns ? ["static"] : []),
    ...(four && !dhcp && dns ? ["without-dhcp"] : []),
    ...(four && dhcp && !dns ? ["without-dns"] : []),
  ];
}
