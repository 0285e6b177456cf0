import { type End, type Expected, shareSegment, type Spoken, spokenOf, spokenText, unnamedOf } from "./expected";
import { forwardedBy } from "../policy/model-index";
import type { Model, Rule } from "../policy/model";
import { nextHops, type Probes } from "./probe";
import { eui64 } from "../policy/ranges";

/** A VLAN that nobody is in who is not told so. */
const foreignVlan = 100;

/** A MAC address that is nobody's. */
const nobodysMac = "02:00:00:00:00:01";

const everybody = "255.255.255.255";

/** What somebody sends who has taken over a guest and wants out: from each interface that a filter is on. */
export function hostileProbes(probes: Probes, model: Model, expected: Expected, from: readonly End[]): void {
  for (const end of from) {
    if (!end.group.network.filtered) continue;
    addForgeries(probes, model, expected, end);
    const near = neighboursOf(expected, end);
    if (expected.family === 4) {
      addOfLink(probes, end, near);
      addOfIPv4(probes, model, expected, end, near);
    } else {
      addDenied(probes, model, expected, end, near);
    }
    addOfIPv6(probes, expected, end, near);
  }
}

/** Others whose interfaces its frames reach. */
function neighboursOf(expected: Expected, { machine, group }: End): readonly End[] {
  return expected.ends.filter((other) => other.machine !== machine && shareSegment(other.group, group));
}

/** As somebody who is allowed what it is not: by address, and by MAC address. */
function addForgeries(probes: Probes, model: Model, expected: Expected, end: End): void {
  const flows = flowsFrom(model, expected, end);
  const forwarded = end.group.gateway === undefined ? [] : forwardedBy(end.group.gateway, model.rules);
  const others = flows.filter(
    ({ from, to, rule }) => from.machine !== end.machine && to.machine !== end.machine && !forwarded.includes(rule),
  );
  const isNear = ({ to }: Flow) => shareSegment(to.group, end.group);
  // One that it could reach itself, and one by a next hop.
  for (const flow of [others.find(isNear), others.find((each) => !isNear(each))]) {
    if (flow === undefined) continue;
    const { from, to, spoken } = flow;
    const what = `${spokenText(spoken)} in the name of ${from.address}`;
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
    const sourceMAC = near?.leg.mac ?? nobodysMac;
    const what = `${spokenText(spoken)} from the MAC address ${sourceMAC}`;
    const target = { sourceMAC, target: to.address, port: spoken.port, ...nextHops(expected, end, to) };
    for (const kind of [kinds[spoken.protocol], "mac-spoof"] as const) {
      probes.frame({ to: to.machine.path, what, expectation: "denied" }, end, { kind, ...target });
    }
  }
}

const kinds = { tcp: "tcp-syn", udp: "udp", icmp: "icmp" } as const;

interface Flow {
  readonly rule: Rule;
  readonly spoken: Spoken;
  readonly from: End;
  readonly to: End;
}

/** One of each rule that has an end near an interface, and of those that it may begin itself. */
function flowsFrom(model: Model, expected: Expected, end: End): readonly Flow[] {
  const unnamed = unnamedOf(model);
  return model.rules.flatMap((rule) => {
    const [spoken] = spokenOf(rule, unnamed);
    const [froms, tos] = [rule.from, rule.to].map((selector) => {
      const groups = expected.index.groupsOf(selector);
      return expected.ends.filter(({ group }) => groups.includes(group));
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
              expected.rulesBetween(from.group, each.group).some((known) => known.rule === rule && known.hasWay),
          );
          return to === undefined ? [] : [{ rule, spoken, from, to }];
        });
  });
}

/** What is no IP at all. */
function addOfLink(probes: Probes, end: End, near: readonly End[]): void {
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
  const target = victim?.address ?? gateway ?? everybody;
  const vlan = { kind: "vlan", target, port: 9, vlan: foreignVlan } as const;
  probes.frame({ what: "a frame with a VLAN tag", expectation: "denied" }, end, vlan);
  probes.frame({ what: "LLDP", expectation: "denied" }, end, { kind: "lldp", target: everybody });
  probes.frame({ what: "spanning tree", expectation: "denied" }, end, { kind: "stp", target: everybody });
}

/** What is for all, or says something of the network. */
function addOfIPv4(probes: Probes, model: Model, expected: Expected, end: End, near: readonly End[]): void {
  const { gateway } = end.group.network;
  const port = 9;
  const denied = (what: string) => ({ what, expectation: "denied" }) as const;
  probes.frame(denied("a broadcast by udp 9"), end, { kind: "broadcast", target: everybody, port });
  probes.frame(denied("a multicast by udp 5353"), end, { kind: "multicast", target: "224.0.0.251", port: 5353 });
  probes.frame(denied("an offer by DHCP"), end, { kind: "dhcp-offer", target: everybody });
  if (gateway !== undefined) {
    const offer = { kind: "dhcp-offer", source: gateway, target: everybody } as const;
    probes.frame(denied("an offer by DHCP in the name of the host"), end, offer);
  }
  addDenied(probes, model, expected, end, near);
}

/** What a neighbour must not get, and what would get round a filter that looks at ports: fragments, tunnels, redirects. */
function addDenied(probes: Probes, model: Model, expected: Expected, end: End, near: readonly End[]): void {
  const others = [...near, ...expected.ends.filter((other) => other.machine !== end.machine)];
  const udp = unnamedOf(model).find(({ protocol }) => protocol === "udp");
  const isDenied = (other: End) =>
    [udp, { protocol: "icmp", port: 0 } as const].every(
      (spoken) => spoken !== undefined && expected.verdict(end, other, spoken).kind === "denied",
    );
  const victim = others.find(isDenied);
  if (victim === undefined || udp === undefined) return;
  const suffix = expected.family === 6 ? " over IPv6" : "";
  const target = { target: victim.address, ...nextHops(expected, end, victim) };
  const to = victim.machine.path;
  for (const [kind, what, port] of [
    ["fragments", `${spokenText(udp)} in fragments${suffix}`, udp.port],
    ["late-fragment", `a fragment without its first${suffix}`, udp.port],
    ["gre", `GRE${suffix}`, 0],
    ["redirect", `a redirect by ICMP${suffix}`, 0],
  ] as const) {
    probes.frame({ to, what, expectation: "denied" }, end, { kind, port, ...target });
  }
}

const allNodes = "ff02::1";

/** What IPv6 has on every link, whether or not anybody there was given an address of it. */
function addOfIPv6(probes: Probes, expected: Expected, end: End, near: readonly End[]): void {
  const { mac } = end.leg;
  // Each interface once: with its IPv6 addresses, where it has any.
  const hasBoth = end.leg.addresses.length > 0 && end.leg.addresses6.length > 0;
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
  const victim = near.find(({ leg }) => leg.addresses6.length > 0);
  const claimed = victim?.leg.addresses6.find((address) => !address.startsWith("fe80")) ?? eui64("fe80::", nobodysMac);
  // A false one from an interface that has IPv6 is told to its link: whose connection it breaks it can't read, as what
  // arrives for an address that is not its own is dropped. decisions/0009 says so. From all others it is dropped.
  const isKnown = end.leg.addresses6.length > 0;
  probes.frame({ what: "a false neighbour advertisement", expectation: isKnown ? "known" : "denied" }, from, {
    kind: "neighbour-advertisement",
    source: claimed,
    target: allNodes,
  });
}
