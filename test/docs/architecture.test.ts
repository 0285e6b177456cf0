import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./markdown";

/** The names in the first column of a section's tables. */
function namesIn(section: string): string[] {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const [, content = ""] = new RegExp(`^## ${section}\\n([^]*?)(?=^## |(?![^]))`, "m").exec(text) ?? [];
  return [...content.matchAll(/^\| ((?:`[\w-]+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name),
  );
}

function foldersIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "private" && entry.name !== "testdata")
    .map(({ name }) => name);
}

describe("ARCHITECTURE.md", () => {
  test.each([
    ["constructs/", ["constructs", "separation"]],
    ["provider/", ["provider/internal", "provider/internal/domain"]],
  ])("describes each folder of %s, and no other", (section, folders) => {
    const described = new Set(namesIn(section));
    // 'domain' is the package that connects the others; 'domaintest' is for their tests.
    const present = new Set(folders.flatMap(foldersIn).filter((name) => name !== "domaintest"));

    expect([...described].sort()).toEqual([...present].sort());
  });
});
