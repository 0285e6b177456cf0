import type { Violation } from "./model";
import type { ModelIndex } from "./model-index";
import type { RuleRoutes } from "./reachability";
import { sharedResourceViolations } from "./shared-resources";
import { addressViolations } from "./violations-addresses";
import { gatewayViolations } from "./violations-gateways";
import { machineViolations } from "./violations-machines";
import { networkViolations } from "./violations-networks";
import { ruleViolations } from "./violations-rules";

/** All that must not be deployed, each once, in the order in which a reader puts it right. */
export function violationsOf(index: ModelIndex, ways: RuleRoutes): Violation[] {
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
    ...networkViolations(index),
    ...machineViolations(index),
    ...addressViolations(index),
    ...gatewayViolations(index),
    ...ruleViolations(index, ways),
    ...sharedResourceViolations(index),
  );
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
