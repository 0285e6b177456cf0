import type { Violation } from "./model";
import type { ModelIndex } from "./model-index";
import type { RuleRoutes } from "./reachability";
import { sharedResourceViolations } from "./shared-resources";
import { addressViolations } from "./violations-addresses";
import { gatewayViolations } from "./violations-gateways";
import { machineViolations } from "./violations-machines";
import { networkViolations } from "./violations-networks";
import { ruleViolations } from "./violations-rules";

/** Lists all violations without duplicates, in the order in which a reader fixes them. */
export function violationsOf(index: ModelIndex, routes: RuleRoutes): Violation[] {
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
            message: "a SeparationPolicy requires zones; create a NetworkZone for each class of networks",
          },
        ];
  }
  if (policy === undefined) {
    const message = "zones require a SeparationPolicy; create one, it denies everything that it does not allow";
    found.push({ at: zone.path, message });
  }
  found.push(
    ...networkViolations(index),
    ...machineViolations(index),
    ...addressViolations(index),
    ...gatewayViolations(index),
    ...ruleViolations(index, routes),
    ...sharedResourceViolations(index),
  );
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
