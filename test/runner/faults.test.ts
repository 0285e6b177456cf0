import { countFaults, type Faults, faultsInWords, isBroken, noFaults, sumFaults } from "./faults";

describe("countFaults", () => {
  test("reads the final line of a test program among other lines", () => {
    const output =
      "=== RUN   TestFaults\n    faults and changes by others: 9, losses: 9, changes that stick: 9, unseen: 9\n" +
      "faults and changes by others: 1612, losses: 1, changes that stick: 2, unseen: 3\nPASS\n";

    expect(countFaults(output)).toEqual({ tried: 1612, losses: 1, stuck: 2, unseen: 3 });
  });

  test("adds up the lines of several programs", () => {
    const output = [
      { tried: 2, losses: 1, stuck: 0, unseen: 4 },
      { tried: 3, losses: 0, stuck: 5, unseen: 1 },
    ].map(faultsInWords);

    expect(countFaults(output.join("\n"))).toEqual({ tried: 5, losses: 1, stuck: 5, unseen: 5 });
  });

  test("counts no faults when no line is present", () => {
    expect(countFaults("ok  \tprovider/internal/engine\t0.1s\n")).toEqual(noFaults);
  });
});

test("faultsInWords writes the line of a test program", () => {
  const all = sumFaults([
    { tried: 1, losses: 0, stuck: 0, unseen: 0 },
    { tried: 2, losses: 3, stuck: 4, unseen: 5 },
  ]);

  expect(faultsInWords(all)).toBe("faults and changes by others: 3, losses: 3, changes that stick: 4, unseen: 5");
});

test.each<keyof Faults>(["losses", "stuck", "unseen"])("isBroken reports '%s'", (name) => {
  expect(isBroken({ ...noFaults, tried: 9 })).toBe(false);
  expect(isBroken({ ...noFaults, tried: 9, [name]: 1 })).toBe(true);
});
