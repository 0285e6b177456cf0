import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "./errors";
import { Size } from "./size";

/** The allowed range of a number. */
export interface Limits {
  readonly least: number;

  /** @default - any */
  readonly most?: number;
}

/** Checks a whole number for libvirt. A token is accepted as it is. */
export function checkWhole(
  at: IConstruct,
  property: string,
  number: number | undefined,
  { least, most }: Limits,
): void {
  if (number === undefined || Token.isUnresolved(number)) {
    return;
  }
  const isIn = Number.isInteger(number) && number >= least && (most === undefined || number <= most);
  if (!isIn && most === undefined) {
    addError(at, `'${property}' must be a whole number of at least ${least}, got ${number}; raise or round it`);
  } else if (!isIn) {
    addError(
      at,
      `'${property}' must be a whole number from ${least} to ${most}, got ${number}; choose a number in this range`,
    );
  }
}

/** The units in which libvirt expects sizes. */
const units = { KiB: Size.kibibytes(1), MiB: Size.mebibytes(1) } as const;

/** Checks that a size is a whole number of the unit in which libvirt expects it. */
export function checkUnits(at: IConstruct, property: string, size: Size | undefined, unit: keyof typeof units): void {
  if (size !== undefined && (size.isLessThan(units[unit]) || !size.isMultipleOf(units[unit]))) {
    addError(
      at,
      `'${property}' must be a whole number of ${unit}, at least 1, got ${size.toString()}; raise or round it`,
    );
  }
}

export function checkNotEmpty(machine: IConstruct, property: string, limits: object): void {
  if (Object.values(limits).every((limit) => limit === undefined)) {
    addError(machine, `'${property}' must set at least one limit, got none; remove it for no limit`);
  }
}
