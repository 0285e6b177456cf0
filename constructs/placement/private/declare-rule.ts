import type { IConstruct } from "constructs";
import type { Rule } from "../../../placement";
import { addError } from "../../core/errors";
import { DeclaredPlacement } from "../../host/declared-placement";
import type { PlacementRuleProps } from "../props";

/** Declares a rule, and checks its properties. */
export function declareRule(at: IConstruct, kind: Rule["kind"], props: PlacementRuleProps): void {
  const { machines, domain, preferred = false } = props;
  const declared = DeclaredPlacement.of(at);
  if (machines.length < 2) {
    addError(at, `'machines' must have at least two machines, got ${machines.length}; add others, or remove the rule`);
  }
  const repeated = machines.find((machine, index) => machines.indexOf(machine) !== index);
  if (repeated !== undefined) {
    addError(at, `'machines' must be unique, ${repeated.node.path} is listed twice; remove one of them`);
  }
  for (const machine of machines) {
    if (!declared.hasMachine(machine)) {
      addError(at, `'machines' must be VirtualMachines that this app manages, got ${machine.node.path}; remove it`);
    }
    for (const host of machine.host.fleet?.hosts ?? [machine.host]) {
      if (domain !== undefined && host.labels?.[domain] === undefined) {
        const message = `'domain' must be a label of all hosts of the machines, '${domain}' is not one of '${host.hostName}'; add it to 'labels' of the host`;
        addError(at, message);
        return;
      }
    }
  }
  const paths = [...new Set(machines.map(({ node }) => node.path))];
  declared.addRule({ path: at.node.path, kind, machines: paths, domain, required: !preferred });
}
