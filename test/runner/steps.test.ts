import { none, oneFailed, onePassed } from "./counts";
import { proven } from "./steps";

describe("proven", () => {
  const ran = { counts: onePassed, failures: "" };

  test("lets a run pass in which nothing was lost", () => {
    const good = { ...ran, faults: { injected: 3, losses: 0 } };

    expect(proven(good)).toBe(good);
  });

  test("fails a run that injected nothing, or lost something that no test noticed", () => {
    expect(proven(ran)).toEqual({
      counts: { ...none, passed: 1, failed: 1 },
      failures: "the fault suite injected no fault",
    });
    expect(proven({ ...ran, faults: { injected: 3, losses: 1 } })).toMatchObject({
      counts: { passed: 1, failed: 1 },
      failures: "something was lost, but no test failed",
    });
  });

  test("adds nothing to a run that has failed already", () => {
    const failed = { counts: oneFailed, failures: "x" };

    expect(proven(failed)).toBe(failed);
  });
});
