import { NOWHERE, type State } from "./state";

/** How many steps a search takes before it gives up. */
const MOST_STEPS = 20_000;

/** The most machines for which a search has a chance. */
export const MOST_MACHINES = 40;

/**
 * Tries all hosts for all of these machines, which are on no host. The present host of a machine comes first.
 *
 * @returns whether there is a placement, which the state then has; `unknown` if the search gave up
 */
export function search(state: State, machines: readonly number[]): "found" | "none" | "unknown" {
  if (machines.length > MOST_MACHINES) return "unknown";
  const current = hostsBefore(state);
  const waiting = new Set(machines);
  let steps = 0;
  const visit = (): "found" | "none" | "unknown" => {
    if (waiting.size === 0) return "found";
    if (++steps > MOST_STEPS) return "unknown";
    const [machine, hosts] = mostConstrained(state, waiting);
    waiting.delete(machine);
    const before = current[machine] ?? NOWHERE;
    for (const host of [...hosts].sort((one, other) => Number(other === before) - Number(one === before))) {
      state.add(machine, host);
      const found = visit();
      if (found !== "none") return found;
      state.remove(machine);
    }
    waiting.add(machine);
    return "none";
  };
  const found = visit();
  if (found === "unknown") machines.forEach((machine) => state.remove(machine));
  return found;
}

/** The host that was decided for each machine, by number. */
export function hostsBefore({ model: { hosts, machines } }: State): Int32Array {
  const numbers = new Map(hosts.map(({ name }, host) => [name, host]));
  return Int32Array.from(machines, ({ current }) => numbers.get(current ?? "") ?? NOWHERE);
}

/** The machine with the fewest hosts that it fits on, and these hosts. */
function mostConstrained(state: State, machines: ReadonlySet<number>): readonly [number, readonly number[]] {
  let [fewest, hosts]: [number, readonly number[]] = [NOWHERE, []];
  for (const machine of machines) {
    const fitting = (state.candidates[machine] ?? []).filter((host) => state.fits(machine, host));
    if (fewest === NOWHERE || fitting.length < hosts.length) [fewest, hosts] = [machine, fitting];
    if (hosts.length === 0) break;
  }
  return [fewest, hosts];
}
