import type { Cell, RoutedFlow } from "./analysis";

/** How the allowed flows differ between two versions of an app. */
export interface Difference {
  readonly opened: readonly FlowChange[];
  readonly closed: readonly FlowChange[];
  /** Flows that are allowed in both versions, but take another route. */
  readonly rerouted: readonly FlowChange[];
}

export interface FlowChange {
  /** Names of the zones. */
  readonly from: string;
  readonly to: string;
  readonly flow: RoutedFlow;
  /** For a rerouted flow: the hops before the change. */
  readonly previousRoute?: readonly string[];
}

/** Compares two matrices by the flows that they allow. The names of rules do not matter. */
export function differenceOf(base: readonly Cell[], now: readonly Cell[]): Difference {
  const [before, after] = [flowsByEnds(base), flowsByEnds(now)];
  const rerouted: FlowChange[] = [];
  for (const [key, change] of after) {
    const old = before.get(key);
    if (old !== undefined && old.flow.route.join() !== change.flow.route.join()) {
      rerouted.push({ ...change, previousRoute: old.flow.route });
    }
  }
  return {
    opened: [...after].filter(([key]) => !before.has(key)).map(([, change]) => change),
    closed: [...before].filter(([key]) => !after.has(key)).map(([, change]) => change),
    rerouted,
  };
}

function flowsByEnds(cells: readonly Cell[]): Map<string, FlowChange> {
  const changes = cells.flatMap(({ from, to, flows }) => flows.map((flow) => ({ from, to, flow })));
  return new Map(
    changes.map((change) => [
      JSON.stringify([change.from, change.to, change.flow.from, change.flow.to, change.flow.flow]),
      change,
    ]),
  );
}
