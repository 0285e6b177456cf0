/**
 * Reads a list of CPUs such as `0-3,^2`.
 *
 * @returns the numbers in the order in which the list has them; undefined if it is no such list
 */
export function parseCpuList(list: string): readonly number[] | undefined {
  const cpus = new Set<number>();
  for (const part of list.split(",")) {
    const [, without, first, last] = /^(\^)?(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (first === undefined || (without !== undefined && last !== undefined)) return undefined;
    const [from, to] = [Number(first), Number(last ?? first)];
    if (to < from || to > 16_383) return undefined;
    for (let cpu = from; cpu <= to; cpu += 1) {
      if (without === undefined) cpus.add(cpu);
      else cpus.delete(cpu);
    }
  }
  return cpus.size === 0 ? undefined : [...cpus];
}
