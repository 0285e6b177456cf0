/** What the fault suite tried, and what it found that must not happen. */
export interface Faults {
  /** Faults that were injected, and changes that others made. */
  readonly tried: number;
  /** Data or objects that a fault destroyed. */
  readonly losses: number;
  /** Changes that could not be taken back. */
  readonly stuck: number;
  /** Changes by others that no plan showed. */
  readonly unseen: number;
}

export const noFaults: Faults = { tried: 0, losses: 0, stuck: 0, unseen: 0 };

const line = /^faults and changes by others: (\d+), losses: (\d+), changes that stick: (\d+), unseen: (\d+)$/gm;

/** Sums the lines about faults in the output of test programs. Each program prints one. */
export function countFaults(output: string): Faults {
  return sumFaults(
    [...output.matchAll(line)].map(([, tried, losses, stuck, unseen]) => ({
      tried: Number(tried),
      losses: Number(losses),
      stuck: Number(stuck),
      unseen: Number(unseen),
    })),
  );
}

export function sumFaults(all: readonly Faults[]): Faults {
  return all.reduce(
    (total, faults) => ({
      tried: total.tried + faults.tried,
      losses: total.losses + faults.losses,
      stuck: total.stuck + faults.stuck,
      unseen: total.unseen + faults.unseen,
    }),
    noFaults,
  );
}

/** Reports whether something happened that must not happen. */
export function isBroken({ losses, stuck, unseen }: Faults): boolean {
  return losses + stuck + unseen > 0;
}

/** Renders the sum as the line that test programs print. */
export function faultsInWords({ tried, losses, stuck, unseen }: Faults): string {
  return [
    `faults and changes by others: ${String(tried)}`,
    `losses: ${String(losses)}`,
    `changes that stick: ${String(stuck)}`,
    `unseen: ${String(unseen)}`,
  ].join(", ");
}
