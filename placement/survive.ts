import { Chooser } from "./choose";
import { type Assignment, domainOf, type Finding, type FleetNode, type PlacementModel } from "./model";
import { NOWHERE, State } from "./state";

/** How many combinations of failures are tried for a fleet. */
const MOST_COMBINATIONS = 5_000;

/**
 * Which machines would have no room after failures that their fleet has to survive.
 *
 * After a failure only capacity and the conditions of each machine count: rules about several machines may not hold while a
 * rack is gone.
 */
export function lostIn(model: PlacementModel, assignment: Assignment): Finding[] {
  const loaded = load({ ...model, rules: [] }, assignment);
  return model.fleets.flatMap((fleet) => lostInFleet(loaded, fleet));
}

function load(model: PlacementModel, assignment: Assignment): State {
  const state = new State(model);
  const numbers = new Map(model.hosts.map(({ name }, host) => [name, host]));
  model.machines.forEach(({ path }, machine) => {
    const host = numbers.get(assignment.get(path) ?? "");
    if (host !== undefined) state.add(machine, host);
  });
  return state;
}

function lostInFleet(state: State, fleet: FleetNode): Finding[] {
  const { survives, path } = fleet;
  if (survives === undefined) return [];
  const domains = new Map<string, number[]>();
  state.model.hosts.forEach((host, number) => {
    if (!fleet.hosts.includes(host.name)) return;
    const domain = domainOf(host, survives.domain) ?? host.name;
    domains.set(domain, [...(domains.get(domain) ?? []), number]);
  });
  const chooser = new Chooser(state);
  const findings: Finding[] = [];
  let tried = 0;
  for (const names of combinations([...domains.keys()], survives.failures)) {
    if (++tried > MOST_COMBINATIONS) {
      findings.push({
        at: path,
        message: `more than ${MOST_COMBINATIONS} combinations of ${survives.failures} failures are possible; lower 'survives.failures', or set 'survives.domain'`,
      });
      break;
    }
    const homeless = homelessAfter(
      state,
      chooser,
      names.flatMap((name) => domains.get(name) ?? []),
    );
    if (homeless.length > 0) {
      const what = `${survives.domain === undefined ? "" : `${survives.domain} `}${names.map((name) => `'${name}'`).join(" and ")}`;
      findings.push({
        at: path,
        message: `if ${what} ${names.length === 1 ? "is" : "are"} lost, no room is left for ${enumerate(homeless)}; add capacity, or set 'mustSurvive' of machines to false`,
      });
    }
  }
  return findings;
}

/** The paths of machines that fit nowhere after these hosts are lost. The state is then as before. */
function homelessAfter(state: State, chooser: Chooser, lost: readonly number[]): string[] {
  const isLost = new Set(lost);
  const leaving = lost.flatMap((host) =>
    [...(state.machinesOn[host] ?? [])].map((machine) => [machine, host] as const),
  );
  leaving.forEach(([machine]) => state.remove(machine));
  const moved: number[] = [];
  const homeless: string[] = [];
  const order = [...leaving].sort(
    ([one], [other]) => (chooser.shares[other] ?? 0) - (chooser.shares[one] ?? 0) || one - other,
  );
  for (const [machine] of order) {
    const node = state.model.machines[machine];
    if (node?.fleet === undefined || !node.mustSurvive) continue;
    const host = fullest(state, machine, isLost);
    if (host === NOWHERE) {
      homeless.push(node.path);
    } else {
      state.add(machine, host);
      moved.push(machine);
    }
  }
  moved.forEach((machine) => state.remove(machine));
  leaving.forEach(([machine, host]) => {
    state.add(machine, host);
  });
  return homeless.sort();
}

/** The host with the least room that a machine still fits on, so that the others keep room for larger machines. */
function fullest(state: State, machine: number, lost: ReadonlySet<number>): number {
  let [best, use] = [NOWHERE, -1];
  for (const host of state.candidates[machine] ?? []) {
    if (lost.has(host) || !state.fits(machine, host)) continue;
    const own = state.useWith(machine, host);
    if (own > use) [best, use] = [host, own];
  }
  return best;
}

function* combinations(names: readonly string[], size: number, from = 0): Generator<readonly string[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= names.length - size; at++) {
    for (const rest of combinations(names, size - 1, at + 1)) yield [names[at] ?? "", ...rest];
  }
}

function enumerate(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
