import { blockText, type CidrBlock } from "./ip-addresses";
import { flowText, type PortSpan, type Rule } from "./model";

/** A rule of a filter, in the form of the libvirt_nwfilter resource. */
export interface FilterRule {
  readonly action: "accept" | "drop";
  readonly direction: "in" | "out" | "inout";
  readonly priority: number;
  readonly protocol: string;
  readonly match?: readonly string[];
  readonly statematch?: boolean;
}

/** Rules by name. A rule's name is its comment on the host. */
export type FilterRules = Record<string, FilterRule>;

/** Priorities of rules. libvirt applies lower numbers first. */
export const priorities = {
  spoofing: 10,
  services: 200,
  host: 400,
  flows: 500,
  appNetworks: 600,
  outside: 700,
  defaultDrop: 1000,
} as const;

/** The variables with which an interface's filter refers to the interface's own addresses and its network's server. */
export const variables = {
  ip: "$IP",
  ip6: "$IPV6",
  // By index: two lists in one rule must have the same length, and there is only one server.
  server: "$SERVER[0]",
  server6: "$SERVER6[0]",
} as const;

/** Formats conditions as libvirt_nwfilter requires them: sorted, and without those that have no value. */
export function matchConditions(
  conditions: Readonly<Record<string, string | number | undefined>>,
): readonly string[] | undefined {
  const given = Object.entries(conditions).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return given.length === 0 ? undefined : given.sort();
}

/** An address in a rule: a CIDR block, a variable, or undefined for any address. */
export type PacketAddress = CidrBlock | string | undefined;

/** Conditions on the source or destination address of a packet. */
export function addressConditions(
  side: "src" | "dst",
  place: PacketAddress,
): Record<string, string | number | undefined> {
  if (place === undefined) {
    return {};
  }
  if (typeof place === "string") {
    return { [`${side}ipaddr`]: place };
  }
  const all = place.address.includes(":") ? 128 : 32;
  // A block of all addresses needs no condition.
  return place.prefix === 0
    ? {}
    : { [`${side}ipaddr`]: place.address, [`${side}ipmask`]: place.prefix === all ? undefined : place.prefix };
}

/** Conditions on the source or destination port of a packet. */
export function portConditions(side: "src" | "dst", ports: PortSpan | undefined): Record<string, number | undefined> {
  if (ports === undefined) {
    return {};
  }
  const [start, last] = ports;
  return { [`${side}portstart`]: start, [`${side}portend`]: last === start ? undefined : last };
}

/** A flow between two addresses, as an interface sees it. */
export interface InterfaceFlow {
  readonly rule: Rule;
  /** `out` if the interface is at the end that initiates the flow, `in` if it is at the other end. */
  readonly direction: "out" | "in";
  readonly from: PacketAddress;
  readonly to: PacketAddress;
  readonly family: 4 | 6;
  readonly priority: number;
  /** Whether the guest forwards the flow: it then sends with addresses of other machines, which the bridge must let through, too. */
  readonly forwarded?: boolean;
  readonly label: string;
}

/**
 * The rules for a flow: one that tracks connections, for iptables, and one without connections for each direction on the bridge.
 *
 * The rules on the bridge (ebtables) see packets to a guest that iptables does not see: packets that the host routes or sends
 * itself. Observed with libvirt 9.0: the iptables chain for packets to a guest matches only bridged packets
 * (`--physdev-is-bridged`). The rules on the bridge are also the only ones that apply while libvirt replaces filters, because it
 * removes its chains from iptables during that time, for all guests of the host.
 *
 * On the bridge, a guest's packets are restricted by destination address but not by port: only the first fragment of a packet has
 * ports, so a rule with ports would drop the others.
 */
export function flowRules({
  rule,
  direction,
  from,
  to,
  family,
  priority,
  forwarded,
  label,
}: InterfaceFlow): FilterRules {
  const rules: FilterRules = {};
  const suffix = rule.reason === undefined ? "" : `: ${rule.reason}`;
  const layer = family === 4 ? "ip" : "ipv6";
  const onBridge = bridgeProtocol(rule.protocol, family);
  for (const ports of rule.ports.length === 0 ? [undefined] : rule.ports) {
    const flow = flowText({ protocol: rule.protocol, ports: ports === undefined ? [] : [ports] });
    const name = (what: string) => `${rule.name}, ${flow} ${label}${what}${suffix}`.slice(0, 255);
    rules[name("")] = {
      action: "accept",
      direction,
      priority: priority,
      protocol: statefulProtocol(rule.protocol, family),
      match: matchConditions({
        ...addressConditions("src", direction === "out" && !forwarded ? undefined : from),
        ...addressConditions("dst", direction === "in" && !forwarded ? undefined : to),
        ...portConditions("dst", ports),
      }),
    };
    const [source, target, side] = direction === "in" ? ([from, to, "dst"] as const) : ([to, from, "src"] as const);
    rules[name(", on the bridge")] = {
      action: "accept",
      direction: "in",
      priority: priority,
      protocol: layer,
      match: matchConditions({
        protocol: onBridge,
        ...addressConditions("src", source),
        ...addressConditions("dst", target),
        ...portConditions(side, ports),
      }),
    };
  }
  const [source, target] = direction === "out" ? [from, to] : [to, from];
  rules[`${family === 4 ? "IPv4" : "IPv6"} from ${addressText(source)} to ${addressText(target)}, on the bridge`] = {
    action: "accept",
    direction: "out",
    priority: priority,
    protocol: layer,
    match: matchConditions({ ...addressConditions("src", source), ...addressConditions("dst", target) }),
  };
  return rules;
}

function addressText(place: PacketAddress): string {
  return place === undefined || typeof place === "string" ? "its own addresses" : blockText(place);
}

function statefulProtocol(protocol: Rule["protocol"], family: 4 | 6): string {
  if (protocol === "icmp") {
    return family === 4 ? "icmp" : "icmpv6";
  }
  const name = protocol === "any" ? "all" : protocol;
  return family === 4 ? name : `${name}-ipv6`;
}

function bridgeProtocol(protocol: Rule["protocol"], family: 4 | 6): string | undefined {
  if (protocol === "any") {
    return undefined;
  }
  return protocol === "icmp" && family === 6 ? "icmpv6" : protocol;
}
