/** The middle one of some values: what one disturbed run can't move. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const above = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  if (above === undefined || below === undefined) throw new Error("no values to take the median of");
  return (above + below) / 2;
}

/** What two things took that were done one after the other, in the same weather. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

/**
 * Does two things in turn, so many times: what disturbs the machine meanwhile meets both.
 *
 * @returns the pairs of what they took
 */
export async function inTurn(
  times: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < times; round++) {
    // First the one, next time the other: who comes second finds more in the caches.
    pairs.push(
      round % 2 === 0 ? { theirs: await theirs(), ours: await ours() } : { ours: await ours(), theirs: await theirs() },
    );
  }
  return pairs;
}

export function medianRatio(pairs: readonly Pair[]): number {
  return median(pairs.map(({ ours, theirs }) => ours / theirs));
}
