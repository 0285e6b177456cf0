/** The number of faults that the fault suite injected, and of losses that it found. */
export interface Faults {
  readonly injected: number;
  readonly losses: number;
}

export const noFaults: Faults = { injected: 0, losses: 0 };

const line = /^faults injected: (\d+), losses: (\d+)$/gm;

/** Sums the lines about faults in the output of test programs. Each program prints one. */
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

/** Renders the sum as the line that test programs print. */
export function faultsInWords({ injected, losses }: Faults): string {
  return `faults injected: ${String(injected)}, losses: ${String(losses)}`;
}
