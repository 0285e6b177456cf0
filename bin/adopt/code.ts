/** A value in the code that is written. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Expression
  | Varying
  | readonly Value[]
  | { readonly [name: string]: Value | undefined };

/** An expression, as it is written. */
export class Expression {
  /** @param imports what it uses of the construct library */
  constructor(
    public readonly text: string,
    public readonly imports: readonly string[] = [],
  ) {}
}

/** A value by which machines differ that are alike otherwise. */
export class Varying {
  /** @param field the name of the field in a list of such machines */
  constructor(
    public readonly field: string,
    public readonly value: string,
  ) {}
}

/** The width of a line. */
const width = 120;

/**
 * Renders a value.
 *
 * @param indent the spaces before the line that it begins in
 * @param before how many characters of that line are in use
 */
export function render(value: Value, indent: string, before: number): string {
  if (value instanceof Expression) return value.text;
  if (value instanceof Varying) return JSON.stringify(value.value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const line = inLine(value);
  if (before + line.length <= width) return line;
  const inner = `${indent}  `;
  if (isList(value)) {
    return `[\n${value.map((item) => `${inner}${render(item, inner, inner.length + 1)},\n`).join("")}${indent}]`;
  }
  const fields = entries(value).map(([name, field]) => {
    const key = propertyName(name);
    return isNamed(key, field)
      ? `${inner}${key},\n`
      : `${inner}${key}: ${render(field, inner, inner.length + key.length + 3)},\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

/** Renders a value in one line. */
function inLine(value: Value): string {
  if (value instanceof Expression) return value.text;
  if (value instanceof Varying) return JSON.stringify(value.value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(inLine).join(", ")}]`;
  const fields = entries(value).map(([name, field]) => {
    const key = propertyName(name);
    return isNamed(key, field) ? key : `${key}: ${inLine(field)}`;
  });
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** What the values use of the construct library. */
export function importsOf(value: Value | undefined): readonly string[] {
  if (value instanceof Expression) return value.imports;
  if (value === null || typeof value !== "object" || value instanceof Varying) return [];
  return isList(value) ? value.flatMap(importsOf) : entries(value).flatMap(([, field]) => importsOf(field));
}

/** Replaces the varying values in a value. */
export function withVarying(value: Value, replace: (varying: Varying) => Value): Value {
  if (value instanceof Varying) return replace(value);
  if (value === null || typeof value !== "object" || value instanceof Expression) return value;
  if (isList(value)) return value.map((item) => withVarying(item, replace));
  return Object.fromEntries(entries(value).map(([name, field]) => [name, withVarying(field, replace)]));
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

/** The fields that are set. */
function entries(
  value: Exclude<Value, string | number | boolean | null | readonly Value[]>,
): readonly (readonly [string, Value])[] {
  return Object.entries(value as Readonly<Record<string, Value | undefined>>).flatMap(([name, field]) =>
    field === undefined ? [] : [[name, field] as const],
  );
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** Whether a field has the value of the variable of its name. */
function isNamed(key: string, field: Value): boolean {
  return field instanceof Expression && field.text === key;
}
