import { inWords } from "./check";
import type { Finding, MachineNode, PlacementModel } from "./model";
import { place } from "./place";
import { nameOf } from "./quantity";
import type { Relaxed } from "./state";

/** Conditions that cannot hold together. */
export interface Conflict {
  readonly conditions: readonly Finding[];
  /** Whether all possibilities were tried. Otherwise a placement may exist that was not found. */
  readonly proved: boolean;
}

/** A condition that a search can leave out. */
interface Condition extends Finding {
  readonly leaveOut: { readonly kind: keyof Relaxed; readonly name: string };
}

/**
 * Finds the smallest set of conditions that cannot hold together: without any one of them, there is a placement.
 *
 * @returns undefined if even the machines without any condition cannot be placed, because they have no hosts
 */
export function conflictIn(model: PlacementModel): Conflict | undefined {
  const all = conditionsOf(model);
  const isPossible = (kept: readonly Condition[]) => {
    const left = new Set(all);
    kept.forEach((condition) => left.delete(condition));
    return place(model, { relaxed: relaxedBy([...left]) }).unplaced.length === 0;
  };
  if (!isPossible([])) return undefined;
  const conditions = smallest([], [], all, isPossible);
  const left = all.filter((condition) => !conditions.includes(condition));
  return { conditions, proved: place(model, { relaxed: relaxedBy(left) }).proved };
}

/**
 * The deletion filter in halves (QuickXplain): of n conditions it finds the k that conflict with about k log(n / k) tries.
 *
 * @param kept conditions that hold in any case
 * @param added those of them that were added since the last try
 * @param rest conditions of which some are in conflict with those that are kept
 */
function smallest(
  kept: readonly Condition[],
  added: readonly Condition[],
  rest: readonly Condition[],
  isPossible: (conditions: readonly Condition[]) => boolean,
): readonly Condition[] {
  if (added.length > 0 && !isPossible(kept)) return [];
  if (rest.length <= 1) return rest;
  const half = rest.length >> 1;
  const [first, second] = [rest.slice(0, half), rest.slice(half)];
  const inSecond = smallest([...kept, ...first], first, second, isPossible);
  const inFirst = smallest([...kept, ...inSecond], inSecond, first, isPossible);
  return [...inFirst, ...inSecond];
}

function conditionsOf(model: PlacementModel): Condition[] {
  const resources = [...new Set(model.machines.flatMap(({ demand }) => Object.keys(demand)))].sort();
  return [
    ...resources.map((resource) => ({
      at: "",
      message: `the hosts have only so much: ${nameOf(resource)}`,
      leaveOut: { kind: "resources" as const, name: resource },
    })),
    ...model.hosts
      .filter(({ maintenance }) => maintenance)
      .map(({ name, path }) => ({
        at: path,
        message: "the host is in maintenance",
        leaveOut: { kind: "maintenance" as const, name },
      })),
    ...model.rules
      .filter(({ required }) => required)
      .map(({ path, kind, domain, machines }) => ({
        at: path,
        message: `${machines.length} machines ${meanings[kind]}${domain === undefined ? "" : `, by ${domain} (the hosts have ${valuesOf(model, domain)})`}`,
        leaveOut: { kind: "rules" as const, name: path },
      })),
    ...model.machines.flatMap((machine) => {
      const message = ownCondition(model, machine);
      return message === undefined
        ? []
        : [{ at: machine.path, message, leaveOut: { kind: "machines" as const, name: machine.path } }];
    }),
  ];
}

/** The values of a label: `r1, r2`, or how many there are. */
function valuesOf({ hosts }: PlacementModel, label: string): string {
  const values = [...new Set(hosts.map(({ labels }) => labels[label]).filter((value) => value !== undefined))];
  return values.length > 5 ? String(values.length) : values.join(", ") || "none";
}

const meanings = { together: "must be together", apart: "must be apart", spread: "must be spread" } as const;

/** What a machine itself requires of its host; undefined if it may be on any of its fleet. */
function ownCondition({ fleets }: PlacementModel, machine: MachineNode): string | undefined {
  const fleet = fleets.find(({ path }) => path === machine.fleet);
  if (fleet === undefined) return undefined;
  const isLimited = fleet.hosts.some((name) => !machine.candidates.includes(name));
  const parts = [
    ...(isLimited
      ? [`it can only be on ${machine.candidates.map((name) => `'${name}'`).join(", ") || "no host"}`]
      : []),
    ...(Object.keys(machine.requires).length > 0 ? [`its host must have ${inWords(machine.requires)}`] : []),
  ];
  const reasons = isLimited ? [...new Set(Object.values(machine.excluded))] : [];
  return parts.length === 0 ? undefined : [parts.join("; "), ...reasons].join("; ");
}

function relaxedBy(conditions: readonly Condition[]): Relaxed {
  const names = (kind: keyof Relaxed) =>
    new Set(conditions.flatMap(({ leaveOut }) => (leaveOut.kind === kind ? [leaveOut.name] : [])));
  return {
    rules: names("rules"),
    machines: names("machines"),
    maintenance: names("maintenance"),
    resources: names("resources"),
  };
}
