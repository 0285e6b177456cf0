import { excerpt, failedGoTests, failedJestTests } from "./failed-tests";

describe("the failed tests of a run", () => {
  test("are those of jest, with the beginning of their messages", () => {
    const tests = [
      { status: "passed", fullName: "a passes", failureMessages: [] },
      {
        status: "failed",
        fullName: "a fails",
        failureMessages: ["Error: \u001b[31mno\u001b[39m\n\n  got 1\n    at file.ts:1"],
      },
    ];

    expect(failedJestTests(tests)).toEqual(["  a fails\n      Error: no\n      got 1"]);
  });

  test("are those of Go without the tests that contain them", () => {
    const output = (Test: string, Output: string) => ({ Action: "output", Package: "p", Test, Output });
    const fail = (Test?: string) => ({ Action: "fail", Package: "p", Test });
    const events = [
      output("A/one", "=== RUN   A/one\n"),
      output("A/one", "    a_test.go:3: got 1, want 2\n"),
      output("A/one", "    --- FAIL: A/one (0.00s)\n"),
      fail("A/one"),
      fail("A"),
      fail(),
    ];

    expect(failedGoTests(events)).toEqual(["  A/one\n      a_test.go:3: got 1, want 2"]);
  });

  test("show no more than the beginning of a long message", () => {
    expect(excerpt("a", "1\n2\n3\n4\n5")).toBe("  a\n      1\n      2\n      3\n      4");
  });
});
