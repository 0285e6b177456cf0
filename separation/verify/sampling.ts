import type { MachineNode, Model } from "../policy/model";
import { type InterfaceGroup, ModelIndex } from "../policy/model-index";
import { ExpectedTraffic } from "./expected-traffic";

/**
 * Chooses the machines to probe: all of a small fleet. Of a large fleet, two machines for each rule that has a route between them,
 * and up to two of each role.
 */
export function machinesToProbe(model: Model, all: boolean): readonly MachineNode[] {
  if (all || model.machines.length <= smallFleet) {
    return model.machines;
  }
  const chosen = new Set<string>();
  const perRoleChosen = new Map<string, number>();
  for (const family of [4, 6] as const) {
    const expected = new ExpectedTraffic(model, family);
    for (const rule of model.rules) {
      expected.pairFor(rule).forEach(({ machine }) => chosen.add(machine.path));
    }
  }
  for (const group of new ModelIndex(model).groups) {
    const role = roleOf(group);
    let count = perRoleChosen.get(role) ?? 0;
    // Machines that were chosen for a rule come first.
    const members = [...group.members].sort(
      (one, other) => Number(chosen.has(other.machine.path)) - Number(chosen.has(one.machine.path)),
    );
    for (const { machine } of members) {
      if (count >= machinesPerRole && !chosen.has(machine.path)) break;
      chosen.add(machine.path);
      count++;
    }
    perRoleChosen.set(role, count);
  }
  return model.machines.filter(({ path }) => chosen.has(path));
}

/** A key that interfaces share if the same rules match them, on any network. */
export function roleOf({ zone, selectors, gateway }: InterfaceGroup): string {
  return JSON.stringify([zone?.path, selectors.filter((selector) => !selector.startsWith("network:")), gateway?.path]);
}

/** Up to this many machines, all of them are probed: that takes no longer than a person waits. */
const smallFleet = 24;

/** Two machines also make a pair within the role. */
const machinesPerRole = 2;
