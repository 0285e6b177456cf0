import { Failure } from "../failure";

/** The shape of a JSON value: a primitive type, any value, a list of one shape, or an object with exactly these fields. */
export type Shape = "string" | "number" | "boolean" | "any" | readonly [Shape] | { readonly [field: string]: Shape };

/**
 * Checks that a JSON value of the provider has a shape: every field and no other.
 *
 * A provider of another version would otherwise be misread in silence.
 *
 * @throws Failure if a field is missing, unknown or of another type
 */
export function checkShape(value: unknown, shape: Shape, at = "the report"): void {
  if (typeof shape === "string") {
    if (shape !== "any" && typeof value !== shape) {
      throw mismatch(`${at} must be a ${shape}, got ${JSON.stringify(value)}`);
    }
  } else if (isList(shape)) {
    if (!Array.isArray(value)) {
      throw mismatch(`${at} must be a list, got ${JSON.stringify(value)}`);
    }
    value.forEach((item, index) => {
      checkShape(item, shape[0], `${at}[${index}]`);
    });
  } else {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw mismatch(`${at} must be an object, got ${JSON.stringify(value)}`);
    }
    const fields = new Map<string, unknown>(Object.entries(value));
    const unknown = [...fields.keys()].find((field) => shape[field] === undefined);
    if (unknown !== undefined) {
      throw mismatch(`${at} has the unknown field '${unknown}'`);
    }
    for (const [field, inner] of Object.entries(shape)) {
      if (!fields.has(field)) {
        throw mismatch(`${at} lacks the field '${field}'`);
      }
      checkShape(fields.get(field), inner, `${at}.${field}`);
    }
  }
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function mismatch(text: string): Failure {
  return new Failure(`${text}; install the provider of this version, in a checkout with 'lab/setup.sh'`);
}
