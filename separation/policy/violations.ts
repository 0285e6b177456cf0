import type { Violation } from "./model";
import type { Index } from "./model-index";
import type { Ways } from "./reachability";
import { besidePackets } from "./shared-resources";
import { findAddresses } from "./violations-addresses";
import { findGateways } from "./violations-gateways";
import { findMachines } from "./violations-machines";
import { findNetworks } from "./violations-networks";
import { findRules } from "./violations-rules";

/** All that must not be deployed, each once, in the order in which a reader puts it right. */
export function violationsOf(index: Index, ways: Ways): Violation[] {
  const { zones, policies } = index.model;
  const found: Violation[] = [];
  const [policy] = policies;
  const [zone] = zones;
  if (zone === undefined) {
    return policy === undefined
      ? []
      : [
          {
            at: policy,
            message: "a SeparationPolicy must have zones, got none; make a NetworkZone for each class of networks",
          },
        ];
  }
  if (policy === undefined) {
    const fix = "make one, which denies all that it does not allow";
    found.push({ at: zone.path, message: `zones must have a SeparationPolicy, got none; ${fix}` });
  }
  found.push(
    ...findNetworks(index),
    ...findMachines(index),
    ...findAddresses(index),
    ...findGateways(index),
    ...findRules(index, ways),
    ...besidePackets(index),
  );
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
