/** What the fault suite did to the hosts, and what was lost by it. */
export interface Faults {
  readonly injected: number;
  readonly losses: number;
}

export const noFaults: Faults = { injected: 0, losses: 0 };

const line = /^faults injected: (\d+), losses: (\d+)$/gm;

/** Sums up what test programs say of it in their output: a line for each program. */
export function countFaults(output: string): Faults {
  return sumFaults(
    [...output.matchAll(line)].map(([, injected, losses]) => ({ injected: Number(injected), losses: Number(losses) })),
  );
}

export function sumFaults(all: readonly Faults[]): Faults {
  return all.reduce(
    (total, faults) => ({ injected: total.injected + faults.injected, losses: total.losses + faults.losses }),
    noFaults,
  );
}

/** The same line, for all of them. */
export function faultsInWords({ injected, losses }: Faults): string {
  return `faults injected: ${String(injected)}, losses: ${String(losses)}`;
}
