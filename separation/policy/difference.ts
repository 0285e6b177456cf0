import type { AllowedPath, Cell } from "./analysis";

/** What a change does to the paths between zones. */
export interface Difference {
  readonly opened: readonly Change[];
  readonly closed: readonly Change[];
  /** Allowed before and after, by another way. */
  readonly rerouted: readonly Change[];
}

export interface Change {
  /** The zones. */
  readonly from: string;
  readonly to: string;
  readonly path: AllowedPath;
  /** For one that goes another way: the way before. */
  readonly before?: readonly string[];
}

/** Compares two analyses by what is allowed, whatever the rules are called. */
export function differenceOf(base: readonly Cell[], now: readonly Cell[]): Difference {
  const [before, after] = [changesOf(base), changesOf(now)];
  const rerouted: Change[] = [];
  for (const [key, change] of after) {
    const old = before.get(key);
    if (old !== undefined && old.path.path.join() !== change.path.path.join()) {
      rerouted.push({ ...change, before: old.path.path });
    }
  }
  return {
    opened: [...after].filter(([key]) => !before.has(key)).map(([, change]) => change),
    closed: [...before].filter(([key]) => !after.has(key)).map(([, change]) => change),
    rerouted,
  };
}

function changesOf(cells: readonly Cell[]): Map<string, Change> {
  const changes = cells.flatMap(({ from, to, flows }) => flows.map((path) => ({ from, to, path })));
  return new Map(
    changes.map((change) => [
      JSON.stringify([change.from, change.to, change.path.from, change.path.to, change.path.flow]),
      change,
    ]),
  );
}
