import { Tokenization } from "cdktf";
import { Late } from "../../core/late";

/** Reads an input of a binding, if it is known before synthesis; undefined for any other token. */
export function readInput<T extends object>(input: T | undefined): Exclude<T, { resolve: unknown }> | undefined {
  const value = input instanceof Late ? (input.read() as T | undefined) : input;
  return value === undefined || Tokenization.isResolvable(value)
    ? undefined
    : (value as Exclude<T, { resolve: unknown }>);
}
