import { none, oneFailed, onePassed } from "./counts";
import { noFaults } from "./faults";
import { proven } from "./steps";

describe("proven", () => {
  const ran = { counts: onePassed, failures: "" };

  test("passes a run that lost nothing", () => {
    const good = { ...ran, faults: { ...noFaults, tried: 3 } };

    expect(proven(good)).toBe(good);
  });

  test("fails a run that injected no faults, or in which something is stuck without a failed test", () => {
    expect(proven(ran)).toEqual({
      counts: { ...none, passed: 1, failed: 1 },
      failures: "the fault suite injected no fault",
    });
    expect(proven({ ...ran, faults: { ...noFaults, tried: 3, stuck: 1 } })).toMatchObject({
      counts: { passed: 1, failed: 1 },
      failures: "faults and changes by others: 3, losses: 0, changes that stick: 1, unseen: 0, but no test failed",
    });
  });

  test("does not change a run that has already failed", () => {
    const failed = { counts: oneFailed, failures: "x" };

    expect(proven(failed)).toBe(failed);
  });
});
