import type { DriftReport, StateObject, UndeclaredObject } from "../pipeline/drift";
import type { Stack } from "../pipeline/stacks";
import { namedObject } from "../review/review";

/** Something that a host has otherwise than the states say. */
export type Finding = ChangedFinding | GoneFinding | UndeclaredFinding;

/** An object in a state, and the construct that declares it. */
interface DeclaredObject {
  readonly stack: string;
  /** The path of the construct in its stack, or the address if no construct declares the object any more. */
  readonly object: string;
  readonly address: string;
  readonly type: string;
  readonly host: string;
}

/** An attribute that has another value. */
export interface ChangedFinding extends DeclaredObject {
  readonly kind: "changed";
  readonly attribute: string;
  readonly was: unknown;
  readonly is: unknown;
  readonly sensitive: boolean;
}

/** An object that no host has any more. */
export interface GoneFinding extends DeclaredObject {
  readonly kind: "gone";
}

/** An object on a host that no state has there. */
export interface UndeclaredFinding extends UndeclaredObject {
  readonly kind: "undeclared";
}

/** What could not be compared, and why. A host counts once, with the number of its objects. */
export type Failed =
  | { readonly host: string; readonly error: string; readonly objects: number }
  | (DeclaredObject & { readonly error: string });

/** What a comparison of states with hosts has found. */
export interface Drift {
  readonly compared: number;
  /** How many objects cannot be read now, such as volumes in a stopped pool. */
  readonly inactive: number;
  readonly findings: readonly Finding[];
  readonly failed: readonly Failed[];
}

/** Names the objects in the provider's report as the app does. */
export function driftOf(stacks: readonly Stack[], report: DriftReport): Drift {
  const named = ({ resource, ...object }: StateObject): DeclaredObject => ({
    ...object,
    object: nameOf(stacks, { ...object, resource }),
  });
  return {
    compared: report.compared,
    inactive: report.inactive,
    findings: [
      ...report.changed.flatMap(({ object, attributes }) =>
        attributes.map(({ path, ...values }): Finding => ({
          kind: "changed",
          ...named(object),
          attribute: path,
          ...values,
        })),
      ),
      ...report.gone.map((object): Finding => ({ kind: "gone", ...named(object) })),
      ...report.undeclared.map((object): Finding => ({ kind: "undeclared", ...object })),
    ],
    failed: [
      ...report.hosts
        .filter(({ error }) => error !== "")
        .map(({ name, error, unread }) => ({ host: name, error, objects: unread })),
      ...report.unread.map(({ object, error }) => ({ ...named(object), error })),
    ],
  };
}

function nameOf(stacks: readonly Stack[], { stack, address, type, resource }: StateObject): string {
  const of = stacks.find(({ name }) => name === stack);
  // The configuration of a module is not in the stack's own.
  if (of === undefined || address.startsWith("module.")) {
    return address;
  }
  const { object: name } = namedObject(of, { type, name: resource, address });
  // Of the objects of one resource, each has a key.
  return name === address ? address : `${name}${address.slice(`${type}.${resource}`.length)}`;
}
