import {
  type Assignment,
  type Conflict,
  type Explanation,
  type Finding,
  nameOf,
  type Placement,
  type PlacementModel,
} from "../../placement";
import { table } from "../table";

/** What a placement has decided, and how much of the hosts is in use with it. */
export function placementText(model: PlacementModel, placement: Placement): string {
  const { added, moves, assignment } = placement;
  const placed = model.machines.filter(({ fleet }) => fleet !== undefined).length;
  const rows = [
    ...added.map((path) => [path, "-", assignment.get(path) ?? "-"]),
    ...moves.map(({ path, from, to }) => [path, from, to]),
  ];
  const parts = rows.length === 0 ? [] : [table(["MACHINE", "FROM", "TO"], rows), ""];
  return [
    ...parts,
    `${count(added.length, "machine is", "machines are")} placed, ${count(moves.length, "moves", "move")}, ${count(placed - rows.length, "stays", "stay")}.`,
    "",
    useTable(model, assignment),
  ].join("\n");
}

/** How much of each host the machines use. */
function useTable(model: PlacementModel, assignment: Assignment): string {
  const resources = [...new Set(model.machines.flatMap(({ demand }) => Object.keys(demand)))].sort();
  const rows = model.hosts.map(({ name, capacity, maintenance }) => {
    const there = model.machines.filter(({ path }) => assignment.get(path) === name);
    const use = resources.map((resource) => {
      const needed = there.reduce((sum, { demand }) => sum + (demand[resource] ?? 0), 0);
      return needed === 0 ? "-" : percent(needed / (capacity[resource] ?? 0));
    });
    return [maintenance ? `${name} (maintenance)` : name, String(there.length), ...use];
  });
  return table(["HOST", "MACHINES", ...resources.map((resource) => nameOf(resource).toUpperCase())], rows);
}

/** Why a machine is on its host, and what else would be possible. */
export function explanationText({ machine, possibilities }: Explanation): string {
  const rows = possibilities.map(({ host, isChosen, obstacles, unmet, use }) => {
    const busiest = Math.max(0, ...Object.values(use));
    const possible = [`possible, ${percent(busiest)} in use with it`, ...unmet.map((each) => `not preferred: ${each}`)];
    const why = obstacles.length > 0 ? obstacles : possible;
    const kept = isChosen && machine.current === host ? ["decided before"] : [];
    return [host, isChosen ? "here" : obstacles.length > 0 ? "no" : "yes", [...kept, ...why].join("; ")];
  });
  const stated = machine.fleet === undefined ? ["The app states the host of this machine.", ""] : [];
  return [machine.path, "", ...stated, table(["HOST", "", "WHY"], rows)].join("\n");
}

/** Why there is no placement. */
export function conflictText(unplaced: readonly string[], conflict: Conflict | undefined): string {
  const who =
    unplaced.length > 5 ? `${unplaced.slice(0, 5).join(", ")} and ${unplaced.length - 5} more` : unplaced.join(", ");
  if (conflict === undefined) return `no host for ${who}: their fleets have no hosts; add hosts`;
  const what = conflict.proved ? "these cannot hold together" : "no placement was found in which these hold together";
  return [
    `no host for ${who}; ${what}:`,
    ...conflict.conditions.map((condition) => `  ${findingText(condition)}`),
  ].join("\n");
}

/** A finding on one line. */
export function findingText({ at, message }: Finding): string {
  return at === "" ? message : `${message} (at ${at})`;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : "no room";
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
