import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** Returns the links and pictures of a site that lead to no file or no anchor of it, a line each. Links to other sites are not followed. */
export function deadLinks(site: string): string[] {
  const pages = readdirSync(site, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .map((name) => join(site, name));
  const anchors = new Map(pages.map((page) => [page, anchorsOf(page)]));
  return pages.flatMap((page) =>
    linksOf(page)
      .filter((link) => !leadsSomewhere(page, link, anchors))
      .map((link) => `${relative(site, page)}: the link '${link}' leads nowhere`),
  );
}

function leadsSomewhere(page: string, link: string, anchors: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const [path = "", anchor = ""] = decodeURI(link).split("#");
  let target = path === "" ? page : resolve(dirname(page), path);
  if (existsSync(target) && statSync(target).isDirectory()) target = join(target, "index.html");
  return existsSync(target) && (anchor === "" || anchors.get(target)?.has(anchor) === true);
}

function linksOf(page: string): string[] {
  const links = [...readFileSync(page, "utf8").matchAll(/<(?:a|img) [^>]*?(?:href|src)="([^"]*)"/g)].map(
    ([, link = ""]) => link,
  );
  return [...new Set(links)].filter((link) => !/^\w+:/.test(link));
}

function anchorsOf(page: string): ReadonlySet<string> {
  return new Set([...readFileSync(page, "utf8").matchAll(/ id="([^"]*)"/g)].map(([, id = ""]) => id));
}
