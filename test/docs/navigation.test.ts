import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNavigation } from "../../release/site/navigation";
import { allPages, providerPages, root, shown } from "./markdown";

describe("the navigation of the site", () => {
  test("lists every page once; correct docs/navigation.json", () => {
    const listed = readNavigation(root).flatMap(({ pages }) => pages);

    expect([...listed].sort()).toEqual([...allPages(), ...providerPages()].map(shown).sort());
  });

  test("begins with the README, which is the home page", () => {
    expect(readNavigation(root)[0]?.pages[0]).toBe("README.md");
  });

  test("has the pages of a folder by name, after its README", () => {
    const folder = mkdtempSync(join(tmpdir(), "kvm-fleet-navigation-"));
    try {
      mkdirSync(join(folder, "docs"));
      for (const name of ["b.md", "a.md", "README.md", "picture.svg"]) writeFileSync(join(folder, "docs", name), "");
      writeFileSync(join(folder, "docs", "navigation.json"), '[{ "title": "All", "pages": ["docs/"] }]');

      expect(readNavigation(folder)).toEqual([{ title: "All", pages: ["docs/README.md", "docs/a.md", "docs/b.md"] }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
