import { type GatewayNode, type NetworkNode, outside, type Rule, type Selector, type Zone } from "./model";
import { type InterfaceGroup, type ModelIndex, rulesForwardedBy, segmentsOf } from "./model-index";

/** One step of a route. */
export interface Hop {
  readonly kind: "segment" | "host" | "gateway" | "outside";
  readonly text: string;
}

interface Edge {
  readonly to: string;
  readonly hop: Hop;
}

/**
 * The routes that packets can take if no filter drops them: over segments, through hosts that route between them, through
 * gateways, and to the outside.
 */
export class Reachability {
  /** Edges that exist whatever the policy says: through hosts. */
  private readonly edges = new Map<string, Edge[]>();
  private readonly edgesByRule = new Map<string, Map<string, Edge[]>>();

  constructor(private readonly index: ModelIndex) {
    const byHost = new Map<string, NetworkNode[]>();
    for (const network of index.model.networks) {
      byHost.set(network.host, [...(byHost.get(network.host) ?? []), network]);
      this.addOutside(network);
    }
    for (const networks of byHost.values()) {
      this.addHostRouting(networks);
    }
    for (const gateway of index.model.gateways) {
      this.addGateway(gateway);
    }
  }

  /** The shortest route for a rule's traffic and for the answers; undefined if there is none. */
  public routeOf(rule: Rule): readonly Hop[] | undefined {
    return this.findRoute(this.segmentsOf(rule.from), this.segmentsOf(rule.to), rule.name);
  }

  /** The shortest route between segments. Without a rule's name, gateways forward nothing. */
  public findRoute(from: readonly string[], to: readonly string[], rule?: string): readonly Hop[] | undefined {
    const ends = new Set(to);
    const gateways = rule === undefined ? undefined : this.edgesByRule.get(rule);
    const before = new Map<string, { readonly from: string; readonly hop: Hop } | undefined>();
    const queue = [...from];
    queue.forEach((segment) => before.set(segment, undefined));
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      if (ends.has(at)) {
        return this.trace(at, before);
      }
      for (const { to: next, hop } of [...(this.edges.get(at) ?? []), ...(gateways?.get(at) ?? [])]) {
        if (!before.has(next)) {
          before.set(next, { from: at, hop });
          queue.push(next);
        }
      }
    }
    return undefined;
  }

  public segmentsOf(selector: Selector): readonly string[] {
    if (selector.kind === "outside") {
      return [outside];
    }
    const segments = this.index.groupsOf(selector).flatMap((group: InterfaceGroup) => group.segments);
    const networks = this.index.networksOf(selector).flatMap((network) => segmentsOf(network));
    return [...new Set([...segments, ...networks])];
  }

  private trace(
    end: string,
    before: ReadonlyMap<string, { readonly from: string; readonly hop: Hop } | undefined>,
  ): Hop[] {
    const hops: Hop[] = [];
    for (let at: string | undefined = end; at !== undefined;) {
      hops.unshift({ kind: at === outside ? "outside" : "segment", text: this.segmentText(at) });
      const edge = before.get(at);
      if (edge !== undefined) {
        hops.unshift(edge.hop);
      }
      at = edge?.from;
    }
    return hops;
  }

  private segmentText(segment: string): string {
    if (segment === outside) {
      return "outside addresses";
    }
    const network = this.index.model.networks.find((each) => segmentsOf(each).includes(segment));
    if (network === undefined || segment.startsWith("uplink ")) {
      return segment.replace(/^uplink /, "bridge or device ");
    }
    return `network '${network.name}' on host '${this.index.hostName(network.host)}'`;
  }

  private addEdge(from: string, to: string, hop: Hop): void {
    const steps = this.edges.get(from) ?? [];
    this.edges.set(from, steps);
    steps.push({ to, hop });
  }

  private addOutside(network: NetworkNode): void {
    const host = this.index.hostName(network.host);
    const how = egressOf(network, this.index.zoneOf(network));
    const isRouted = network.mode === "nat" || network.mode === "route";
    const beyond = how !== undefined ? [outside] : isRouted ? network.uplinks.map((uplink) => `uplink ${uplink}`) : [];
    const hop: Hop = { kind: "host", text: `${how ?? `the routing (${network.mode ?? ""})`} of host '${host}'` };
    for (const segment of segmentsOf(network)) {
      for (const end of beyond) {
        this.addEdge(segment, end, hop);
        // Connections from outside do not pass address translation (NAT).
        if (network.mode !== "nat") this.addEdge(end, segment, hop);
      }
    }
  }

  private addHostRouting(networks: readonly NetworkNode[]): void {
    for (const one of networks) {
      for (const other of networks) {
        if (one !== other && (hostRoutes(one, other) || hostRoutes(other, one))) {
          const text = `host '${this.index.hostName(one.host)}', which routes between '${one.name}' and '${other.name}'`;
          this.addEdge(segmentsOf(one)[0] ?? "", segmentsOf(other)[0] ?? "", { kind: "host", text });
        }
      }
    }
  }

  private addGateway(gateway: GatewayNode): void {
    const machine = this.index.machines.get(gateway.machine);
    const sides = (machine?.interfaces ?? []).flatMap((nic) => {
      const network = this.index.networks.get(nic.network ?? "");
      return network === undefined ? [] : [{ network, segments: segmentsOf(network, nic) }];
    });
    const segments = sides.flatMap((side) => side.segments);
    // Observed with libvirt 9.0: the host translates the source address of all traffic that leaves a network of this mode, also
    // of traffic to a gateway on the network's own bridge. The gateway then sees the host as the sender. Answers are not
    // translated.
    const sources = sides.filter(({ network }) => network.mode !== "nat").flatMap((side) => side.segments);
    for (const { name } of rulesForwardedBy(gateway, this.index.model.rules)) {
      const steps = this.edgesByRule.get(name) ?? new Map<string, Edge[]>();
      this.edgesByRule.set(name, steps);
      const hop: Hop = {
        kind: "gateway",
        text: `gateway '${machine?.name ?? gateway.machine}', which forwards '${name}'`,
      };
      for (const from of sources) {
        const others = segments.filter((to) => to !== from);
        steps.set(from, [...(steps.get(from) ?? []), ...others.map((to) => ({ to, hop }))]);
      }
    }
  }
}

/**
 * Describes how traffic leaves a network to outside addresses; undefined if it cannot.
 *
 * A device of the host that the zone lists in its uplinks leads only to the zone's own machines, and so not outside.
 */
export function egressOf({ mode, uplinks }: NetworkNode, zone: Zone | undefined): string | undefined {
  const undeclared = uplinks.filter((uplink) => zone?.uplinks.includes(uplink) !== true);
  switch (mode) {
    case "isolated":
      return undefined;
    case "nat":
    case "route":
      return uplinks.length > 0 && undeclared.length === 0 ? undefined : `the routing (${mode})`;
    case "open":
      return "the routing (open)";
    case "bridge":
    case "direct":
    case "sriov":
      return undeclared.length === 0
        ? undefined
        : `${mode === "bridge" ? "bridge" : "device"} '${undeclared[0] ?? ""}'`;
    case undefined:
      return "an existing network of unknown mode";
  }
}

/**
 * Reports whether the host forwards new connections from one of its networks to another, and the answers back.
 *
 * libvirt's firewall rules for the destination network decide first: a routed network accepts all traffic, a network behind
 * address translation (NAT) accepts only answers. A network with a forward device reaches only that device.
 *
 * @see https://libvirt.org/firewall.html#the-virtual-network-driver
 */
function hostRoutes(one: NetworkNode, other: NetworkNode): boolean {
  const routed = (network: NetworkNode) =>
    (network.mode === "route" || network.mode === "open") && network.uplinks.length === 0 && hostHasAddress(network);
  const leaves = routed(one) || (one.mode === "nat" && one.uplinks.length === 0 && hostHasAddress(one));
  return leaves && routed(other);
}

function hostHasAddress({ gateway, gateway6 }: NetworkNode): boolean {
  return gateway !== undefined || gateway6 !== undefined;
}

/** The route of each rule; undefined if the rule has none. */
export type RuleRoutes = ReadonlyMap<Rule, readonly Hop[] | undefined>;
