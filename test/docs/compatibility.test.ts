import { readFileSync } from "node:fs";
import { compatibility, kindTests, page } from "./compatibility";

describe("the page on compatibility", () => {
  test("is generated from the tests as they are; run 'npm run compatibility' and commit the page", () => {
    expect(readFileSync(page, "utf8")).toBe(compatibility());
  });

  test("has a row for each test that needs a kind of host", () => {
    const source = `// TestKindsMove asserts that a guest moves. It also asserts
// more.
func TestKindsMove(t *testing.T) {
	a, b := ofKind(t, "debian13"), ofKind(t, deepKind)
}

// TestOther asserts that nothing special is needed.
func TestOther(t *testing.T) {
	alpha()
}
`;
    expect(kindTests(source)).toEqual([
      { name: "TestKindsMove", kinds: ["debian13", "deep"], asserts: "A guest moves" },
    ]);
  });
});
