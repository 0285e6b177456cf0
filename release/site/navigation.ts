import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A section of the site's navigation. */
export interface Section {
  readonly title: string;
  /** The paths of its pages in the checkout. */
  readonly pages: readonly string[];
}

/**
 * Reads the sections from docs/navigation.json. The first page is the home page. An entry that ends with '/' stands for the pages
 * in that folder, by name.
 */
export function readNavigation(root: string): readonly Section[] {
  const sections = JSON.parse(readFileSync(join(root, "docs", "navigation.json"), "utf8")) as readonly Section[];
  return sections.map(({ title, pages }) => ({
    title,
    pages: pages.flatMap((page) => (page.endsWith("/") ? pagesIn(root, page) : [page])),
  }));
}

function pagesIn(root: string, folder: string): readonly string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".md"));
  const first = names.filter((name) => name === "README.md");
  return [...first, ...names.filter((name) => name !== "README.md").sort()].map((name) => `${folder}${name}`);
}
