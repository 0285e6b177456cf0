/** Does some work for each thing, a limited number at a time, as `xargs -P` would. */
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

/** Does some work. @returns how many seconds it took */
export async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
