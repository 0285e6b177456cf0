import type { Chooser } from "./choose";
import type { FleetNode } from "./model";
import { NOWHERE, type State } from "./state";

/** A machine is moved for a better balance only if the use of its host falls by at least this much. */
const LEAST_GAIN = 0.01;

/**
 * Moves machines to hosts where more preferences are met, and then as the strategies of the fleets say.
 *
 * @param movable whether a machine may move
 * @param most how many machines may move
 */
export function improve(state: State, chooser: Chooser, movable: (machine: number) => boolean, most = Infinity): void {
  const moved = new Set<number>();
  const mayMove = (machine: number) =>
    state.model.machines[machine]?.fleet !== undefined && movable(machine) && (moved.size < most || moved.has(machine));
  meetPreferences(state, chooser, mayMove, moved);
  for (const fleet of state.model.fleets) {
    const hosts = state.model.hosts.flatMap(({ name }, host) => (fleet.hosts.includes(name) ? [host] : []));
    improvements[fleet.strategy](state, chooser, mayMove, moved, hosts, most);
  }
}

type Improvement = (
  state: State,
  chooser: Chooser,
  mayMove: (machine: number) => boolean,
  moved: Set<number>,
  hosts: readonly number[],
  most: number,
) => void;

const improvements: Readonly<Record<FleetNode["strategy"], Improvement>> = { spread: balance, pack: emptyHosts };

function meetPreferences(
  state: State,
  chooser: Chooser,
  mayMove: (machine: number) => boolean,
  moved: Set<number>,
): void {
  state.model.machines.forEach((_, machine) => {
    const from = state.hostOf[machine] ?? NOWHERE;
    if (from === NOWHERE || !mayMove(machine)) return;
    state.remove(machine);
    const unmet = state.unmet(machine, from);
    const best = unmet === 0 ? NOWHERE : chooser.best(machine, from);
    const isBetter = best !== NOWHERE && state.unmet(machine, best) < unmet;
    state.add(machine, isBetter ? best : from);
    if (isBetter) moved.add(machine);
  });
}

/** Moves machines from the host that is used most, as long as that makes it less used than any other becomes. */
function balance(...[state, , mayMove, moved, hosts]: Parameters<Improvement>): void {
  // Each round lowers the use of the most used host by LEAST_GAIN, so that there are not many.
  for (;;) {
    const busiest = hosts.reduce(
      (most, host) => (state.use(host) > state.use(most) ? host : most),
      hosts[0] ?? NOWHERE,
    );
    const use = state.use(busiest);
    let [best, target, peak, there] = [NOWHERE, NOWHERE, use - LEAST_GAIN, Infinity];
    for (const machine of [...(state.machinesOn[busiest] ?? [])].sort((one, other) => one - other)) {
      if (!mayMove(machine)) continue;
      state.remove(machine);
      const [rest, unmet] = [state.use(busiest), state.unmet(machine, busiest)];
      for (const host of rest <= peak ? (state.candidates[machine] ?? []) : []) {
        const its = state.useWith(machine, host);
        const higher = Math.max(rest, its);
        const isBetter = higher < peak || (best !== NOWHERE && higher === peak && its < there);
        if (host !== busiest && isBetter && state.fits(machine, host) && state.unmet(machine, host) <= unmet) {
          [best, target, peak, there] = [machine, host, higher, its];
        }
      }
      state.add(machine, busiest);
    }
    if (best === NOWHERE) return;
    state.remove(best);
    state.add(best, target);
    moved.add(best);
  }
}

/** Empties hosts whose machines all fit on the others, those with the fewest machines first. */
function emptyHosts(...[state, chooser, mayMove, moved, hosts, most]: Parameters<Improvement>): void {
  const size = (host: number) => state.machinesOn[host]?.size ?? 0;
  const tried = new Set<number>();
  for (;;) {
    const [host] = hosts
      .filter((each) => size(each) > 0 && !tried.has(each))
      .sort((one, other) => size(one) - size(other) || state.use(one) - state.use(other) || one - other);
    if (host === undefined) return;
    tried.add(host);
    const machines = [...(state.machinesOn[host] ?? [])].sort(
      (one, other) => (chooser.shares[other] ?? 0) - (chooser.shares[one] ?? 0) || one - other,
    );
    const more = machines.filter((machine) => !moved.has(machine)).length;
    if (!machines.every(mayMove) || moved.size + more > most) continue;
    if (scatter(state, chooser, machines, host)) machines.forEach((machine) => moved.add(machine));
  }
}

/** Moves machines from a host to others that are in use. Changes nothing if one of them fits on none. */
function scatter(state: State, chooser: Chooser, machines: readonly number[], host: number): boolean {
  const [placed, unmet] = [[] as number[], new Map(machines.map((machine) => [machine, state.unmet(machine, host)]))];
  machines.forEach((machine) => state.remove(machine));
  for (const machine of machines) {
    const target = chooser.best(machine, host);
    const isUsed = target !== NOWHERE && state.machinesOn[target]?.size !== 0;
    if (!isUsed || state.unmet(machine, target) > (unmet.get(machine) ?? 0)) break;
    state.add(machine, target);
    placed.push(machine);
  }
  if (placed.length === machines.length) return true;
  placed.forEach((machine) => state.remove(machine));
  machines.forEach((machine) => {
    state.add(machine, host);
  });
  return false;
}
