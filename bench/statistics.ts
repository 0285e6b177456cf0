/** The middle one of some values: what one disturbed run can't move. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const above = sorted[Math.floor(sorted.length / 2)];
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  if (above === undefined || below === undefined) throw new Error("no values to take the median of");
  return (above + below) / 2;
}

/**
 * Measures several things in turn, so many times over: what disturbs the machine meanwhile meets all of them.
 *
 * Every other round goes backwards, because who comes later finds more in the caches.
 *
 * @returns the rounds, each with what was measured in it
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
