import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export const root = resolve(__dirname, "..", "..");

/** A place in a page, such as `README.md:42`, and the text that is there. */
export interface Excerpt {
  readonly at: string;
  readonly text: string;
}

/** The pages for users, in which TypeScript is an example. */
export function userPages(): string[] {
  return [join(root, "README.md"), ...markdownIn("docs")];
}

/** The pages of the provider, in the layout of registries. Those that are not guides are generated. */
export function providerPages(): string[] {
  return [
    ...["provider/docs", "provider/docs/resources", "provider/docs/data-sources"].flatMap(markdownIn),
    ...guides(),
  ];
}

/** The guides of the provider, for users of Terraform's own language. */
export function guides(): string[] {
  return markdownIn("provider/docs/guides");
}

/** Every page that is written by hand. */
export function allPages(): string[] {
  const atRoot = readdirSync(root).filter((name) => name.endsWith(".md"));
  return [...atRoot.map((name) => join(root, name)), ...markdownIn("docs"), ...markdownIn("decisions")];
}

/** The fenced blocks of a page in one of these languages. */
export function blocksIn(page: string, languages: readonly string[]): Excerpt[] {
  const fence = new RegExp(`^\`\`\`(?:${languages.join("|")})\\n([^]*?)^\`\`\`$`, "gm");
  return excerpts(page, fence);
}

/** The inline code of a page, outside fenced blocks. */
export function inlineCodeIn(page: string): Excerpt[] {
  return excerpts(page, /(?<!`)`([^`\n]+)`(?!`)/g);
}

/** The targets of the links and images of a page. */
export function linksIn(page: string): Excerpt[] {
  return excerpts(page, /\]\(([^)\s]+)\)/g);
}

/** The anchors that GitHub gives to the headings of a page, and those that the page sets itself. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(page, "utf8");
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
  const own = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...own]);
}

export function shown(file: string): string {
  return relative(root, file);
}

function excerpts(page: string, pattern: RegExp): Excerpt[] {
  const text = readFileSync(page, "utf8");
  return [...text.matchAll(pattern)].map(({ 1: found = "", index }) => ({
    at: `${shown(page)}:${text.slice(0, index).split("\n").length}`,
    text: found,
  }));
}

function markdownIn(folder: string): string[] {
  const path = join(root, folder);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith(".md"))
        .sort()
        .map((name) => join(path, name))
    : [];
}
