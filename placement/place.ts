import { Chooser } from "./choose";
import { improve } from "./improve";
import type { Assignment, PlacementModel } from "./model";
import { makeRoom } from "./repair";
import { hostsBefore, MOST_MACHINES, search } from "./search";
import { NOWHERE, type Relaxed, State } from "./state";

/** A machine whose host has changed. */
export interface Move {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Where all machines are. */
export interface Placement {
  readonly assignment: Assignment;
  /** Machines that had no host. */
  readonly added: readonly string[];
  readonly moves: readonly Move[];
  /** Machines that no host was found for: then the others are as far as the search came. */
  readonly unplaced: readonly string[];
  /** Whether it is proved that the unplaced machines cannot be placed: all possibilities were tried. */
  readonly proved: boolean;
}

/** What a placement may do besides placing what has no host, or must leave its host. */
export interface PlaceOptions {
  /**
   * How many machines may move to meet preferences and the strategies of the fleets.
   *
   * @default 0
   */
  readonly maxMoves?: number;
  readonly relaxed?: Relaxed;
}

/** How many orders of the machines are tried. */
const MOST_ROUNDS = 20;

/**
 * Places all machines. What is placed stays, unless its host no longer suits it, or makes room for a machine that fits
 * nowhere else. The same model always has the same placement.
 */
export function place(model: PlacementModel, { maxMoves = 0, relaxed }: PlaceOptions = {}): Placement {
  const state = new State(model, relaxed);
  const [chooser, current] = [new Chooser(state), hostsBefore(state)];
  const waiting = keep(state, chooser, current);
  const unplaced = placeNew(state, chooser, current, waiting);
  const outcome = unplaced.length > 0 ? searchAll(state, model) : "found";
  if (outcome === "found") {
    goBack(state, current);
    const isNew = (machine: number) => state.hostOf[machine] !== current[machine];
    improve(state, chooser, isNew);
    if (maxMoves > 0) improve(state, chooser, (machine) => !isNew(machine), maxMoves);
  }
  return describe(state, outcome === "found" ? [] : unplaced, outcome === "none");
}

/**
 * Leaves machines where they are, and those whose host the app states.
 *
 * @returns the machines that have no host, or cannot stay
 */
function keep(state: State, { shares }: Chooser, current: Int32Array): number[] {
  const { machines } = state.model;
  const waiting: number[] = [];
  const placed: number[] = [];
  machines.forEach(({ fleet }, machine) => {
    const stated = state.candidates[machine]?.[0];
    if (fleet === undefined && stated !== undefined) {
      state.add(machine, stated);
    } else if (fleet !== undefined) {
      (current[machine] === NOWHERE ? waiting : placed).push(machine);
    }
  });
  const strays = straysOf(state, current, placed);
  // The smallest first: where not all can stay, the most do.
  placed.sort(
    (one, other) =>
      Number(strays.has(one)) - Number(strays.has(other)) || (shares[one] ?? 0) - (shares[other] ?? 0) || one - other,
  );
  for (const machine of placed) {
    const host = current[machine] ?? NOWHERE;
    if (state.fits(machine, host)) {
      state.add(machine, host);
    } else {
      waiting.push(machine);
    }
  }
  return waiting;
}

/** Machines that are apart from most of those that they have to be together with. */
function straysOf(state: State, current: Int32Array, placed: readonly number[]): ReadonlySet<number> {
  const rules = new Set(placed.flatMap((machine) => state.rulesOf[machine] ?? []));
  const strays = new Set<number>();
  for (const { together, required, members, domains } of rules) {
    if (!together || !required) continue;
    const counts = new Map<number, number>();
    const domainOf = (machine: number) => domains[current[machine] ?? NOWHERE] ?? -1;
    for (const member of members) counts.set(domainOf(member), (counts.get(domainOf(member)) ?? 0) + 1);
    counts.delete(-1);
    const [most] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [-1];
    for (const member of members) if (domainOf(member) !== most) strays.add(member);
  }
  return strays;
}

/** @returns the machines that no host was found for */
function placeNew(state: State, chooser: Chooser, current: Int32Array, waiting: readonly number[]): number[] {
  let order = firstOrder(state, chooser, waiting);
  for (let round = 1; ; round++) {
    const unplaced = order.flat().filter((machine) => {
      const host = chooser.best(machine);
      if (host !== NOWHERE) state.add(machine, host);
      return host === NOWHERE;
    });
    const late = new Set(unplaced);
    const isLate = (group: readonly number[]) => group.some((machine) => late.has(machine));
    const next = [...order.filter(isLate), ...order.filter((group) => !isLate(group))];
    // A machine without any candidate is not helped by another order.
    const isLast =
      round === MOST_ROUNDS ||
      unplaced.some((machine) => state.candidates[machine]?.length === 0) ||
      next.every((group, at) => group === order[at]);
    if (isLast) return unplaced.filter((machine) => !makeRoom(state, chooser, current, machine));
    order.flat().forEach((machine) => state.remove(machine));
    order = next;
  }
}

/** The order in which machines are placed: the largest first, and before it those with little choice. Those that must be together follow each other. */
function firstOrder(state: State, chooser: Chooser, waiting: readonly number[]): (readonly number[])[] {
  const weight = (machine: number) =>
    (chooser.shares[machine] ?? 0) / Math.max(1, state.candidates[machine]?.length ?? 0);
  const groups: number[][] = [];
  const groupOf = new Map<number, number[]>();
  const join = (machine: number, group: number[]) => {
    if (groupOf.has(machine)) return;
    groupOf.set(machine, group);
    group.push(machine);
    for (const { required, together, members } of state.rulesOf[machine] ?? []) {
      if (required && together) {
        members.forEach((member) => {
          if (isWaiting.has(member)) join(member, group);
        });
      }
    }
  };
  const isWaiting = new Set(waiting);
  for (const machine of [...waiting].sort((one, other) => weight(other) - weight(one) || one - other)) {
    if (groupOf.has(machine)) continue;
    const group: number[] = [];
    groups.push(group);
    join(machine, group);
  }
  const total = (group: readonly number[]) => group.reduce((sum, machine) => sum + weight(machine), 0);
  return groups.sort((one, other) => total(other) - total(one));
}

/** Tries all possibilities if there are few machines. The state is then as before, unless one was found. */
function searchAll(state: State, { machines }: PlacementModel): ReturnType<typeof search> {
  const movable = machines.flatMap(({ fleet }, machine) => (fleet === undefined ? [] : [machine]));
  if (movable.length > MOST_MACHINES) return "unknown";
  const before = movable.map((machine) => [machine, state.remove(machine)] as const);
  const outcome = search(state, movable);
  if (outcome !== "found") {
    for (const [machine, host] of before) if (host !== NOWHERE) state.add(machine, host);
  }
  return outcome;
}

/** Takes moves back that have become unnecessary. */
function goBack(state: State, current: Int32Array): void {
  state.model.machines.forEach((_, machine) => {
    const before = current[machine] ?? NOWHERE;
    const now = state.hostOf[machine] ?? NOWHERE;
    if (before === NOWHERE || before === now) return;
    state.remove(machine);
    state.add(machine, state.fits(machine, before) ? before : now);
  });
}

function describe({ model, hostOf }: State, unplaced: readonly number[], proved: boolean): Placement {
  const assignment = new Map<string, string>();
  const added: string[] = [];
  const moves: Move[] = [];
  model.machines.forEach(({ path, fleet, current }, machine) => {
    const host = model.hosts[hostOf[machine] ?? NOWHERE]?.name;
    if (host === undefined) return;
    assignment.set(path, host);
    if (fleet === undefined || current === host) return;
    if (current === undefined) added.push(path);
    else moves.push({ path, from: current, to: host });
  });
  const paths = unplaced.map((machine) => model.machines[machine]?.path).filter((path) => path !== undefined);
  return { assignment, added, moves, unplaced: paths, proved };
}
