import { type CommandOptions, runCommand } from "./command";
import { type Counts, none, oneFailed, onePassed, oneSkipped, sum } from "./counts";
import { failedGoTests } from "./failed-tests";
import { countFaults, type Faults } from "./faults";
import type { GoEvent } from "./go-event";

export type { GoEvent };

export interface TestRun {
  readonly counts: Counts;
  /** The output to show for a run with failures; empty if there are none. */
  readonly failures: string;
  /** The name and the beginning of the message of each test that failed. */
  readonly failedTests?: readonly string[];
  /** The same for each test that failed and was repeated. */
  readonly repeatedTests?: readonly string[];
  readonly faults?: Faults;
}

/** What one command of `go test` printed. */
export interface GoOutput {
  readonly ok: boolean;
  readonly events: readonly GoEvent[];
  /** The whole output, for a command that ran no test. */
  readonly output: string;
  /** The lines that are not about a test. */
  readonly strays: readonly string[];
}

type GoTestOptions = CommandOptions & {
  /** The program that runs `go`, with its arguments. */
  readonly prefix?: readonly string[];
  /** Receives a line for each test when it ends. */
  readonly onTest?: (line: string) => void;
};

const outcomes: Readonly<Record<string, Counts>> = { pass: onePassed, fail: oneFailed, skip: oneSkipped };

/** Runs `go test` and counts what it ran. */
export async function goTest(args: readonly string[], options: GoTestOptions): Promise<TestRun> {
  return testRun(await runGoTest(args, options));
}

/** Runs `go test`. */
export async function runGoTest(args: readonly string[], options: GoTestOptions): Promise<GoOutput> {
  const events: GoEvent[] = [];
  const strays: string[] = [];
  const onLine = (line: string): void => {
    const event = parseEvent(line);
    if (event === undefined) {
      strays.push(line);
      return;
    }
    events.push(event);
    if (event.Test !== undefined && event.Action in outcomes) {
      options.onTest?.(`${event.Action} ${event.Test} (${event.Elapsed ?? 0} s)`);
    }
  };
  const { ok, output } = await runCommand([...(options.prefix ?? []), "go", "test", "-json", ...args], {
    ...options,
    onLine,
  });
  return { ok, events, output, strays };
}

/** Counts what a command of `go test` ran. */
export function testRun({ ok, events, output, strays }: GoOutput): TestRun {
  const counts = countEvents(events);
  const faults = countFaults(printed(events));
  if (ok) {
    return { counts, failures: "", faults };
  }
  // A run that fails without a failed test failed before it ran any test.
  return events.length === 0 || counts.failed === 0
    ? { counts: sum([counts, oneFailed]), failures: output, faults }
    : {
        counts,
        failures: [...strays, failureOutput(events)].join("\n"),
        failedTests: failedGoTests(events),
        faults,
      };
}

/**
 * Counts tests by their outcome.
 *
 * Counts subtests instead of the tests that contain them. A package that could not be built, or that ended before its
 * tests did, counts as one failure.
 */
export function countEvents(events: readonly GoEvent[]): Counts {
  const ended = events.filter(({ Action }) => Action in outcomes);
  const failed = new Set(ended.filter(({ Action }) => Action === "fail").map(nameOf));
  const parents = new Set(ended.flatMap(parentsOf));
  const counted = ended.filter((event) => {
    const name = nameOf(event);
    const failedItself = event.Action === "fail" && ![...failed].some((other) => isInside(other, name));
    return failedItself || (event.Test !== undefined && event.Action !== "fail" && !parents.has(name));
  });
  return sum([none, ...counted.map(({ Action }) => outcomes[Action] ?? none)]);
}

/** Returns what tests and their packages printed. */
export function printed(events: readonly GoEvent[]): string {
  return events.map(({ Output = "" }) => Output).join("");
}

function nameOf({ Package = "", Test }: GoEvent): string {
  return Test === undefined ? Package : `${Package} ${Test}`;
}

/** Reports whether a test belongs directly to a package, or is a subtest of another test. */
function isInside(name: string, outer: string): boolean {
  return name.startsWith(`${outer} `) || (outer.includes(" ") && name.startsWith(`${outer}/`));
}

function parentsOf({ Package = "", Test = "" }: GoEvent): readonly string[] {
  const parts = Test.split("/");
  return parts.slice(1).map((_, index) => `${Package} ${parts.slice(0, index + 1).join("/")}`);
}

function failureOutput(events: readonly GoEvent[]): string {
  const failed = new Set(events.filter(({ Action }) => Action === "fail").map(nameOf));
  return events
    .filter((event) => event.Action === "build-output" || (event.Action === "output" && failed.has(nameOf(event))))
    .map(({ Output = "" }) => Output)
    .join("")
    .trimEnd();
}

function parseEvent(line: string): GoEvent | undefined {
  try {
    return line.startsWith("{") ? (JSON.parse(line) as GoEvent) : undefined;
  } catch {
    return undefined;
  }
}
