import type { LabHost, LabShared } from "../lab";

/** A bar that a value must not pass. */
export type Bar = { readonly atMost: number } | { readonly atLeast: number };

/** One value that a figure found. */
export interface Finding {
  readonly what: string;
  readonly value: number;
  readonly unit: "x" | "s" | "MB" | "MB/s";
  /** @default - told for what it says about the others */
  readonly bar?: Bar;
}

/** What a figure is measured in. */
export interface Setting {
  /** As many hosts of a lab as the figure asks for. */
  readonly hosts: readonly LabHost[];
  /** The storage that they share, for a figure that asks for it. */
  readonly shared?: LabShared;
  /** Where a file of a host lies on this machine. */
  readonly fileOf: (host: LabHost, file: string) => string;
  /** An empty folder of the figure's own. */
  readonly folder: string;
  /** Whether small sizes do: for those who work on the benchmark itself. */
  readonly quick: boolean;
  /** Told what is being done, a line at a time. */
  readonly report: (line: string) => void;
}

/** One of the things that are measured. */
export interface Figure {
  readonly name: string;
  /** How many hosts of a lab it needs; none, no root and no hypervisor, where that is 0. */
  readonly hosts: number;
  /**
   * Whether they share storage.
   *
   * @default false
   */
  readonly shared?: boolean;
  measure(setting: Setting): Promise<Finding[]>;
}

/** Whether a value is on the right side of its bar. */
export function holds({ value, bar }: Finding): boolean {
  if (bar === undefined) return true;
  return "atMost" in bar ? value <= bar.atMost : value >= bar.atLeast;
}
