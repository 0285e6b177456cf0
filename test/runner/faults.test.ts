import { countFaults, faultsInWords, sumFaults } from "./faults";

describe("countFaults", () => {
  test("reads the final line of a test program among other lines", () => {
    const output = "=== RUN   TestFaults\n    faults injected: 9, losses: 9\nfaults injected: 214, losses: 0\nPASS\n";

    expect(countFaults(output)).toEqual({ injected: 214, losses: 0 });
  });

  test("adds up the lines of several programs", () => {
    expect(countFaults("faults injected: 2, losses: 1\nfaults injected: 3, losses: 0\n")).toEqual({
      injected: 5,
      losses: 1,
    });
  });

  test("counts no faults when no line is present", () => {
    expect(countFaults("ok  \tprovider/internal/engine\t0.1s\n")).toEqual({ injected: 0, losses: 0 });
  });
});

test("faultsInWords writes the line of a test program", () => {
  const all = sumFaults([
    { injected: 1, losses: 0 },
    { injected: 2, losses: 3 },
  ]);

  expect(faultsInWords(all)).toBe("faults injected: 3, losses: 3");
});
