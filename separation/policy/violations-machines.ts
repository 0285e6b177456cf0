import type { ModelIndex } from "./model-index";
import type { MachineNode, Violation } from "./model";

/** What is wrong with machines: those between zones, and interfaces that no filter of ours would hold. */
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
      message: `a machine must be in one zone, got interfaces in '${names.join("', '")}'; take it out of all others, or declare a Gateway`,
    });
  }
  for (const { name, network, connectedTo, filter } of interfaces) {
    if (network === undefined) {
      found.push({
        at,
        message: `interface '${name}' must be on a network that is in a zone, got '${connectedTo}', which is no network of the app; use a Network`,
      });
    }
    if (filter !== undefined) {
      found.push({
        at,
        message: `'networks.filter' must be left out where there are zones, got '${filter}' on '${name}'; the policy makes the filters`,
      });
    }
  }
  return found;
}
