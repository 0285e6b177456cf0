import {
  addressConditions,
  type FilterRule,
  type FilterRules,
  matchConditions,
  priorities,
  variables,
} from "./filter-rules";
import type { CidrBlock } from "./ip-addresses";

const { ip, ip6, server, server6 } = variables;

const accept = (
  direction: FilterRule["direction"],
  priority: number,
  protocol: string,
  conditions: Parameters<typeof matchConditions>[0] = {},
) => ({ action: "accept", direction, priority, protocol, match: matchConditions(conditions) }) as const;

const drop = (
  direction: FilterRule["direction"],
  priority: number,
  protocol: string,
  conditions: Parameters<typeof matchConditions>[0] = {},
) => ({ action: "drop", direction, priority, protocol, match: matchConditions(conditions) }) as const;

const stateless = (rule: FilterRule): FilterRule => ({ ...rule, statematch: false });

/**
 * Drops frames with another source MAC address than the interface's own, and all frames that no other filter accepts, such as
 * frames with VLAN tags and STP.
 */
export const frames: FilterRules = {
  "drop other source MAC addresses": drop("out", priorities.spoofing, "mac", { match: "no", srcmacaddr: "$MAC" }),
  // QEMU sends this for the guest after a migration, so that switches learn the guest's new port.
  "RARP announcement after a migration": accept("out", priorities.services, "rarp", {
    arpdstmacaddr: "$MAC",
    arpsrcmacaddr: "$MAC",
    opcode: "Request_Reverse",
  }),
  "drop all other frames": drop("inout", priorities.defaultDrop, "mac"),
};

/** Accepts ARP for the interface's own addresses. */
export const arp: FilterRules = {
  "drop ARP for other MAC addresses": drop("out", priorities.spoofing, "arp", { match: "no", arpsrcmacaddr: "$MAC" }),
  "ARP from its own addresses": accept("out", priorities.services, "arp", { arpsrcipaddr: ip }),
  "ARP probe for duplicate addresses": accept("out", priorities.services, "arp", { arpsrcipaddr: "0.0.0.0" }),
  "ARP for its own addresses": accept("in", priorities.services, "arp", { arpdstipaddr: ip }),
  "ARP replies": accept("in", priorities.services, "arp", { arpdstmacaddr: "$MAC", opcode: "Reply" }),
};

/** Accepts the neighbour discovery that IPv6 needs, but no messages that only routers send. */
export const neighbourDiscovery: FilterRules = {
  "drop router advertisements": drop("out", priorities.services, "ipv6", { protocol: "icmpv6", type: 134 }),
  "drop redirects": drop("out", priorities.services, "ipv6", { protocol: "icmpv6", type: 137 }),
  "duplicate address detection": accept("out", priorities.services, "ipv6", {
    srcipaddr: "::",
    protocol: "icmpv6",
    type: 135,
  }),
  "multicast listener report without an address": accept("out", priorities.services, "ipv6", {
    srcipaddr: "::",
    protocol: "icmpv6",
    type: 143,
  }),
  ...icmpv6("router solicitation", ["out"], 133),
  ...icmpv6("router advertisement", ["in"], 134),
  ...icmpv6("neighbour solicitation", ["out", "in"], 135),
  ...icmpv6("neighbour advertisement", ["out", "in"], 136),
  ...icmpv6("multicast listener query", ["in"], 130),
  ...icmpv6("multicast listener report", ["out"], 143),
};

/** Accepts DHCP with the network's own server only. */
export const dhcp: FilterRules = {
  "DHCP discover, on the bridge": accept("out", priorities.services, "ip", {
    srcipaddr: "0.0.0.0",
    dstipaddr: "255.255.255.255",
    protocol: "udp",
    srcportstart: 68,
    dstportstart: 67,
  }),
  "DHCP rebind, on the bridge": accept("out", priorities.services, "ip", {
    srcipaddr: ip,
    dstipaddr: "255.255.255.255",
    protocol: "udp",
    srcportstart: 68,
    dstportstart: 67,
  }),
  "DHCP renewal, on the bridge": accept("out", priorities.services, "ip", {
    srcipaddr: ip,
    dstipaddr: server,
    protocol: "udp",
    srcportstart: 68,
    dstportstart: 67,
  }),
  "DHCP replies, on the bridge": accept("in", priorities.services, "ip", {
    srcipaddr: server,
    protocol: "udp",
    srcportstart: 67,
    dstportstart: 68,
  }),
  "DHCP broadcast": stateless(
    accept("out", priorities.services, "udp", { dstipaddr: "255.255.255.255", srcportstart: 68, dstportstart: 67 }),
  ),
  "DHCP to the server": stateless(
    accept("out", priorities.services, "udp", { dstipaddr: server, srcportstart: 68, dstportstart: 67 }),
  ),
};

/** Accepts DHCPv6. */
export const dhcp6: FilterRules = {
  "DHCPv6 requests, on the bridge": accept("out", priorities.services, "ipv6", {
    srcipaddr: ip6,
    dstipaddr: "ff02::1:2",
    protocol: "udp",
    srcportstart: 546,
    dstportstart: 547,
  }),
  "DHCPv6 replies, on the bridge": accept("in", priorities.services, "ipv6", {
    srcipaddr: "fe80::",
    srcipmask: 10,
    protocol: "udp",
    srcportstart: 547,
    dstportstart: 546,
  }),
  "DHCPv6 requests": stateless(
    accept("out", priorities.services, "udp-ipv6", { dstipaddr: "ff02::1:2", srcportstart: 546, dstportstart: 547 }),
  ),
};

/** Accepts DNS with the network's own server only. */
export const dns: FilterRules = {
  ...dnsQueries("udp", "ip", "udp", server, ip),
  ...dnsQueries("tcp", "ip", "tcp", server, ip),
};

/** Accepts DNS over IPv6 with the network's own server only. */
export const dns6: FilterRules = {
  ...dnsQueries("udp over IPv6", "ipv6", "udp", server6, ip6),
  ...dnsQueries("tcp over IPv6", "ipv6", "tcp", server6, ip6),
};

/** Drops all other traffic to and from the host, at each of its addresses. */
export function hostRules(own: readonly CidrBlock[]): FilterRules {
  return Object.fromEntries(
    own.flatMap((block): [string, FilterRule][] => {
      const layer = block.address.includes(":") ? "ipv6" : "ip";
      return [
        [
          `drop traffic to the host at ${block.address}`,
          drop("out", priorities.host, layer, addressConditions("dst", block)),
        ],
        [
          `drop traffic from the host at ${block.address}`,
          drop("in", priorities.host, layer, addressConditions("src", block)),
        ],
      ];
    }),
  );
}

/**
 * Drops what no rule has accepted. A family that the interface has no address of needs no rule: the frames filter already drops it.
 */
export function dropRest({ four, six }: { readonly four: boolean; readonly six: boolean }): FilterRules {
  return {
    ...(four ? { "drop everything else": drop("inout", priorities.defaultDrop, "all") } : {}),
    ...(six ? { "drop all other IPv6": drop("inout", priorities.defaultDrop, "all-ipv6") } : {}),
  };
}

/**
 * Accepts an ICMPv6 message of the link. A message from the guest must have the guest's own source address.
 *
 * Each direction has its own rule: libvirt 9.0 creates no ip6tables rule from a rule for both directions that names a type.
 */
function icmpv6(what: string, directions: readonly ("in" | "out")[], type: number): FilterRules {
  const rules: FilterRules = {};
  for (const direction of directions) {
    const own = direction === "out" ? { srcipaddr: ip6 } : {};
    rules[`${what}, ${direction === "in" ? "received" : "sent"} on the bridge`] = accept(
      direction,
      priorities.services,
      "ipv6",
      { ...own, protocol: "icmpv6", type },
    );
    const name = `${what}, ${direction === "in" ? "received" : "sent"}`;
    rules[name] = stateless(accept(direction, priorities.services, "icmpv6", { type }));
  }
  return rules;
}

/** Accepts DNS queries to a server over one protocol. */
function dnsQueries(what: string, layer: string, protocol: string, at: string, own: string): FilterRules {
  const stateful = layer === "ip" ? protocol : `${protocol}-ipv6`;
  return {
    [`DNS over ${what}`]: accept("out", priorities.services, stateful, { dstipaddr: at, dstportstart: 53 }),
    [`DNS over ${what}, on the bridge`]: accept("out", priorities.services, layer, {
      srcipaddr: own,
      dstipaddr: at,
      protocol,
      dstportstart: 53,
    }),
    [`DNS over ${what}, replies on the bridge`]: accept("in", priorities.services, layer, {
      srcipaddr: at,
      dstipaddr: own,
      protocol,
      srcportstart: 53,
    }),
  };
}
