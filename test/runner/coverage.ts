/** The fields of jest's coverage-summary.json that are used. */
export interface CoverageSummary {
  readonly total: { readonly lines: { readonly pct: number }; readonly branches: { readonly pct: number } };
}

/**
 * Returns the percentage of statements that a Go coverage profile records as covered.
 *
 * Each test program writes a line for every block. A block is covered if at least one program ran it.
 */
export function statementsOfGo(profile: string): number {
  const blocks = new Map<string, { statements: number; run: boolean }>();
  for (const [, block = "", statements, count] of profile.matchAll(/^(\S+:\S+) (\d+) (\d+)$/gm)) {
    const run = Number(count) > 0 || blocks.get(block)?.run === true;
    blocks.set(block, { statements: Number(statements), run });
  }
  const all = [...blocks.values()];
  const sum = (some: typeof all) => some.reduce((total, { statements }) => total + statements, 0);
  return all.length === 0 ? 0 : (100 * sum(all.filter(({ run }) => run))) / sum(all);
}
