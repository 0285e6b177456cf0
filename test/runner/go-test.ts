import { type CommandOptions, runCommand } from "./command";
import { type Counts, none, oneFailed, onePassed, oneSkipped, sum } from "./counts";
import { countFaults, type Faults } from "./faults";

export interface TestRun {
  readonly counts: Counts;
  /** The output to show for a run with failures; empty if there are none. */
  readonly failures: string;
  readonly faults?: Faults;
}

/** One line of `go test -json`. */
interface GoEvent {
  readonly Action: string;
  readonly Package?: string;
  /** Unset in events about the package as a whole. */
  readonly Test?: string;
  readonly Output?: string;
  readonly Elapsed?: number;
}

const outcomes: Readonly<Record<string, Counts>> = { pass: onePassed, fail: oneFailed, skip: oneSkipped };

/**
 * Runs `go test` and counts what it ran.
 *
 * @param options with `prefix`, the program that runs `go`, with its arguments; with `onTest`, receives a line for each
 * test when it ends
 */
export async function goTest(
  args: readonly string[],
  options: CommandOptions & { readonly prefix?: readonly string[]; readonly onTest?: (line: string) => void },
): Promise<TestRun> {
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
  const counts = countEvents(events);
  const faults = countFaults(events.map(({ Output = "" }) => Output).join(""));
  if (ok) {
    return { counts, failures: "", faults };
  }
  // A run that fails without a failed test failed before it ran any test.
  return events.length === 0 || counts.failed === 0
    ? { counts: sum([counts, oneFailed]), failures: output, faults }
    : { counts, failures: [...strays, failureOutput(events)].join("\n"), faults };
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
