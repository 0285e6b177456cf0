import { constructPath, constructSource, type Stack } from "../pipeline/stacks";
import type { Change, EffectAction, PlanJson, ResourceChange } from "./plan-json";

/** What reviewers of a plan need to know about a stack. It contains no values of attributes but names, hosts and sizes. */
export interface StackReview {
  readonly stack: string;
  readonly counts: Counts;
  /** Guests that do not run on as they are. */
  readonly interrupted: readonly Interruption[];
  /** Objects that are destroyed or replaced. */
  readonly destroyed: readonly Destruction[];
  /** Machines that change their host. */
  readonly moved: readonly Move[];
  /** Machines that get something only at their next start. */
  readonly waiting: readonly Waiting[];
  /** Objects that are otherwise than the state said. */
  readonly drifted: readonly NamedObject[];
}

/** An object, named as the app does. */
export interface NamedObject {
  /** Path of the construct in its stack, or the object's address if no construct declares it any more. */
  readonly object: string;
  /** The file and the line of the app that create it. Undefined if no construct declares it any more, or it is not known. */
  readonly source?: string;
}

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly replace: number;
  readonly move: number;
  readonly restart: number;
}

export interface Interruption extends NamedObject {
  readonly host: string;
  readonly action: EffectAction | "replace" | "destroy" | "unknown";
  readonly causes: readonly string[];
}

export interface Destruction extends NamedObject {
  readonly type: string;
  readonly host: string;
  readonly replaced: boolean;
  /** What is lost with it, in words. Undefined if it holds no data. */
  readonly data?: string;
}

export interface Move extends NamedObject {
  readonly from: string;
  readonly to: string;
  readonly live: boolean;
}

export interface Waiting extends NamedObject {
  readonly host: string;
  readonly causes: readonly string[];
}

const DOMAIN = "libvirt_domain";

/** The actions that interrupt a guest. */
const INTERRUPTIONS: readonly EffectAction[] = ["restart", "power-off"];

/** Returns what a plan means. */
export function reviewOf(stack: Pick<Stack, "name" | "configuration">, plan: PlanJson): StackReview {
  const changes = (plan.resource_changes ?? []).filter(isChanged);
  const nameOf = (it: ResourceChange): NamedObject => namedObject(stack, it);
  const domains = changes.filter(({ type }) => type === DOMAIN);
  const moved = domains.flatMap((it) => moveOf(nameOf(it), it.change));
  const interrupted = domains.flatMap((it) => interruptionOf(nameOf(it), it.change));
  return {
    stack: stack.name,
    counts: {
      add: changes.filter(({ change }) => is(change, "create") && !is(change, "delete")).length,
      change: changes.filter(({ change }) => is(change, "update")).length,
      destroy: changes.filter(({ change }) => is(change, "delete") && !is(change, "create")).length,
      replace: changes.filter(({ change }) => isReplaced(change)).length,
      move: moved.length,
      restart: interrupted.filter(({ action }) => action === "restart").length,
    },
    interrupted,
    destroyed: changes
      .filter(({ change }) => is(change, "delete"))
      .map((it) => ({
        ...nameOf(it),
        type: it.type,
        host: it.change.before?.host ?? "",
        replaced: isReplaced(it.change),
        ...dataOf(it),
      })),
    moved,
    waiting: domains.flatMap((it) => {
      const { after } = it.change;
      return after?.effect?.action === "next-start"
        ? [{ ...nameOf(it), host: after.host ?? "", causes: after.effect.causes }]
        : [];
    }),
    drifted: (plan.resource_drift ?? []).filter(({ change }) => !is(change, "no-op")).map(nameOf),
  };
}

/** Reports whether a plan changes anything. */
export function hasChanges({ counts: { add, change, destroy, replace } }: StackReview): boolean {
  return add + change + destroy + replace > 0;
}

function isChanged({ mode, change }: ResourceChange): boolean {
  return mode === "managed" && change.actions.some((it) => it !== "no-op" && it !== "read");
}

function is(change: Change, action: Change["actions"][number]): boolean {
  return change.actions.includes(action);
}

/** Reports whether an object is destroyed and created again. */
export function isReplaced(change: Change): boolean {
  return is(change, "delete") && is(change, "create");
}

/** Returns the path of the construct that declares an object, or the object's address if no construct does any more. */
export function namedObject(
  { name, configuration }: Pick<Stack, "name" | "configuration">,
  it: Pick<ResourceChange, "type" | "name" | "address">,
): NamedObject {
  const resource = configuration.resource?.[it.type]?.[it.name];
  const source = constructSource(resource);
  return {
    object: constructPath(resource)?.replace(`${name}/`, "") ?? it.address,
    ...(source === undefined ? {} : { source }),
  };
}

function moveOf(named: NamedObject, { before, after, ...change }: Change): readonly Move[] {
  if (
    before?.host === undefined ||
    after?.host === undefined ||
    before.host === after.host ||
    isReplaced({ before, after, ...change })
  ) {
    return [];
  }
  return [{ ...named, from: before.host, to: after.host, live: after.effect?.action === "migrate-live" }];
}

function interruptionOf(named: NamedObject, change: Change): readonly Interruption[] {
  const { before, after } = change;
  const host = before?.host ?? "";
  const runs = before?.state === "running" || before?.state === "paused";
  if (!runs) {
    return [];
  }
  if (is(change, "delete")) {
    return [{ ...named, host, action: isReplaced(change) ? "replace" : "destroy", causes: [] }];
  }
  const effect = after?.effect;
  if (effect !== undefined && effect !== null) {
    return INTERRUPTIONS.includes(effect.action) ? [{ ...named, host, ...effect }] : [];
  }
  return change.after_unknown?.effect === true ? [{ ...named, host, action: "unknown", causes: [] }] : [];
}

/** Returns what is lost with an object. */
function dataOf({ type, change: { before } }: ResourceChange): Pick<Destruction, "data"> {
  switch (type) {
    case "libvirt_volume":
      return { data: before?.capacity === undefined ? "its content" : `its content (${inBytes(before.capacity)})` };
    case "libvirt_pool":
      return before?.delete_data === true ? { data: "everything in it" } : {};
    case "libvirt_domain_snapshot":
      return { data: "the possibility to return to it" };
    case DOMAIN:
      return before?.state === "saved" ? { data: "its saved memory" } : {};
    default:
      return {};
  }
}

/** Renders a number of bytes in the largest unit in which it is at least 1. */
export function inBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${Number.isInteger(value) ? String(value) : value.toFixed(1)} ${units[power] ?? ""}`;
}
