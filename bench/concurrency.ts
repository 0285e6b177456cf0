/** Does some work for each item, with a limited number of items at a time, as `xargs -P` does. */
export async function eachOf<T>(
  things: readonly T[],
  atATime: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const waiting = things.values();
  const worker = async () => {
    for (const next of waiting) await work(next);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

/** Does some work. @returns the time in seconds */
export async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
