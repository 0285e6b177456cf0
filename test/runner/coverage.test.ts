import { statementsOfGo } from "./coverage";

describe("statementsOfGo", () => {
  test("counts a block as covered if at least one test program ran it", () => {
    const profile = "mode: set\np/a.go:1.2,3.4 3 0\np/a.go:5.2,6.4 1 0\np/a.go:1.2,3.4 3 1\np/a.go:5.2,6.4 1 0\n";

    expect(statementsOfGo(profile)).toBe(75);
  });

  test("returns 0 for an empty profile", () => {
    expect(statementsOfGo("mode: set\n")).toBe(0);
  });
});
