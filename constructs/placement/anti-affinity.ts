import { Construct } from "constructs";
import { declareRule } from "./private/declare-rule";
import type { PlacementRuleProps } from "./props";

/**
 * Keeps machines apart: no two of them on one host, or in one failure domain.
 *
 * `kvm-fleet place` decides by it. It has no effect on machines whose host the app states, except that they count.
 *
 * @example
 * const fleet = new Fleet(this, "fleet", { hosts: [host] });
 * const [one, other] = ["a", "b"].map((id) => new VirtualMachine(this, id, { host: fleet, memory: Size.gibibytes(2) }));
 * new AntiAffinity(this, "rule", { machines: [one!, other!], preferred: true });
 */
export class AntiAffinity extends Construct {
  constructor(scope: Construct, id: string, props: PlacementRuleProps) {
    super(scope, id);
    declareRule(this, "apart", props);
  }
}
