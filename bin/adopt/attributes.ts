import type { Attributes } from "../pipeline/adoptable";

/** A group of attributes; empty where it is not set. */
export function group(attributes: Attributes, name: string): Attributes {
  const value = attributes[name];
  return isGroup(value) ? value : {};
}

/** A text; undefined where it is not set. */
export function text(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === "string" ? value : undefined;
}

/** A number; undefined where it is not set. */
export function number(attributes: Attributes, name: string): number | undefined {
  const value = attributes[name];
  return typeof value === "number" ? value : undefined;
}

/** Whether it is set, on or off; undefined where it is not set. */
export function flag(attributes: Attributes, name: string): boolean | undefined {
  const value = attributes[name];
  return typeof value === "boolean" ? value : undefined;
}

/** The entries of a map of groups. */
export function entriesOf(attributes: Attributes, name: string): readonly (readonly [string, Attributes])[] {
  return Object.entries(group(attributes, name)).map(([key, value]) => [key, isGroup(value) ? value : {}]);
}

export function isGroup(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Attributes that a property has under the same names, in camelCase. Undefined where none of these is set. */
export function same(
  attributes: Attributes,
  ...names: readonly string[]
): Record<string, string | number | boolean> | undefined {
  const found = names.flatMap((name) => {
    const value = attributes[name];
    const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return plain ? [[camelCase(name), value] as const] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
