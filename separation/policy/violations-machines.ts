import type { MachineNode, Violation } from "./model";
import type { ModelIndex } from "./model-index";

/** Finds machines that connect zones without a gateway, and interfaces that the policy's filters would not cover. */
export function machineViolations(index: ModelIndex): Violation[] {
  return index.model.machines.flatMap((machine) => violationsOfMachine(index, machine));
}

function violationsOfMachine(index: ModelIndex, machine: MachineNode): Violation[] {
  const { path: at, interfaces } = machine;
  const found: Violation[] = [];
  const zones = index.zonesOf(machine);
  if (zones.length > 1 && !index.gatewayByMachine.has(at)) {
    const names = zones.map(({ name }) => name).sort();
    found.push({
      at,
      message: `a machine must have interfaces in one zone only, got '${names.join("', '")}'; remove the others, or declare a Gateway`,
    });
  }
  for (const { name, network, connectedTo, filter } of interfaces) {
    if (network === undefined) {
      found.push({
        at,
        message: `interface '${name}' must be on a network with a zone, got '${connectedTo}', which the app does not define; use a Network`,
      });
    }
    if (filter !== undefined) {
      found.push({
        at,
        message: `'networks.filter' cannot be combined with zones, got '${filter}' on interface '${name}'; remove 'networks.filter', the policy creates the filters`,
      });
    }
  }
  return found;
}
