import type { Attributes } from "../pipeline/adoptable";
import { isGroup } from "./attributes";
import type { Value } from "./code";

/** What a plan would change of an object that it imports. */
export interface PlannedChange {
  readonly before: Attributes;
  readonly after: Attributes;
  /** What only the apply will know. */
  readonly unknown: Attributes;
}

/**
 * The attributes that keep an object as it is: those that a plan would change, with the values of the host.
 *
 * @param stated the names of the attributes that a configuration can state
 * @returns undefined where the plan changes nothing that a configuration can state
 */
export function overridesOf({ before, after, unknown }: PlannedChange, stated: ReadonlySet<string>): Value | undefined {
  const found = Object.keys({ ...before, ...after })
    .filter((name) => stated.has(name))
    .flatMap((name) => {
      const value = difference(before[name], after[name], unknown[name]);
      return value === undefined ? [] : [[name, value] as const];
    });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The value that has to be stated; undefined where nothing has. */
function difference(before: unknown, after: unknown, unknown: unknown): Value | undefined {
  if (unknown === true || JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return undefined;
  if (!isGroup(before) || !isGroup(after)) return plain(before) ?? null;
  const rest = isGroup(unknown) ? unknown : {};
  const fields = Object.keys({ ...before, ...after }).flatMap((name) => {
    const value = difference(before[name], after[name], rest[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

/** Returns a value as Terraform writes it, without its unset fields. */
function plain(value: unknown): Value | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.flatMap((item) => plain(item) ?? []);
  if (typeof value === "string") return value.replace(/([$%])\{/g, "$1$1{"); // Terraform would read a template
  if (!isGroup(value)) return value as number | boolean;
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const known = plain(field);
    return known === undefined ? [] : [[name, known] as const];
  });
  return Object.fromEntries(fields);
}

/** Adds attributes to those that are stated already. */
export function merged(one: Value | undefined, other: Value): Value {
  if (!isGroup(one) || !isGroup(other)) return other;
  const [first, second] = [one as Readonly<Record<string, Value>>, other as Readonly<Record<string, Value>>];
  return {
    ...first,
    ...Object.fromEntries(Object.entries(second).map(([name, value]) => [name, merged(first[name], value)])),
  };
}
