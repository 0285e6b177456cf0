import { oneSkipped, sum } from "./counts";
import { failedGoTests } from "./failed-tests";
import { countFaults, isBroken, noFaults, sumFaults } from "./faults";
import { type GoEvent, type GoOutput, printed, type TestRun, testRun } from "./go-test";

// The provider's acceptance tests print this line. libvirt 9.0 itself crashes now and then.
const line = /^running when libvirtd ended by itself: (.+)$/m;

/** The most tests or files that are repeated. If more fail, the reason is hardly chance. */
export const REPEAT_LIMIT = 3;

/**
 * Returns the top-level tests to repeat: those that failed while a host's libvirtd ended by itself, and a few others that
 * failed, unless something was lost, stuck or unseen.
 */
export function testsToRepeat(events: readonly GoEvent[]): readonly string[] {
  const output = printed(events);
  const running = line.exec(output)?.[1]?.split(" ") ?? [];
  const failed = [...new Set(events.filter(isFailedTest).map(topLevel))];
  const others = failed.filter((test) => !running.includes(test));
  const repeatOthers = others.length <= REPEAT_LIMIT && !isBroken(countFaults(output));
  return failed.filter((test) => running.includes(test) || repeatOthers);
}

/** Counts a run in which some top-level tests were repeated. What they did the first time does not count. */
export function withRepeated(first: GoOutput, tests: readonly string[], second: GoOutput): TestRun {
  const isRepeated = (event: GoEvent): boolean => tests.includes(topLevel(event));
  const others = first.events.filter((event) => !isRepeated(event));
  const ok = others.every((event) => !isFailedTest(event));
  // The package failed because of these tests, and its hosts have what they left.
  const counted = ok ? others.filter(({ Action }) => Action !== "fail") : others;
  const rest = testRun({ ...first, ok, events: counted });
  const repeated = testRun(second);
  // Each loss fails its test: if no other test failed, these tests had all losses.
  const faults = ok ? { ...noFaults, tried: rest.faults?.tried ?? 0 } : (rest.faults ?? noFaults);
  return {
    counts: sum([rest.counts, repeated.counts]),
    failures: [rest.failures, repeated.failures].filter(Boolean).join("\n"),
    failedTests: [...(rest.failedTests ?? []), ...(repeated.failedTests ?? [])],
    repeatedTests: failedGoTests(first.events.filter(isRepeated)),
    faults: sumFaults([faults, repeated.faults ?? noFaults]),
  };
}

function isFailedTest({ Action, Test }: GoEvent): boolean {
  return Action === "fail" && Test !== undefined;
}

function topLevel({ Test = "" }: GoEvent): string {
  return Test.split("/")[0] ?? "";
}

/**
 * Runs files of tests one after the other. When a test fails, renews what they run on. A few files that failed run again.
 *
 * @param until when no further file begins: the rest is skipped
 * @throws the reason of the signal, once it is aborted
 */
export async function runFiles(
  files: readonly string[],
  run: (file: string) => Promise<TestRun>,
  renew: () => Promise<void>,
  signal: AbortSignal,
  until?: Date,
): Promise<TestRun> {
  const runs: TestRun[] = [];
  let repeated = 0;
  for (const file of files) {
    if (until !== undefined && Date.now() > until.getTime()) {
      runs.push({ counts: oneSkipped, failures: "" });
      continue;
    }
    let ran = await run(file);
    signal.throwIfAborted();
    if (ran.counts.failed > 0) {
      await renew();
      if (repeated++ < REPEAT_LIMIT) {
        const again = await run(file);
        ran = { ...again, repeatedTests: ran.failedTests };
        if (again.counts.failed > 0) await renew();
      }
    }
    runs.push(ran);
  }
  return {
    counts: sum(runs.map(({ counts }) => counts)),
    failures: runs
      .map(({ failures }) => failures)
      .filter(Boolean)
      .join("\n"),
    failedTests: runs.flatMap(({ failedTests = [] }) => failedTests),
    repeatedTests: runs.flatMap(({ repeatedTests = [] }) => repeatedTests),
  };
}
