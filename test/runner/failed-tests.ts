import type { GoEvent } from "./go-event";

/** The fields of one test in `jest --json`. */
export interface JestTest {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[];
}

/** The number of lines that an excerpt has of a message. */
const LINES = 4;
const WIDTH = 400;

/** Returns the name and the beginning of the message of each test that failed. */
export function failedJestTests(tests: readonly JestTest[]): readonly string[] {
  return tests
    .filter(({ status }) => status === "failed")
    .map(({ fullName, failureMessages }) => excerpt(fullName, failureMessages.join("\n")));
}

/** Returns the name and the beginning of the message of each test that failed, but of no test that contains another failed one. */
export function failedGoTests(events: readonly GoEvent[]): readonly string[] {
  const failed = events.filter(({ Action, Test }) => Action === "fail" && Test !== undefined);
  const contains = ({ Package, Test = "" }: GoEvent): boolean =>
    failed.some((other) => other.Package === Package && other.Test?.startsWith(`${Test}/`));
  return failed
    .filter((event) => !contains(event))
    .map(({ Package, Test = "" }) => excerpt(Test, messageOf(events, Package, Test)));
}

/** Returns what a test reported: `go test` indents it, and prints its own lines without indentation. */
function messageOf(events: readonly GoEvent[], testPackage: string | undefined, test: string): string {
  return events
    .filter(({ Package, Test, Output }) => Package === testPackage && Test === test && Output?.startsWith(" "))
    .map(({ Output = "" }) => Output)
    .filter((line) => !/^\s*--- /.test(line))
    .join("");
}

/** Returns a name and the beginning of a message, indented. */
export function excerpt(name: string, message: string): string {
  const lines = message
    // eslint-disable-next-line no-control-regex -- jest colours its messages
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("at "));
  const shown = lines.slice(0, LINES).map((line) => `\n      ${line.slice(0, WIDTH)}`);
  return `  ${name}${shown.join("")}`;
}
