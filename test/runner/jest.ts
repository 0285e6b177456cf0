import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandOptions, runCommand } from "./command";
import { oneFailed, sum } from "./counts";
import { excerpt, failedJestTests, type JestTest } from "./failed-tests";
import type { TestRun } from "./go-test";

/** The fields of `jest --json` that are used. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly JestTest[];
  }[];
}

/** Runs jest with these arguments and counts its tests. A file that cannot be run counts as one failure. */
export async function jest(args: readonly string[], options: CommandOptions): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), "kvm-fleet-jest-"));
  const file = join(folder, "report.json");
  try {
    const { ok, output } = await runCommand(
      ["node", require.resolve("jest/bin/jest"), "--json", `--outputFile=${file}`, ...args],
      // cdktf does not remove the folder that it creates for every tested app.
      { ...options, environment: { ...options.environment, TMPDIR: folder } },
    );
    if (!existsSync(file)) {
      return { counts: oneFailed, failures: output };
    }
    const report = JSON.parse(readFileSync(file, "utf8")) as JestReport;
    const unrun = report.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    const counts = {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unrun.length,
      skipped: report.numPendingTests + report.numTodoTests,
    };
    const unexplained = !ok && counts.failed === 0;
    // If every line was already reported, the lines include the failures.
    const failures = ok || options.onLine !== undefined ? "" : output;
    const failedTests = [
      ...failedJestTests(report.testResults.flatMap(({ assertionResults }) => assertionResults)),
      ...unrun.map(({ name, message }) => excerpt(name, message)),
    ];
    return { counts: unexplained ? sum([counts, oneFailed]) : counts, failures, failedTests };
  } finally {
    // A process that a test started can still write there.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
