import { type IResolvable, Tokenization } from "cdktf";

/** A configuration whose attributes can be assigned. */
export type Inputs<Config> = { -readonly [Name in keyof Config]: Config[Name] };

/**
 * Renders an object for Terraform. The functions below apply it to nested values. They leave a token for the whole value as it
 * is, and keep the keys of a map, because these are names (`disks["vda"]`) and not attributes.
 */
type Render<T> = (value: T) => Record<string, unknown>;

export function nestedSingle<T extends object>(value: T | IResolvable | undefined, render: Render<T>): unknown {
  if (value === undefined) {
    return undefined;
  }
  return isToken(value) ? late(value, (produced) => nestedSingle(produced as T, render)) : render(value);
}

export function nestedMap<T extends object>(
  values: Readonly<Record<string, T | IResolvable>> | IResolvable | undefined,
  render: Render<T>,
): unknown {
  if (values === undefined) {
    return undefined;
  }
  if (isToken(values)) {
    return late(values, (produced) => nestedMap(produced as Readonly<Record<string, T | IResolvable>>, render));
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, nestedSingle(value, render)]));
}

export function nestedList<T extends object>(
  values: readonly (T | IResolvable)[] | IResolvable | undefined,
  render: Render<T>,
): unknown {
  if (values === undefined) {
    return undefined;
  }
  return isToken(values)
    ? late(values, (produced) => nestedList(produced as readonly (T | IResolvable)[], render))
    : values.map((value) => nestedSingle(value, render));
}

/**
 * Converts attributes for `cdktf synth --hcl`, whose renderer needs the type of each value.
 *
 * Without the type it would guess, and treat a string that starts with `{` as an object.
 */
export function toHclAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toHclAttribute(value)]),
  );
}

function toHclAttribute(value: unknown): unknown {
  const type = { isBlock: false, ...hclType(value) };
  if (typeof value === "object" && value !== null && isToken(value)) {
    return mapToken(value, (known) => (known === undefined ? undefined : { value: known, ...type }));
  }
  return { value, ...type };
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

/** A token whose value, where it is an object and not a reference, is rendered when it is known. */
function late(token: IResolvable, render: (value: object) => unknown): IResolvable {
  return mapToken(token, (value) => (typeof value === "object" && value !== null ? render(value) : value));
}

function mapToken(token: IResolvable, map: (value: unknown) => unknown): IResolvable {
  return {
    creationStack: token.creationStack,
    resolve: (context) => map(token.resolve(context)),
    toString: () => token.toString(),
  };
}

function isToken(value: object): value is IResolvable {
  return Tokenization.isResolvable(value);
}
