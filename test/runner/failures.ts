import type { Step } from "./steps";

/** Runs steps one after the other, reports the output of those that fail, and returns the number of failures. */
export async function failuresOf(steps: readonly Step[], report: (line: string) => void): Promise<number> {
  let failed = 0;
  for (const step of steps) {
    const { counts, failures } = await step.run(new AbortController().signal, report);
    report(`==> ${step.name}: ${counts.failed === 0 ? "passed" : "failed"}`);
    if (counts.failed > 0) {
      report(failures);
      failed++;
    }
  }
  return failed;
}
