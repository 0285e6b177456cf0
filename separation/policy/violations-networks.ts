import { allSegmentsOf, type ModelIndex } from "./model-index";
import type { NetworkNode, Violation, Zone } from "./model";
import { egressOf } from "./reachability";

/** What is wrong with networks: those in no zone, those that lead where their zone may not, and those that two zones share. */
export function networkViolations(index: ModelIndex): Violation[] {
  return [...index.model.networks.flatMap((network) => violationsOfNetwork(index, network)), ...sharedSegments(index)];
}

function violationsOfNetwork(index: ModelIndex, network: NetworkNode): Violation[] {
  const { path: at, name, mode, filtered, forwarders } = network;
  const zone = index.zoneOf(network);
  if (zone === undefined) {
    const choices = index.model.zones.map((each) => each.name).sort();
    return [
      { at, message: `'zone' must be given where there are zones, got none; choose one of '${choices.join("', '")}'` },
    ];
  }
  const found: Violation[] = [];
  const out = egressOf(network, zone);
  if (out !== undefined && !zone.internet) {
    found.push({ at, message: egressMessage(network, zone, `${out} of host '${index.hostName(network.host)}'`) });
  }
  if (!filtered && out !== undefined) {
    found.push({
      at,
      message:
        `network '${name}' must be on a bridge of Linux's own, which filters see, got mode '${mode ?? "unknown"}' with an uplink that is no other's ` +
        `than everybody's; use a BridgedNetwork, or name the uplink in 'uplinks' of zone '${zone.name}'`,
    });
  }
  if (!zone.internet && forwarders.length > 0) {
    found.push({
      at,
      message:
        `'dns.forwarders' must be left out in zone '${zone.name}', which may not reach the internet, got '${forwarders.join("', '")}'; ` +
        "questions to a server elsewhere carry data out",
    });
  }
  for (const { destination, gateway } of network.staticRoutes) {
    const machine = index.model.gateways.find(({ machine: path }) =>
      index.machines
        .get(path)
        ?.interfaces.some((nic) => nic.network === at && [...nic.addresses, ...nic.addresses6].includes(gateway)),
    );
    if (machine === undefined) {
      found.push({
        at,
        message: `'routes' must go by a Gateway, got ${destination} by ${gateway}; declare one, or take the route out`,
      });
    }
  }
  return found;
}

function egressMessage({ name, mode }: NetworkNode, zone: Zone, out: string): string {
  const fix =
    mode === "nat" || mode === "open"
      ? "use an IsolatedNetwork"
      : `use an IsolatedNetwork, or name an uplink of the zone's own in its 'uplinks'`;
  return `network '${name}' must not lead out of zone '${zone.name}', which may not reach the internet, got ${out}; ${fix}`;
}

function sharedSegments(index: ModelIndex): Violation[] {
  const bySegment = new Map<string, NetworkNode[]>();
  for (const network of index.model.networks) {
    for (const segment of allSegmentsOf(network)) {
      // A bridge of libvirt's that has the name of one that another network is plugged into is that one.
      const plain = segment.replace(` on ${network.host}`, "");
      bySegment.set(plain, [...(bySegment.get(plain) ?? []), network]);
    }
  }
  const found: Violation[] = [];
  for (const [segment, networks] of bySegment) {
    const [first, ...others] = networks;
    for (const other of others) {
      const zones = [index.zoneOf(first), index.zoneOf(other)];
      const own = (network: NetworkNode) =>
        network.mode !== "bridge" && network.mode !== "direct" && network.mode !== "sriov";
      // Bridges of libvirt's own are each its host's alone.
      const apart = first !== undefined && own(first) && own(other) && first.host !== other.host;
      if (zones[0] !== undefined && zones[1] !== undefined && zones[0] !== zones[1] && !apart) {
        const device = segment.replace(/^uplink /, "").replace(/ vlan (.*)$/, "' with VLAN '$1");
        found.push({
          at: other.path,
          message:
            `network '${other.name}' of zone '${zones[1].name}' must share no bridge or device with another zone, got '${device}', ` +
            `which ${first?.path ?? ""} of zone '${zones[0].name}' is on; give each zone one of its own, or a VLAN`,
        });
      }
    }
  }
  for (const network of index.model.networks) {
    const zone = index.zoneOf(network);
    for (const uplink of network.uplinks) {
      const owner = index.model.zones.find((each) => each !== zone && each.uplinks.includes(uplink));
      if (owner !== undefined && zone !== undefined) {
        found.push({
          at: network.path,
          message: `network '${network.name}' must not use '${uplink}', which leads to zone '${owner.name}', got it in zone '${zone.name}'; use another device`,
        });
      }
    }
  }
  return found;
}
