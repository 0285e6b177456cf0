import { type ModelIndex, segmentsOf } from "./model-index";
import type { Model, Violation } from "./model";
import { overlaps } from "./ip-addresses";

/** What is wrong with addresses, which are what filters know machines by. */
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
          message: `interface '${nic.name}' must have an address that is known, got none; give it one with ${fix}, or filters can't tell whether it sends as another`,
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
            const who = isHosts ? `the host itself on '${network.name}'` : (holder ?? "");
            found.push({
              at,
              message: `an address must be of one interface, got ${address} as for ${who}; choose another`,
            });
          }
        }
      }
    }
  }
  return found;
}

/** Addresses that two zones have would be let through for both. */
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
          message: `addresses must be of one zone, got ${block}, which overlaps ${other.block} of ${other.path} in zone '${name}'; choose others for one of them`,
        });
      }
      if (!seen.some((each) => each.zone === zone && each.block === block)) seen.push({ path, zone, block });
    }
  }
  return found;
}

/** A guest that may go anywhere outside would reach its host by the addresses that it has there. */
function hostsWithoutAddresses(index: ModelIndex): Violation[] {
  const found: Violation[] = [];
  for (const host of hostsWithEgress(index)) {
    if (host.addresses.length === 0) {
      found.push({
        at: host.path,
        message: `'addresses' must be given for a host whose guests may reach what is outside, got none; name its own, which guests are kept from`,
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
