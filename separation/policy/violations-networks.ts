import type { NetworkNode, Violation, Zone } from "./model";
import { allSegmentsOf, type ModelIndex } from "./model-index";
import { egressOf } from "./reachability";

/** Finds networks without a zone, networks that lead where their zone must not, and networks that two zones share. */
export function networkViolations(index: ModelIndex): Violation[] {
  return [...index.model.networks.flatMap((network) => violationsOfNetwork(index, network)), ...sharedSegments(index)];
}

function violationsOfNetwork(index: ModelIndex, network: NetworkNode): Violation[] {
  const { path: at, name, mode, filtered, forwarders } = network;
  const zone = index.zoneOf(network);
  if (zone === undefined) {
    const choices = index.model.zones.map((each) => each.name).sort();
    return [{ at, message: `'zone' is required in an app with zones; choose one of '${choices.join("', '")}'` }];
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
        `network '${name}' must use a Linux bridge, where filters apply, got mode '${mode ?? "unknown"}' on an uplink that is not the zone's own; ` +
        `use a BridgedNetwork, or add the uplink to 'uplinks' of zone '${zone.name}'`,
    });
  }
  if (!zone.internet && forwarders.length > 0) {
    found.push({
      at,
      message:
        `'dns.forwarders' is not allowed in zone '${zone.name}', which has no internet access, got '${forwarders.join("', '")}'; ` +
        "remove 'dns.forwarders', because queries to another DNS server carry data out",
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
        message: `'routes' must lead through a Gateway, got ${destination} via ${gateway}; declare a Gateway with this address, or remove the route`,
      });
    }
  }
  return found;
}

function egressMessage({ name, mode }: NetworkNode, zone: Zone, out: string): string {
  const fix =
    mode === "nat" || mode === "open"
      ? "use an IsolatedNetwork"
      : "use an IsolatedNetwork, or add an uplink that leads only to the zone's machines to the zone's 'uplinks'";
  return `network '${name}' must not lead outside, because zone '${zone.name}' has no internet access, got ${out}; ${fix}`;
}

function sharedSegments(index: ModelIndex): Violation[] {
  const bySegment = new Map<string, NetworkNode[]>();
  for (const network of index.model.networks) {
    for (const segment of allSegmentsOf(network)) {
      // A bridge that libvirt manages and a bridge of the host with the same name are one bridge.
      const plain = segment.replace(` on ${network.host}`, "");
      bySegment.set(plain, [...(bySegment.get(plain) ?? []), network]);
    }
  }
  const found: Violation[] = [];
  for (const [segment, networks] of bySegment) {
    const [first, ...others] = networks;
    for (const other of others) {
      const zones = [index.zoneOf(first), index.zoneOf(other)];
      const isVirtual = (network: NetworkNode) =>
        network.mode !== "bridge" && network.mode !== "direct" && network.mode !== "sriov";
      // A bridge that libvirt manages exists on its own host only.
      const areSeparate = first !== undefined && isVirtual(first) && isVirtual(other) && first.host !== other.host;
      if (zones[0] !== undefined && zones[1] !== undefined && zones[0] !== zones[1] && !areSeparate) {
        const device = segment.replace(/^uplink /, "").replace(/ vlan (.*)$/, "' with VLAN '$1");
        found.push({
          at: other.path,
          message:
            `network '${other.name}' of zone '${zones[1].name}' must not share a bridge or device with another zone, got '${device}', ` +
            `which is already used by ${first?.path ?? ""} of zone '${zones[0].name}'; give each zone its own bridge, device or VLAN`,
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
          message: `network '${network.name}' of zone '${zone.name}' must not use '${uplink}', which is an uplink of zone '${owner.name}'; use another device`,
        });
      }
    }
  }
  return found;
}
