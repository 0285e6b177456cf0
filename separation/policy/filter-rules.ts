import { type CidrBlock, blockText } from "./ip-addresses";
import { flowText, type PortSpan, type Rule } from "./model";

/** A rule of a filter, as libvirt_nwfilter has it. */
export interface FilterRule {
  readonly action: "accept" | "drop";
  readonly direction: "in" | "out" | "inout";
  readonly priority: number;
  readonly protocol: string;
  readonly match?: readonly string[];
  readonly statematch?: boolean;
}

/** Rules by the names that they have on the host. */
export type FilterRules = Record<string, FilterRule>;

/** When rules have their turn. */
export const priorities = {
  frames: 10,
  services: 200,
  host: 400,
  flows: 500,
  apart: 600,
  outside: 700,
  defaultDrop: 1000,
} as const;

/** What filters are told about an interface. */
export const variables = {
  ip: "$IP",
  ip6: "$IPV6",
  // By its place: two lists in one rule must be of one length, and there is one server.
  server: "$SERVER[0]",
  server6: "$SERVER6[0]",
} as const;

/** Conditions, as libvirt_nwfilter wants them: in order, those without a value left out. */
export function matchConditions(
  conditions: Readonly<Record<string, string | number | undefined>>,
): readonly string[] | undefined {
  const given = Object.entries(conditions).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return given.length === 0 ? undefined : given.sort();
}

/** Where the other end is: an address of the app's, anything outside, or a variable. */
export type PacketAddress = CidrBlock | string | undefined;

/** One end of a packet, as conditions: `src` or `dst`. */
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
  // Every address is one that nobody needs to name.
  return place.prefix === 0
    ? {}
    : { [`${side}ipaddr`]: place.address, [`${side}ipmask`]: place.prefix === all ? undefined : place.prefix };
}

export function portConditions(side: "src" | "dst", ports: PortSpan | undefined): Record<string, number | undefined> {
  if (ports === undefined) {
    return {};
  }
  const [start, last] = ports;
  return { [`${side}portstart`]: start, [`${side}portend`]: last === start ? undefined : last };
}

/** A flow between two places, as an interface sees it. */
export interface InterfaceFlow {
  readonly rule: Rule;
  /** Whether the interface is at the end that begins (`out`), or at the other. */
  readonly direction: "out" | "in";
  readonly from: PacketAddress;
  readonly to: PacketAddress;
  readonly family: 4 | 6;
  readonly priority: number;
  /** Whether what the guest sends has an address that is not its own, and so must be let through on the bridge too. */
  readonly forwarded?: boolean;
  readonly label: string;
}

/**
 * A flow as rules: one that knows connections, for iptables, and for each direction on the bridge one that does not.
 *
 * Those on the bridge (ebtables) see what iptables never does on its way to a guest: what the host routes there or begins
 * itself. Observed with libvirt 9.0: its chain for what goes to a guest is for bridged packets (`--physdev-is-bridged`). And they
 * alone hold while libvirt puts filters in place: it takes its chains out of iptables then, for all guests of the host.
 *
 * What a guest sends is held there to whom it may talk to, not to ports: of the later fragments of a packet, which have none, nothing
 * is known on the bridge.
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
  const made: FilterRules = {};
  const suffix = rule.reason === undefined ? "" : `: ${rule.reason}`;
  const layer = family === 4 ? "ip" : "ipv6";
  const onBridge = bridgeProtocol(rule.protocol, family);
  for (const ports of rule.ports.length === 0 ? [undefined] : rule.ports) {
    const flow = flowText({ protocol: rule.protocol, ports: ports === undefined ? [] : [ports] });
    const name = (what: string) => `${rule.name}, ${flow} ${label}${what}${suffix}`.slice(0, 255);
    made[name("")] = {
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
    made[name(", on the bridge")] = {
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
  made[`${family === 4 ? "IPv4" : "IPv6"} from ${addressText(source)} to ${addressText(target)}, on the bridge`] = {
    action: "accept",
    direction: "out",
    priority: priority,
    protocol: layer,
    match: matchConditions({ ...addressConditions("src", source), ...addressConditions("dst", target) }),
  };
  return made;
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
