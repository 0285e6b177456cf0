import { Construct } from "constructs";
import { declareRule } from "./private/declare-rule";
import type { PlacementRuleProps } from "./props";

/**
 * Keeps machines together: on one host, or in one failure domain.
 *
 * `kvm-fleet place` decides by it. It has no effect on machines whose host the app states, except that they count.
 *
 * @example
 * const fleet = new Fleet(this, "fleet", { hosts: [host] });
 * const [one, other] = ["a", "b"].map((id) => new VirtualMachine(this, id, { host: fleet, memory: Size.gibibytes(2) }));
 * new Affinity(this, "rule", { machines: [one!, other!] });
 */
export class Affinity extends Construct {
  constructor(scope: Construct, id: string, props: PlacementRuleProps) {
    super(scope, id);
    declareRule(this, "together", props);
  }
}
