import { type IResolvable, Tokenization } from "cdktf";

/** A configuration as its construct keeps it, to be set again attribute by attribute. */
export type Inputs<Config> = { -readonly [Name in keyof Config]: Config[Name] };

/**
 * What the generated bindings share: nested values on their way to Terraform. Each takes a token for the whole value as
 * it is, and keeps the keys of a map as they were written, since those are names (`disks["vda"]`) and not attributes.
 */
type Render<T> = (value: T) => Record<string, unknown>;

export function nestedSingle<T extends object>(value: T | IResolvable | undefined, render: Render<T>): unknown {
  return value === undefined || isToken(value) ? value : render(value);
}

export function nestedMap<T extends object>(
  values: Readonly<Record<string, T | IResolvable>> | IResolvable | undefined,
  render: Render<T>,
): unknown {
  if (values === undefined || isToken(values)) {
    return values;
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, nestedSingle(value, render)]));
}

export function nestedList<T extends object>(
  values: readonly (T | IResolvable)[] | IResolvable | undefined,
  render: Render<T>,
): unknown {
  return values === undefined || isToken(values) ? values : values.map((value) => nestedSingle(value, render));
}

/**
 * The same attributes for `cdktf synth --hcl`, whose renderer wants to be told of each value what it is.
 *
 * It would guess otherwise, and take a string that starts with `{` for an object.
 */
export function toHclAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, { value, isBlock: false, ...hclType(value) }]),
  );
}

function hclType(value: unknown): { readonly type: string; readonly storageClassType: string } {
  if (Array.isArray(value)) {
    const element = typeof value[0] === "object" ? "object" : typeof value[0];
    return { type: "list", storageClassType: `${element}List` };
  }
  return typeof value === "object"
    ? { type: "map", storageClassType: "anyMap" }
    : { type: "simple", storageClassType: typeof value };
}

function isToken(value: object): value is IResolvable {
  return Tokenization.isResolvable(value);
}
