/** Does something to each, so many at a time, as a loop in a shell would. */
export async function eachOf<T>(things: readonly T[], many: number, work: (thing: T) => Promise<void>): Promise<void> {
  const waiting = things.values();
  const worker = async () => {
    for (const next of waiting) await work(next);
  };
  await Promise.all(Array.from({ length: many }, worker));
}

/** @returns how many seconds it took */
export async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
