import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./markdown";

const page = join(root, "docs", "troubleshooting.md");
const folders = ["bin", "constructs", "lab", "provider/internal", "separation"];

/** The text of the product's code, without the breaks between the parts of a message, and without tests. */
function code(): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|go)$/.test(name) && !/_test\.go$|testdata/.test(name))
      .map((name) => join(root, folder, name)),
  );
  return files
    .map((file) => readFileSync(file, "utf8"))
    .join("\n")
    .replace(/["`] \+\s*["`]/g, "")
    .replaceAll('\\"', '"');
}

/** The messages in the first column of the page's tables of messages. */
function messages(text: string): string[] {
  const tables = [...text.matchAll(/^\| Message \|.*\n\|---\|---\|\n((?:\|.*\n)+)/gm)];
  return tables.flatMap(([, rows = ""]) => [...rows.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = ""]) => message));
}

/** The parts of a message that the code has as they are. A name in quotes can be a placeholder for a quoted value. */
function fixedParts(message: string): string[] {
  return message
    .split(/"?\.\.\."?/)
    .map((part) => part.trim())
    .filter((part) => /\w{2}/.test(part));
}

describe("docs/troubleshooting.md", () => {
  test("has only messages of the product", () => {
    const product = code();
    const all = messages(readFileSync(page, "utf8"));
    const unknown = all.filter((message) => !fixedParts(message).every((part) => product.includes(part)));

    expect(unknown).toEqual([]);
    expect(all).toContain("the host's key is not known");
  });

  test("is checked: a message that the product does not have is found", () => {
    expect(messages("| Message | Cause |\n|---|---|\n| `no ... of this` | it |\n")).toEqual(["no ... of this"]);
    expect(fixedParts('no host "...": it is ... gone')).toEqual(["no host", ": it is", "gone"]);
  });
});
