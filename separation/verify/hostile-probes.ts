import { eui64 } from "../policy/ip-addresses";
import type { Model, Rule } from "../policy/model";
import { rulesForwardedBy } from "../policy/model-index";
import { type Endpoint, type ExpectedTraffic, shareSegment } from "./expected-traffic";
import { nextHops } from "./next-hops";
import { openingFrames } from "./probe-protocol";
import type { ProbeRecorder } from "./probe-recorder";
import { type Service, servicesOf, serviceText, unnamedServices } from "./services";

/** A VLAN that no interface is in unless a network says so. */
const unusedVlan = 100;

/** A MAC address that no interface has. */
const unusedMac = "02:00:00:00:00:01";

const limitedBroadcast = "255.255.255.255";

/** Adds what an attacker in control of a guest could send, from each interface with a filter. */
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

/** Lists the endpoints of other machines that the endpoint's frames reach. */
function neighboursOf(expected: ExpectedTraffic, { machine, group }: Endpoint): readonly Endpoint[] {
  return expected.endpoints.filter((other) => other.machine !== machine && shareSegment(other.group, group));
}

/** Adds packets of allowed flows with the IP or MAC address of another machine. */
function addSpoofing(probes: ProbeRecorder, model: Model, expected: ExpectedTraffic, end: Endpoint): void {
  const flows = exchangesNear(model, expected, end);
  const forwarded = end.group.gateway === undefined ? [] : rulesForwardedBy(end.group.gateway, model.rules);
  const others = flows.filter(
    ({ from, to, rule }) => from.machine !== end.machine && to.machine !== end.machine && !forwarded.includes(rule),
  );
  const isNear = ({ to }: AllowedExchange) => shareSegment(to.group, end.group);
  // One flow on the endpoint's own segment, and one through a next hop.
  for (const flow of [others.find(isNear), others.find((each) => !isNear(each))]) {
    if (flow === undefined) continue;
    const { from, to, service } = flow;
    const what = `${serviceText(service)} in the name of ${from.address}`;
    const target = { target: to.address, port: service.port, ...nextHops(expected, end, to) };
    for (const kind of [openingFrames[service.protocol], "ip-spoof"] as const) {
      const probe = { to: to.machine.path, what, expectation: "denied" } as const;
      probes.frame(probe, end, { kind, source: from.address, ...target });
    }
  }
  const own = flows.find(({ from, to }) => from.machine === end.machine && to.machine !== end.machine);
  if (own !== undefined) {
    const { to, service } = own;
    const near = neighboursOf(expected, end).find((other) => other.machine !== to.machine);
    const sourceMAC = near?.nic.mac ?? unusedMac;
    const what = `${serviceText(service)} from the MAC address ${sourceMAC}`;
    const target = { sourceMAC, target: to.address, port: service.port, ...nextHops(expected, end, to) };
    for (const kind of [openingFrames[service.protocol], "mac-spoof"] as const) {
      probes.frame({ to: to.machine.path, what, expectation: "denied" }, end, { kind, ...target });
    }
  }
}

interface AllowedExchange {
  readonly rule: Rule;
  readonly service: Service;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** Lists one exchange for each rule, and one more for each rule that the endpoint itself may use. */
function exchangesNear(model: Model, expected: ExpectedTraffic, end: Endpoint): readonly AllowedExchange[] {
  const unnamed = unnamedServices(model);
  return model.rules.flatMap((rule) => {
    const [service] = servicesOf(rule, unnamed);
    const [froms, tos] = [rule.from, rule.to].map((selector) => {
      const groups = expected.index.groupsOf(selector);
      return expected.endpoints.filter(({ group }) => groups.includes(group));
    });
    const own = froms?.find((each) => each === end);
    const others = froms?.filter((each) => each.machine !== end.machine).slice(0, 1) ?? [];
    return service === undefined
      ? []
      : [...(own === undefined ? [] : [own]), ...others].flatMap((from) => {
          const to = tos?.find(
            (each) =>
              each.machine !== from.machine &&
              each.machine !== end.machine &&
              expected.rulesBetween(from.group, each.group).some((known) => known.rule === rule && known.hasRoute),
          );
          return to === undefined ? [] : [{ rule, service, from, to }];
        });
  });
}

/** Adds frames without IP. */
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
  probes.frame(denied("a frame with a VLAN tag"), end, vlan);
  probes.frame(denied("LLDP"), end, { kind: "lldp", target: limitedBroadcast });
  probes.frame(denied("spanning tree (STP)"), end, { kind: "stp", target: limitedBroadcast });
}

/** Adds IPv4 broadcasts, multicasts and messages that only servers of the network send. */
function addIPv4(
  probes: ProbeRecorder,
  model: Model,
  expected: ExpectedTraffic,
  end: Endpoint,
  near: readonly Endpoint[],
): void {
  const { gateway } = end.group.network;
  const port = 9;
  probes.frame(denied("a broadcast with udp 9"), end, { kind: "broadcast", target: limitedBroadcast, port });
  probes.frame(denied("a multicast with udp 5353"), end, { kind: "multicast", target: "224.0.0.251", port: 5353 });
  probes.frame(denied("a DHCP offer"), end, { kind: "dhcp-offer", target: limitedBroadcast });
  if (gateway !== undefined) {
    const offer = { kind: "dhcp-offer", source: gateway, target: limitedBroadcast } as const;
    probes.frame(denied("a DHCP offer in the name of the host"), end, offer);
  }
  addFilterEvasion(probes, model, expected, end, near);
}

/** Adds packets that could evade a filter on ports: fragments, tunnels and redirects. */
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
      (service) => service !== undefined && expected.outcomeOf(end, other, service).kind === "denied",
    );
  const victim = others.find(isDenied);
  if (victim === undefined || udp === undefined) return;
  const suffix = expected.family === 6 ? " over IPv6" : "";
  const target = { target: victim.address, ...nextHops(expected, end, victim) };
  const to = victim.machine.path;
  for (const [kind, what, port] of [
    ["fragments", `${serviceText(udp)} in fragments${suffix}`, udp.port],
    ["late-fragment", `a fragment without the first fragment${suffix}`, udp.port],
    ["gre", `GRE${suffix}`, 0],
    ["redirect", `an ICMP redirect${suffix}`, 0],
  ] as const) {
    probes.frame({ to, what, expectation: "denied" }, end, { kind, port, ...target });
  }
}

const allNodes = "ff02::1";

/** Adds the IPv6 messages that every link has, whether or not its interfaces have IPv6 addresses. */
function addIPv6(probes: ProbeRecorder, expected: ExpectedTraffic, end: Endpoint, near: readonly Endpoint[]): void {
  const { mac } = end.nic;
  // Each interface sends them once: with its IPv6 addresses if it has any.
  const hasBoth = end.nic.addresses.length > 0 && end.nic.addresses6.length > 0;
  if (mac === undefined || (expected.family === 4 && hasBoth)) return;
  const from = { ...end, address: eui64("fe80::", mac) };
  const advertisement = { kind: "router-advertisement", target: allNodes } as const;
  probes.frame(denied("a router advertisement"), from, advertisement);
  probes.frame(denied("a multicast with udp 5353 over IPv6"), from, {
    kind: "multicast",
    target: "ff02::fb",
    port: 5353,
  });
  probes.frame(denied("a DHCPv6 advertisement"), from, { kind: "dhcp6-advertise", target: allNodes });
  const victim = near.find(({ nic }) => nic.addresses6.length > 0);
  const claimed = victim?.nic.addresses6.find((address) => !address.startsWith("fe80")) ?? eui64("fe80::", unusedMac);
  // A false advertisement from an interface with IPv6 reaches its link (decisions/0009). It can interrupt a connection, but the
  // sender cannot read it, because packets to an address that is not its own are dropped. From all other interfaces it is dropped.
  const isKnown = end.nic.addresses6.length > 0;
  probes.frame({ what: "a false neighbour advertisement", expectation: isKnown ? "known" : "denied" }, from, {
    kind: "neighbour-advertisement",
    source: claimed,
    target: allNodes,
  });
}

/** What a probe that no machine may receive is recorded with. */
function denied(what: string) {
  return { what, expectation: "denied" } as const;
}
