import type { Chooser } from "./choose";
import { NOWHERE, type State } from "./state";

/** How many machines make room for one other. */
const MOST_VICTIMS = 6;

/**
 * Finds a host for a machine that fits nowhere: others leave it, as few as possible of those that were decided before.
 *
 * @param current the host that was decided before for each machine, by number
 * @returns whether the machine is placed now
 */
export function makeRoom(state: State, chooser: Chooser, current: Int32Array, machine: number): boolean {
  // What was not decided before moves at no cost.
  const cost = (other: number) => (state.hostOf[other] !== NOWHERE && state.hostOf[other] === current[other] ? 1 : 0);
  for (const most of [0, 1, MOST_VICTIMS]) {
    for (const host of state.candidates[machine] ?? []) {
      const movable = [...(state.machinesOn[host] ?? [])]
        .filter((other) => state.model.machines[other]?.fleet !== undefined && cost(other) <= most)
        .sort((one, other) => cost(one) - cost(other) || one - other);
      if (movable.some((other) => exchange(state, chooser, machine, host, [other]))) return true;
      if (most === MOST_VICTIMS) {
        const largest = movable.sort(
          (one, other) => (chooser.shares[other] ?? 0) - (chooser.shares[one] ?? 0) || one - other,
        );
        if (exchange(state, chooser, machine, host, enough(state, machine, host, largest))) return true;
      }
    }
  }
  return false;
}

/** The first of these machines that have to leave a host before a machine fits there; none if they are too many. */
function enough(state: State, machine: number, host: number, others: readonly number[]): readonly number[] {
  const leaving: number[] = [];
  for (const other of others) {
    if (leaving.length === MOST_VICTIMS || state.fits(machine, host)) break;
    state.remove(other);
    leaving.push(other);
  }
  const isEnough = state.fits(machine, host);
  leaving.forEach((other) => {
    state.add(other, host);
  });
  return isEnough ? leaving : [];
}

/** Puts a machine on a host, and others that are there elsewhere. Changes nothing if one of them fits nowhere else. */
function exchange(state: State, chooser: Chooser, machine: number, host: number, leaving: readonly number[]): boolean {
  if (leaving.length === 0) return false;
  leaving.forEach((other) => state.remove(other));
  const moved: number[] = [];
  if (state.fits(machine, host)) {
    state.add(machine, host);
    for (const other of leaving) {
      const target = chooser.best(other, host);
      if (target === NOWHERE) break;
      state.add(other, target);
      moved.push(other);
    }
    if (moved.length === leaving.length) return true;
    moved.forEach((other) => state.remove(other));
    state.remove(machine);
  }
  leaving.forEach((other) => {
    state.add(other, host);
  });
  return false;
}
