import { countEvents } from "./go-test";

const event = (Action: string, Test?: string, Package = "p"): { Action: string; Package: string; Test?: string } => ({
  Action,
  Package,
  Test,
});

describe("countEvents", () => {
  test("counts tests, not packages", () => {
    expect(countEvents([event("run", "A"), event("pass", "A"), event("skip", "B"), event("pass")])).toEqual({
      passed: 1,
      failed: 0,
      skipped: 1,
    });
  });

  test("counts subtests instead of the test that contains them", () => {
    const events = [event("pass", "A/one"), event("fail", "A/two"), event("fail", "A"), event("fail")];

    expect(countEvents(events)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test("counts a test that fails although its subtests pass", () => {
    expect(countEvents([event("pass", "A/one"), event("fail", "A"), event("fail")])).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test("counts a package that does not compile as one failure", () => {
    expect(countEvents([event("fail"), event("pass", "A", "q"), event("pass", undefined, "q")])).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test("counts nothing for a package without tests", () => {
    expect(countEvents([event("skip")])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
