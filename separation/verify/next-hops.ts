import { type Endpoint, type ExpectedTraffic, shareSegment } from "./expected-traffic";
import type { ForgedFrame } from "./probe-protocol";

/**
 * All next hops that a guest could try: the target itself if it is on the same segment, the host's address on the network, and
 * each gateway with an interface on the segment.
 */
export function nextHops(
  expected: ExpectedTraffic,
  from: Endpoint,
  to: Endpoint | undefined,
): Pick<ForgedFrame, "targetMAC" | "via"> {
  const isNear = to !== undefined && shareSegment(from.group, to.group);
  const { gateway, gateway6 } = from.group.network;
  const gateways = expected.endpoints.filter(
    ({ group, machine }) =>
      group.gateway !== undefined &&
      machine !== from.machine &&
      machine !== to?.machine &&
      shareSegment(group, from.group),
  );
  const hops = [
    isNear && to.nic.mac === undefined ? to.address : undefined,
    expected.family === 4 ? gateway : gateway6,
    ...gateways.map(({ address }) => address),
  ];
  return {
    targetMAC: isNear ? (to.nic.mac ?? "") : "",
    via: [...new Set(hops.filter((hop) => hop !== undefined))],
  };
}
