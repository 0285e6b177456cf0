import type { RoutedFlow, Cell } from "./analysis";

/** What a change does to the paths between zones. */
export interface Difference {
  readonly opened: readonly FlowChange[];
  readonly closed: readonly FlowChange[];
  /** Allowed before and after, by another way. */
  readonly rerouted: readonly FlowChange[];
}

export interface FlowChange {
  /** The zones. */
  readonly from: string;
  readonly to: string;
  readonly flow: RoutedFlow;
  /** For one that goes another way: the way before. */
  readonly previousRoute?: readonly string[];
}

/** Compares two analyses by what is allowed, whatever the rules are called. */
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
