import { Expression } from "./code";

const units = [
  ["tebibytes", 2 ** 40],
  ["gibibytes", 2 ** 30],
  ["mebibytes", 2 ** 20],
  ["kibibytes", 2 ** 10],
] as const;

/** A size, in the largest unit in which it is a whole number. */
export function size(bytes: number): Expression {
  const [unit, factor] = units.find(([, each]) => bytes % each === 0) ?? ["bytes", 1];
  return new Expression(`Size.${unit}(${bytes / factor})`, ["Size"]);
}
