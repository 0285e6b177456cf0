import { overlaps } from "./ip-addresses";
import type { Model, Violation } from "./model";
import { type ModelIndex, segmentsOf } from "./model-index";

/** Finds addresses that filters could not tell machines apart by: unknown, duplicate or overlapping ones. */
export function addressViolations(index: ModelIndex): Violation[] {
  return [
    ...unknownAddresses(index),
    ...duplicateAddresses(index),
    ...overlappingZones(index),
    ...hostsWithoutAddresses(index),
  ];
}

function unknownAddresses(index: ModelIndex): Violation[] {
  const found: Violation[] = [];
  for (const { path: at, interfaces } of index.model.machines) {
    for (const nic of interfaces) {
      const network = index.networks.get(nic.network ?? "");
      if (network?.filtered === true && nic.addresses.length === 0 && nic.addresses6.length === 0) {
        const fix = network.cidr !== undefined && network.gateway !== undefined ? "'address'" : "'guestAddresses'";
        found.push({
          at,
          message: `interface '${nic.name}' must have a known address, got none; set ${fix}, which the filter needs to detect spoofed addresses`,
        });
      }
    }
  }
  return found;
}

function duplicateAddresses(index: ModelIndex): Violation[] {
  const holders = new Map<string, string>();
  const found: Violation[] = [];
  for (const { path: at, interfaces } of index.model.machines) {
    for (const nic of interfaces) {
      const network = index.networks.get(nic.network ?? "");
      for (const segment of network === undefined ? [] : segmentsOf(network, nic)) {
        for (const address of [...nic.addresses, ...nic.addresses6]) {
          const key = `${segment} ${address}`;
          const holder = holders.get(key);
          holders.set(key, holder ?? at);
          const isHosts = address === network?.gateway || address === network?.gateway6;
          if (holder !== undefined || isHosts) {
            const user = isHosts ? `the host on network '${network.name}'` : (holder ?? "");
            found.push({
              at,
              message: `an interface's address must be unique, '${address}' is already used by ${user}; choose another`,
            });
          }
        }
      }
    }
  }
  return found;
}

/** Addresses that belong to two zones would be allowed for both. */
function overlappingZones({ model, zones }: ModelIndex): Violation[] {
  const found: Violation[] = [];
  const seen: { path: string; zone: string; block: string }[] = [];
  for (const { path, zone, cidr, cidr6 } of model.networks) {
    for (const block of [cidr, cidr6]) {
      if (zone === undefined || block === undefined) continue;
      const other = seen.find((each) => each.zone !== zone && overlaps(each.block, block));
      if (other !== undefined) {
        const name = zones.get(other.zone)?.name ?? "";
        found.push({
          at: path,
          message: `addresses of different zones must not overlap, got ${block}, which overlaps ${other.block} of ${other.path} in zone '${name}'; choose other addresses for one of them`,
        });
      }
      if (!seen.some((each) => each.zone === zone && each.block === block)) seen.push({ path, zone, block });
    }
  }
  return found;
}

/** A guest that may reach any outside address could reach its host by the host's addresses there. */
function hostsWithoutAddresses(index: ModelIndex): Violation[] {
  const found: Violation[] = [];
  for (const host of hostsWithEgress(index)) {
    if (host.addresses.length === 0) {
      found.push({
        at: host.path,
        message: `'addresses' is required for a host whose guests may reach outside addresses; list the host's own addresses, so that filters block them`,
      });
    }
  }
  return found;
}

function hostsWithEgress(index: ModelIndex): Model["hosts"] {
  const groups = index.model.rules
    .filter(({ to }) => to.kind === "outside")
    .flatMap(({ from }) => index.groupsOf(from));
  const uris = new Set(groups.flatMap(({ network }) => network.host));
  return [...index.hosts.values()].filter(({ uri }) => uris.has(uri));
}
