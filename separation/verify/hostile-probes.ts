import {
  type Endpoint,
  type ExpectedTraffic,
  shareSegment,
  type Service,
  servicesOf,
  serviceText,
  unnamedServices,
} from "./expected";
import { rulesForwardedBy } from "../policy/model-index";
import type { Model, Rule } from "../policy/model";
import { nextHops, type ProbeRecorder } from "./probe";
import { eui64 } from "../policy/ip-addresses";

/** A VLAN that nobody is in who is not told so. */
const unusedVlan = 100;

/** A MAC address that is nobody's. */
const unusedMac = "02:00:00:00:00:01";

const limitedBroadcast = "255.255.255.255";

/** What somebody sends who has taken over a guest and wants out: from each interface that a filter is on. */
export function hostileProbes(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  from: readonly Endpoint[],
): void {
  for (const end of from) {
    if (!end.group.network.filtered) continue;
    addSpoofing(probes, model, expected, end);
    const near = neighboursOf(expected, end);
    if (expected.family === 4) {
      addLinkLayer(probes, end, near);
      addIPv4(probes, model, expected, end, near);
    } else {
      addFilterEvasion(probes, model, expected, end, near);
    }
    addIPv6(probes, expected, end, near);
  }
}

/** Others whose interfaces its frames reach. */
function neighboursOf(expected: ExpectedTraffic, { machine, group }: Endpoint): readonly Endpoint[] {
  return expected.endpoints.filter((other) => other.machine !== machine && shareSegment(other.group, group));
}

/** As somebody who is allowed what it is not: by address, and by MAC address. */
function addSpoofing(probes: ProbeRecorder, model: Model, expected: ExpectedTraffic, end: Endpoint): void {
  const flows = exchangesNear(model, expected, end);
  const forwarded = end.group.gateway === undefined ? [] : rulesForwardedBy(end.group.gateway, model.rules);
  const others = flows.filter(
    ({ from, to, rule }) => from.machine !== end.machine && to.machine !== end.machine && !forwarded.includes(rule),
  );
  const isNear = ({ to }: AllowedExchange) => shareSegment(to.group, end.group);
  // One that it could reach itself, and one by a next hop.
  for (const flow of [others.find(isNear), others.find((each) => !isNear(each))]) {
    if (flow === undefined) continue;
    const { from, to, spoken } = flow;
    const what = `${serviceText(spoken)} in the name of ${from.address}`;
    const target = { target: to.address, port: spoken.port, ...nextHops(expected, end, to) };
    for (const kind of [kinds[spoken.protocol], "ip-spoof"] as const) {
      const probe = { to: to.machine.path, what, expectation: "denied" } as const;
      probes.frame(probe, end, { kind, source: from.address, ...target });
    }
  }
  const own = flows.find(({ from, to }) => from.machine === end.machine && to.machine !== end.machine);
  if (own !== undefined) {
    const { to, spoken } = own;
    const near = neighboursOf(expected, end).find((other) => other.machine !== to.machine);
    const sourceMAC = near?.nic.mac ?? unusedMac;
    const what = `${serviceText(spoken)} from the MAC address ${sourceMAC}`;
    const target = { sourceMAC, target: to.address, port: spoken.port, ...nextHops(expected, end, to) };
    for (const kind of [kinds[spoken.protocol], "mac-spoof"] as const) {
      probes.frame({ to: to.machine.path, what, expectation: "denied" }, end, { kind, ...target });
    }
  }
}

const kinds = { tcp: "tcp-syn", udp: "udp", icmp: "icmp" } as const;

interface AllowedExchange {
  readonly rule: Rule;
  readonly spoken: Service;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** One of each rule that has an end near an interface, and of those that it may begin itself. */
function exchangesNear(model: Model, expected: ExpectedTraffic, end: Endpoint): readonly AllowedExchange[] {
  const unnamed = unnamedServices(model);
  return model.rules.flatMap((rule) => {
    const [spoken] = servicesOf(rule, unnamed);
    const [froms, tos] = [rule.from, rule.to].map((selector) => {
      const groups = expected.index.groupsOf(selector);
      return expected.endpoints.filter(({ group }) => groups.includes(group));
    });
    const own = froms?.find((each) => each === end);
    const others = froms?.filter((each) => each.machine !== end.machine).slice(0, 1) ?? [];
    return spoken === undefined
      ? []
      : [...(own === undefined ? [] : [own]), ...others].flatMap((from) => {
          const to = tos?.find(
            (each) =>
              each.machine !== from.machine &&
              each.machine !== end.machine &&
              expected.rulesBetween(from.group, each.group).some((known) => known.rule === rule && known.hasRoute),
          );
          return to === undefined ? [] : [{ rule, spoken, from, to }];
        });
  });
}

/** What is no IP at all. */
function addLinkLayer(probes: ProbeRecorder, end: Endpoint, near: readonly Endpoint[]): void {
  const [victim, other] = near;
  const { gateway } = end.group.network;
  for (const [claimed, whose] of [
    [victim?.address, victim?.machine.name],
    [gateway, "the host"],
  ] as const) {
    if (claimed === undefined || whose === undefined) continue;
    const target = claimed === victim?.address ? (other?.address ?? gateway) : victim?.address;
    const what = `ARP that claims ${claimed} of ${whose}`;
    probes.frame({ what, expectation: "denied" }, end, {
      kind: "arp-spoof",
      source: claimed,
      target: target ?? claimed,
    });
  }
  const target = victim?.address ?? gateway ?? limitedBroadcast;
  const vlan = { kind: "vlan", target, port: 9, vlan: unusedVlan } as const;
  probes.frame({ what: "a frame with a VLAN tag", expectation: "denied" }, end, vlan);
  probes.frame({ what: "LLDP", expectation: "denied" }, end, { kind: "lldp", target: limitedBroadcast });
  probes.frame({ what: "spanning tree", expectation: "denied" }, end, { kind: "stp", target: limitedBroadcast });
}

/** What is for all, or says something of the network. */
function addIPv4(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  end: Endpoint,
  near: readonly Endpoint[],
): void {
  const { gateway } = end.group.network;
  const port = 9;
  const denied = (what: string) => ({ what, expectation: "denied" }) as const;
  probes.frame(denied("a broadcast by udp 9"), end, { kind: "broadcast", target: limitedBroadcast, port });
  probes.frame(denied("a multicast by udp 5353"), end, { kind: "multicast", target: "224.0.0.251", port: 5353 });
  probes.frame(denied("an offer by DHCP"), end, { kind: "dhcp-offer", target: limitedBroadcast });
  if (gateway !== undefined) {
    const offer = { kind: "dhcp-offer", source: gateway, target: limitedBroadcast } as const;
    probes.frame(denied("an offer by DHCP in the name of the host"), end, offer);
  }
  addFilterEvasion(probes, model, expected, end, near);
}

/** What a neighbour must not get, and what would get round a filter that looks at ports: fragments, tunnels, redirects. */
function addFilterEvasion(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  end: Endpoint,
  near: readonly Endpoint[],
): void {
  const others = [...near, ...expected.endpoints.filter((other) => other.machine !== end.machine)];
  const udp = unnamedServices(model).find(({ protocol }) => protocol === "udp");
  const isDenied = (other: Endpoint) =>
    [udp, { protocol: "icmp", port: 0 } as const].every(
      (spoken) => spoken !== undefined && expected.outcomeOf(end, other, spoken).kind === "denied",
    );
  const victim = others.find(isDenied);
  if (victim === undefined || udp === undefined) return;
  const suffix = expected.family === 6 ? " over IPv6" : "";
  const target = { target: victim.address, ...nextHops(expected, end, victim) };
  const to = victim.machine.path;
  for (const [kind, what, port] of [
    ["fragments", `${serviceText(udp)} in fragments${suffix}`, udp.port],
    ["late-fragment", `a fragment without its first${suffix}`, udp.port],
    ["gre", `GRE${suffix}`, 0],
    ["redirect", `a redirect by ICMP${suffix}`, 0],
  ] as const) {
    probes.frame({ to, what, expectation: "denied" }, end, { kind, port, ...target });
  }
}

const allNodes = "ff02::1";

/** What IPv6 has on every link, whether or not anybody there was given an address of it. */
function addIPv6(probes: ProbeRecorder, expected: ExpectedTraffic, end: Endpoint, near: readonly Endpoint[]): void {
  const { mac } = end.nic;
  // Each interface once: with its IPv6 addresses, where it has any.
  const hasBoth = end.nic.addresses.length > 0 && end.nic.addresses6.length > 0;
  if (mac === undefined || (expected.family === 4 && hasBoth)) return;
  const from = { ...end, address: eui64("fe80::", mac) };
  const denied = (what: string) => ({ what, expectation: "denied" }) as const;
  const advertisement = { kind: "router-advertisement", target: allNodes } as const;
  probes.frame(denied("a router advertisement"), from, advertisement);
  probes.frame(denied("a multicast by udp 5353 over IPv6"), from, {
    kind: "multicast",
    target: "ff02::fb",
    port: 5353,
  });
  probes.frame(denied("an advertisement by DHCPv6"), from, { kind: "dhcp6-advertise", target: allNodes });
  const victim = near.find(({ nic }) => nic.addresses6.length > 0);
  const claimed = victim?.nic.addresses6.find((address) => !address.startsWith("fe80")) ?? eui64("fe80::", unusedMac);
  // A false one from an interface that has IPv6 is told to its link: whose connection it breaks it can't read, as what
  // arrives for an address that is not its own is dropped. decisions/0009 says so. From all others it is dropped.
  const isKnown = end.nic.addresses6.length > 0;
  probes.frame({ what: "a false neighbour advertisement", expectation: isKnown ? "known" : "denied" }, from, {
    kind: "neighbour-advertisement",
    source: claimed,
    target: allNodes,
  });
}
