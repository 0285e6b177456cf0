/** Returns the median of some values, on which one disturbed run has little effect. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const above = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  if (above === undefined || below === undefined) throw new Error("median requires at least one value");
  return (above + below) / 2;
}

/**
 * Measures several things in turn in each round, so that a disturbance of the machine affects all of them.
 *
 * Every other round runs in reverse order, because later measurements profit from warmer caches.
 *
 * @returns the measurements of each round
 */
export async function inTurn<Name extends string, Measured>(
  times: number,
  things: Readonly<Record<Name, () => Promise<Measured>>>,
): Promise<Record<Name, Measured>[]> {
  const rounds: Record<Name, Measured>[] = [];
  for (let round = 0; round < times; round++) {
    const order = Object.keys(things) as Name[];
    if (round % 2 === 1) order.reverse();
    const measured: Partial<Record<Name, Measured>> = {};
    for (const name of order) measured[name] = await things[name]();
    rounds.push(measured as Record<Name, Measured>);
  }
  return rounds;
}
