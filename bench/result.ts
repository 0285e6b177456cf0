import { type Figure, type Finding, holds } from "./figure";

/** The machine that a figure was measured on. */
export interface Machine {
  readonly processor?: string;
  readonly cores: number;
  readonly memory: number;
  readonly kernel: string;
  readonly node: string;
}

/** The outcome of one figure, as bench.json stores it. */
export interface Result {
  readonly name: string;
  /** The time of the measurement, in ISO 8601. */
  readonly at: string;
  readonly machine: Machine;
  /** Empty if the figure failed. */
  readonly findings: readonly (Finding & { readonly holds: boolean })[];
  /** The reason why the figure failed. Unset if it was measured. */
  readonly error?: string;
}

/** Long enough for a message of libvirt with the end of QEMU's log. */
const LONGEST_REASON = 600;

/**
 * Measures figures one after the other. A figure that fails does not stop the others.
 *
 * @param measure measures one figure
 * @param onFailure called after a figure fails, before the next figure is measured
 */
export async function measureAll(
  figures: readonly Figure[],
  machine: Machine,
  measure: (figure: Figure) => Promise<Finding[]>,
  onFailure: (figure: Figure, error: string) => Promise<void>,
  results: Result[],
): Promise<void> {
  for (const figure of figures) {
    const begin = { name: figure.name, machine };
    try {
      const findings = (await measure(figure)).map((finding) => ({ ...finding, holds: holds(finding) }));
      results.push({ ...begin, at: new Date().toISOString(), findings });
    } catch (error) {
      const reason = reasonOf(error);
      results.push({ ...begin, at: new Date().toISOString(), findings: [], error: reason });
      await onFailure(figure, reason);
    }
  }
}

/** Reports whether a figure was measured and all its values meet their bars. */
export function passed({ error, findings }: Result): boolean {
  return error === undefined && findings.every((finding) => finding.holds);
}

/** Returns the message of an error in one line of limited length. */
export function reasonOf(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_REASON ? line : `${line.slice(0, LONGEST_REASON)} ...`;
}

/** Replaces older results with new results of the same name, and sorts all results by name. */
export function mergeResults(
  before: readonly Result[],
  measured: readonly Result[],
  names: readonly string[],
): readonly Result[] {
  const latest = new Map([...before, ...measured].map((result) => [result.name, result]));
  return names.flatMap((name) => latest.get(name) ?? []);
}

export const heading = ["FIGURE", "WHAT", "VALUE", "BAR", ""] as const;

/** Returns the table lines of a result, with the columns of {@link heading}. */
export function rows({ name, error, findings }: Result): string[][] {
  if (error !== undefined) return [[name, "not measured", "", "", "FAILED"]];
  return findings.map(({ what, value, unit, bar, ...finding }) => [
    name,
    what,
    `${format(value)} ${unit}`,
    bar === undefined ? "" : "atMost" in bar ? `at most ${bar.atMost} ${unit}` : `at least ${bar.atLeast} ${unit}`,
    bar === undefined ? "" : finding.holds ? "ok" : "MISSED",
  ]);
}

/** Returns one line with the reason for each figure that failed. */
export function failures(results: readonly Result[]): string[] {
  return results.flatMap(({ name, error }) => (error === undefined ? [] : [`${name} failed: ${error}`]));
}

/** Formats a value with three digits, or with all digits before the decimal point. */
function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
