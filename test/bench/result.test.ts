import type { Figure } from "../../bench/figure";
import {
  failures,
  type Machine,
  measureAll,
  mergeResults,
  passed,
  reasonOf,
  type Result,
  rows,
} from "../../bench/result";

const machine: Machine = { cores: 2, memory: 4 * 2 ** 30, kernel: "6.1.0", node: "v20.0.0" };

function figure(name: string, measure: Figure["measure"]): Figure {
  return { name, hosts: 0, measure };
}

function result(name: string, value: number, atMost = 2): Result {
  const finding = { what: name, value, unit: "x", bar: { atMost } } as const;
  return { name, at: "2026-01-01T00:00:00.000Z", machine, findings: [{ ...finding, holds: value <= atMost }] };
}

describe("measureAll", () => {
  const measured = (value: number) => () =>
    Promise.resolve([{ what: "a ratio", value, unit: "x" as const, bar: { atMost: 2 } }]);

  async function resultsOf(figures: readonly Figure[], onFailure = jest.fn(() => Promise.resolve())) {
    const results: Result[] = [];
    const measure = (it: Figure) => it.measure(undefined as unknown as Parameters<Figure["measure"]>[0]);
    await measureAll(figures, machine, measure, onFailure, results);
    return results;
  }

  test("measures the remaining figures after one fails", async () => {
    const onFailure = jest.fn(() => Promise.resolve());
    const failing = figure("plan", () => Promise.reject(new Error("no lab")));
    const results = await resultsOf([failing, figure("synth", measured(1))], onFailure);

    expect(results).toMatchObject([
      { name: "plan", findings: [], error: "no lab" },
      { name: "synth", findings: [{ value: 1, holds: true }] },
    ]);
    expect(results.map(passed)).toEqual([false, true]);
    expect(onFailure.mock.calls).toEqual([[failing, "no lab"]]);
  });

  test("marks the values that miss their bar", async () => {
    const results = await resultsOf([figure("plan", measured(2.5))]);

    expect(results).toMatchObject([{ name: "plan", findings: [{ value: 2.5, holds: false }] }]);
    expect(results.map(passed)).toEqual([false]);
  });
});

describe("the table", () => {
  test("contains a line for each value", () => {
    expect(rows(result("plan", 1.5))).toEqual([["plan", "plan", "1.50 x", "at most 2 x", "ok"]]);
    expect(rows(result("plan", 123.4))).toEqual([["plan", "plan", "123 x", "at most 2 x", "MISSED"]]);
  });

  test("is followed by the reason for each figure that failed", () => {
    const failed = { ...result("plan", 1), findings: [], error: "no lab" };

    expect(failures([result("synth", 1), failed])).toEqual(["plan failed: no lab"]);
    expect(rows(failed)).toEqual([["plan", "not measured", "", "", "FAILED"]]);
  });
});

describe("reasonOf", () => {
  test("returns one line of limited length", () => {
    expect(reasonOf(new Error(`it failed:\n  ${"x".repeat(250_000)}`))).toBe(`it failed: ${"x".repeat(589)} ...`);
    expect(reasonOf("no\nerror")).toBe("no error");
  });
});

describe("mergeResults", () => {
  const names = ["plan", "synth", "apply"];

  test("keeps the previous values of the figures that were not measured", () => {
    const before = [result("plan", 1), result("synth", 1), result("gone", 1)];

    expect(mergeResults(before, [result("apply", 3), result("synth", 3)], names)).toEqual([
      result("plan", 1),
      result("synth", 3),
      result("apply", 3),
    ]);
  });
});
