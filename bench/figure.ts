import type { Accelerator, LabHost, LabShared } from "../lab";

/** The limit for a value. */
export type Bar = { readonly atMost: number } | { readonly atLeast: number };

/** One measured value. */
export interface Finding {
  readonly what: string;
  readonly value: number;
  readonly unit: "x" | "s" | "MB" | "MB/s";
  /** @default - no limit, the value explains the others */
  readonly bar?: Bar;
}

/** The environment in which a figure is measured. */
export interface Setting {
  /** The hosts of a lab, as many as the figure requires. */
  readonly hosts: readonly LabHost[];
  /** The type of domains that these hosts can run: not every machine has KVM. */
  readonly accelerator: Accelerator;
  /** The shared storage of the hosts, for a figure that requires it. */
  readonly shared?: LabShared;
  /** The path on this machine of a file on a host. */
  readonly fileOf: (host: LabHost, file: string) => string;
  /** An empty folder, for this figure only. */
  readonly folder: string;
  /**
   * Whether to use small sizes.
   *
   * The values are then meaningless, but a change of the benchmark can be tried quickly.
   */
  readonly quick: boolean;
  /** Receives progress, a line at a time. */
  readonly report: (line: string) => void;
}

/** A group of values that are measured together. */
export interface Figure {
  readonly name: string;
  /** The number of hosts of a lab that it requires. A figure with 0 hosts needs neither root nor a hypervisor. */
  readonly hosts: number;
  /**
   * Whether it requires storage that the hosts share.
   *
   * @default false
   */
  readonly shared?: boolean;
  measure(setting: Setting): Promise<Finding[]>;
}

/** Reports whether a value meets its bar. */
export function holds({ value, bar }: Finding): boolean {
  if (bar === undefined) return true;
  return "atMost" in bar ? value <= bar.atMost : value >= bar.atLeast;
}
