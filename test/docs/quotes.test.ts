import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksIn, root, userPages } from "./markdown";

/** The lines of a file that a page shows: a block whose first line is a comment with the file's path. */
function quotesIn(page: string): { readonly at: string; readonly file: string; readonly lines: readonly string[] }[] {
  return blocksIn(page, ["go", "ts fragment"]).flatMap(({ at, text }) => {
    const [first = "", ...lines] = text.trimEnd().split("\n");
    const [, file = ""] = /^\/\/ (\S+)$/.exec(first) ?? [];
    return [{ at, file, lines: lines.map((line) => line.trim()) }];
  });
}

describe("the code that pages quote", () => {
  test("is in the files that they name", () => {
    const missing = userPages()
      .flatMap(quotesIn)
      .flatMap(({ at, file, lines }) => {
        const path = join(root, file);
        if (file === "" || !existsSync(path)) {
          return [`${at}: the first line must be a comment with the path of a file, got '${file}'`];
        }
        const code = withoutSpaces(readFileSync(path, "utf8"));
        return lines
          .filter((line) => !code.includes(withoutSpaces(line)))
          .map((line) => `${at}: ${file} has no '${line}'`);
      });

    expect(missing).toEqual([]);
  });
});

/** Formatters align code, so spaces are not compared. */
function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, "");
}
