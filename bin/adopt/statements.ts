import { Expression, importsOf, render, type Value, Varying, withVarying } from "./code";
import { type Names, variableName } from "./names";
import type { Part } from "./part";

/** The indentation of the statements, in the constructor of a stack. */
const indent = "    ";

/** What the statements need besides the parts. */
export interface Surroundings {
  /** The variables of the file. */
  readonly names: Names;
  /** The variables that some part uses. */
  readonly used: ReadonlySet<string>;
  /** What the constructs have no property for, by the key of the object. */
  readonly overrides: ReadonlyMap<string, Value>;
}

/** The variables, and other expressions, that parts use. */
export function usedBy(parts: readonly Part[]): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (value: Value | undefined): void => {
    if (value instanceof Expression) used.add(value.text);
    else if (typeof value === "object" && value !== null && !(value instanceof Varying))
      Object.values(value).forEach(add);
  };
  for (const { scope, props } of parts) {
    used.add(scope);
    add(props);
  }
  return used;
}

/** What the parts use of the construct library. */
export function importedBy(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ maker, props }) => [
    /\w+$/.exec(maker.replace(/\.\w+$/, ""))?.[0] ?? "",
    ...importsOf(props),
  ]);
}

/** Renders the parts: machines that differ only in names and addresses in a loop. */
export function statements(parts: readonly Part[], surroundings: Surroundings): string {
  const done = new Set<Part>();
  const shapes = new Map(parts.map((part) => [part, shapeOf(part, surroundings)]));
  const blocks = parts.flatMap((part) => {
    if (done.has(part)) return [];
    const alike = part.id instanceof Varying ? parts.filter((other) => shapes.get(other) === shapes.get(part)) : [part];
    alike.forEach((each) => done.add(each));
    return [alike.length > 1 ? loop(alike, surroundings) : statement(part, surroundings, indent)];
  });
  return blocks.join("");
}

function statement(part: Part, { used, overrides }: Surroundings, at: string): string {
  const overridden = part.objects.filter(({ key }) => overrides.has(key));
  const variable = used.has(part.variable) || overridden.length > 0 ? `const ${part.variable} = ` : "";
  const id = part.id instanceof Varying ? JSON.stringify(part.id.value) : idText(part.id);
  const begin = `${at}${variable}${part.maker}(${part.scope}, ${id}, `;
  const comments = part.comments.map((comment) => `${at}// ${comment}\n`).join("");
  const made = `${comments}${begin}${render(part.props, at, begin.length + 2)});\n`;
  return (
    made +
    overridden.map(({ key, child }) => overrideStatement(part.variable, child, overrides.get(key) ?? {}, at)).join("")
  );
}

function idText(id: string): string {
  return id.startsWith("`") || id === "name" ? id : JSON.stringify(id);
}

function overrideStatement(variable: string, child: string, value: Value, at: string): string {
  const end = child === "Default" ? "" : `, ${JSON.stringify(child)}`;
  const begin = `${at}override(${variable}, `;
  return `${at}// The construct has no property for this, or another value.\n${begin}${render(value, at, begin.length + end.length + 2)}${end});\n`;
}

/** What alike machines have in common. */
function shapeOf(part: Part, { overrides }: Surroundings): string {
  const own = part.objects.map(({ key, child }) => [child, overrides.get(key) ?? null]);
  const props = withVarying(part.props, ({ field }) => new Expression(`<${field}>`));
  return JSON.stringify([part.maker, part.id instanceof Varying, props, part.comments, own]);
}

/** Renders alike machines: a list of what differs, and a loop over it. */
function loop(parts: readonly Part[], surroundings: Surroundings): string {
  const rows = parts.map((part) => fieldsOf(part));
  const names = rows.map(({ name }) => name ?? "");
  const derived = new Map(
    Object.keys(rows[0] ?? {}).flatMap((field) => {
      const values = rows.map((row) => row[field] ?? "");
      const known = field === "name" ? undefined : (constant(values) ?? fromName(values, names));
      return known === undefined ? [] : [[field, known] as const];
    }),
  );
  const fields = Object.keys(rows[0] ?? {}).filter((field) => !derived.has(field));
  const [first] = parts;
  if (first === undefined) return "";
  const list = surroundings.names.take(`${variableName(commonBeginning(names))}Machines`);
  const type = `readonly { ${fields.map((field) => `readonly ${field}: string`).join("; ")} }[]`;
  const entries = rows.map(
    (row) =>
      `${indent}  ${render(Object.fromEntries(fields.map((field) => [field, row[field] ?? ""])), `${indent}  `, 7)},\n`,
  );
  const looped: Part = {
    ...first,
    variable: "vm",
    id: "name",
    props: withVarying(first.props, ({ field }) => derived.get(field) ?? new Expression(field)) as Part["props"],
  };
  return (
    `${indent}const ${list}: ${type} = [\n${entries.join("")}${indent}];\n` +
    `${indent}for (const { ${fields.join(", ")} } of ${list}) {\n${statement(looped, surroundings, `${indent}  `)}${indent}}\n`
  );
}

/** The values by which a machine differs from others. */
function fieldsOf(part: Part): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  const note = (varying: Varying): Value => {
    fields[varying.field] = varying.value;
    return varying;
  };
  if (part.id instanceof Varying) note(part.id);
  withVarying(part.props, note);
  return fields;
}

function constant(values: readonly string[]): Value | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** A template of the machine's name that gives these values. */
function fromName(values: readonly string[], names: readonly string[]): Expression | undefined {
  const [value = "", name = ""] = [values[0], names[0]];
  const at = value.indexOf(name);
  const [before, after] = [value.slice(0, Math.max(at, 0)), value.slice(at + name.length)];
  const fits = at >= 0 && values.every((each, index) => each === `${before}${names[index] ?? ""}${after}`);
  return fits ? new Expression(`\`${before}\${name}${after}\``) : undefined;
}

function commonBeginning(names: readonly string[]): string {
  const [first = ""] = names;
  const length = Array.from(first).findIndex((character, index) => names.some((name) => name[index] !== character));
  return (length < 0 ? first : first.slice(0, length)).replace(/[\W_]+$/, "") || "similar";
}
