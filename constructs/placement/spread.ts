import { Construct } from "constructs";
import { declareRule } from "./private/declare-rule";
import type { PlacementRuleProps } from "./props";

/**
 * Spreads machines: no host, or failure domain, has more than an equal share of them, rounded up.
 *
 * `kvm-fleet place` decides by it. It has no effect on machines whose host the app states, except that they count.
 *
 * @example
 * const fleet = new Fleet(this, "fleet", { hosts: [host] });
 * const [one, other] = ["a", "b"].map((id) => new VirtualMachine(this, id, { host: fleet, memory: Size.gibibytes(2) }));
 * new Spread(this, "rule", { machines: [one!, other!] });
 */
export class Spread extends Construct {
  constructor(scope: Construct, id: string, props: PlacementRuleProps) {
    super(scope, id);
    declareRule(this, "spread", props);
  }
}
