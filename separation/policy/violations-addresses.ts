import { type Index, segmentsOf } from "./model-index";
import type { Model, Violation } from "./model";
import { overlap } from "./ranges";

/** What is wrong with addresses, which are what filters know machines by. */
export function findAddresses(index: Index): Violation[] {
  return [...findUnknown(index), ...findTwice(index), ...findOverlaps(index), ...findHosts(index)];
}

function findUnknown(index: Index): Violation[] {
  const found: Violation[] = [];
  for (const { path: at, legs } of index.model.machines) {
    for (const leg of legs) {
      const network = index.networks.get(leg.network ?? "");
      if (network?.filtered === true && leg.addresses.length === 0 && leg.addresses6.length === 0) {
        const fix = network.cidr !== undefined && network.gateway !== undefined ? "'address'" : "'guestAddresses'";
        found.push({
          at,
          message: `interface '${leg.name}' must have an address that is known, got none; give it one with ${fix}, or filters can't tell whether it sends as another`,
        });
      }
    }
  }
  return found;
}

function findTwice(index: Index): Violation[] {
  const holders = new Map<string, string>();
  const found: Violation[] = [];
  for (const { path: at, legs } of index.model.machines) {
    for (const leg of legs) {
      const network = index.networks.get(leg.network ?? "");
      for (const segment of network === undefined ? [] : segmentsOf(network, leg)) {
        for (const address of [...leg.addresses, ...leg.addresses6]) {
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
function findOverlaps({ model, zones }: Index): Violation[] {
  const found: Violation[] = [];
  const seen: { path: string; zone: string; block: string }[] = [];
  for (const { path, zone, cidr, cidr6 } of model.networks) {
    for (const block of [cidr, cidr6]) {
      if (zone === undefined || block === undefined) continue;
      const other = seen.find((each) => each.zone !== zone && overlap(each.block, block));
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
function findHosts(index: Index): Violation[] {
  const found: Violation[] = [];
  for (const host of hostsWithWaysOut(index)) {
    if (host.addresses.length === 0) {
      found.push({
        at: host.path,
        message: `'addresses' must be given for a host whose guests may reach what is outside, got none; name its own, which guests are kept from`,
      });
    }
  }
  return found;
}

function hostsWithWaysOut(index: Index): Model["hosts"] {
  const groups = index.model.rules
    .filter(({ to }) => to.kind === "outside")
    .flatMap(({ from }) => index.groupsOf(from));
  const uris = new Set(groups.flatMap(({ network }) => network.host));
  return [...index.hosts.values()].filter(({ uri }) => uris.has(uri));
}
