import { oneFailed, onePassed } from "./counts";
import type { GoEvent, GoOutput, TestRun } from "./go-test";
import { REPEAT_LIMIT, runFiles, testsToRepeat, withRepeated } from "./repeat";

const event = (Action: string, Test?: string, Output?: string): GoEvent => ({ Action, Package: "p", Test, Output });
const output = (...events: readonly GoEvent[]): GoOutput => ({
  ok: !events.some(({ Action }) => Action === "fail"),
  events,
  output: "",
  strays: [],
});
const says = (...lines: readonly string[]) => lines.map((it) => event("output", undefined, `${it}\n`));
const ended = (...tests: readonly string[]) => says(`running when libvirtd ended by itself: ${tests.join(" ")}`);
const faults = (tried: number, losses: number) =>
  says(`faults and changes by others: ${String(tried)}, losses: ${String(losses)}, changes that stick: 0, unseen: 0`);

describe("testsToRepeat", () => {
  test("names the tests that failed while libvirtd ended", () => {
    const events = [event("fail", "A/one"), event("fail", "A"), event("pass", "B"), ...ended("A", "B")];

    expect(testsToRepeat(events)).toEqual(["A"]);
  });

  test("names a few other tests that failed", () => {
    expect(testsToRepeat([event("fail", "A/one"), event("fail", "A"), event("fail")])).toEqual(["A"]);
  });

  test("names only the tests that failed while libvirtd ended if many others failed", () => {
    const many = Array.from({ length: REPEAT_LIMIT + 1 }, (_, n) => event("fail", `T${String(n)}`));

    expect(testsToRepeat(many)).toEqual([]);
    expect(testsToRepeat([...many, event("fail", "A"), ...ended("A", "B")])).toEqual(["A"]);
  });

  test("names no test if something was lost", () => {
    expect(testsToRepeat([event("fail", "A"), ...faults(3, 1)])).toEqual([]);
  });
});

describe("withRepeated", () => {
  const first = output(
    event("pass", "A/one"),
    event("fail", "A/two"),
    event("fail", "A"),
    event("pass", "B"),
    ...ended("A", "B"),
    ...faults(7, 1),
    event("fail"),
  );

  test("counts the second run of the repeated tests, and the first run of the others", () => {
    const second = output(event("pass", "A/one"), event("pass", "A/two"), event("pass", "A"), ...faults(2, 0));

    expect(withRepeated(first, ["A"], second)).toEqual({
      counts: { passed: 3, failed: 0, skipped: 0 },
      failures: "",
      failedTests: [],
      repeatedTests: ["  A/two"],
      faults: { tried: 9, losses: 0, stuck: 0, unseen: 0 },
    });
  });

  test("fails if a repeated test fails again", () => {
    const second = output(event("output", "A", "no\n"), event("fail", "A"), ...faults(0, 0), event("fail"));

    expect(withRepeated(first, ["A"], second)).toMatchObject({
      counts: { passed: 1, failed: 1 },
      failures: expect.stringContaining("no") as string,
    });
  });

  test("fails if a test failed that was not repeated", () => {
    const worse = output(...first.events, event("fail", "C"));

    expect(withRepeated(worse, ["A"], output(event("pass", "A"), ...faults(0, 0)))).toMatchObject({
      counts: { passed: 2, failed: 1 },
      faults: { losses: 1 },
    });
  });
});

describe("runFiles", () => {
  const running = new AbortController().signal;
  const passed: TestRun = { counts: onePassed, failures: "" };
  const failed: TestRun = { counts: oneFailed, failures: "", failedTests: ["  a fails"] };
  const results = (...all: readonly TestRun[]) => {
    const left = [...all];
    return jest.fn<Promise<TestRun>, [string]>(() => Promise.resolve(left.shift() ?? passed));
  };

  test("repeats a file that failed, on a new lab, and names the test that failed", async () => {
    const renew = jest.fn(() => Promise.resolve());
    const run = results(failed, passed, passed);

    expect(await runFiles(["a", "b"], run, renew, running)).toEqual({
      counts: { passed: 2, failed: 0, skipped: 0 },
      failures: "",
      failedTests: [],
      repeatedTests: ["  a fails"],
    });
    expect(run.mock.calls).toEqual([["a"], ["a"], ["b"]]);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  test("fails if a file fails again, and runs the next file on a new lab", async () => {
    const renew = jest.fn(() => Promise.resolve());

    expect(await runFiles(["a", "b"], results(failed, failed, passed), renew, running)).toMatchObject({
      counts: { passed: 1, failed: 1 },
      failedTests: ["  a fails"],
    });
    expect(renew).toHaveBeenCalledTimes(2);
  });

  test("skips what has not begun by a certain time", async () => {
    const run = results(passed);

    expect(await runFiles(["a", "b"], run, () => Promise.resolve(), running, new Date(0))).toMatchObject({
      counts: { passed: 0, failed: 0, skipped: 2 },
    });
    expect(run).not.toHaveBeenCalled();
  });

  test("repeats nothing after it was interrupted", async () => {
    const renew = jest.fn(() => Promise.resolve());

    await expect(runFiles(["a", "b"], results(failed), renew, AbortSignal.abort(new Error("Ctrl-C")))).rejects.toThrow(
      "Ctrl-C",
    );
    expect(renew).not.toHaveBeenCalled();
  });
});
