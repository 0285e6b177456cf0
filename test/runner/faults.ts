/** How many faults the fault suite injected, and how many losses it found. */
export interface Faults {
  readonly injected: number;
  readonly losses: number;
}

export const noFaults: Faults = { injected: 0, losses: 0 };

const line = /^faults injected: (\d+), losses: (\d+)$/gm;

/** Adds up the lines about faults in the output of test programs, one a program. */
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

/** The line that test programs print, with the sum. */
export function faultsInWords({ injected, losses }: Faults): string {
  return `faults injected: ${String(injected)}, losses: ${String(losses)}`;
}
