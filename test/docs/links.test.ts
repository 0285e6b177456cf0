import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { allPages, anchorsOf, linksIn, providerPages } from "./markdown";

describe("the links in the documentation", () => {
  test("lead to files and headings that exist", () => {
    const broken = [...allPages(), ...providerPages()].flatMap((page) =>
      linksIn(page)
        .filter(({ text }) => !/^\w+:/.test(text))
        .filter(({ text }) => {
          const [path = "", anchor] = text.split("#");
          const target = path === "" ? page : resolve(dirname(page), path);
          return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor));
        })
        .map(({ at, text }) => `${at}: ${text}`),
    );

    expect(broken).toEqual([]);
  });

  test("to other sites are complete https addresses", () => {
    const wrong = [...allPages(), ...providerPages()].flatMap((page) =>
      linksIn(page)
        .filter(({ text }) => /^\w+:/.test(text) && !isHttps(text))
        .map(({ at, text }) => `${at}: ${text}`),
    );

    expect(wrong).toEqual([]);
  });

  test.each([
    ["https://libvirt.org/uri.html#default-uri-choice", true],
    ["http://libvirt.org/uri.html", false],
    ["https://libvirt/uri.html", false],
    ["https:/libvirt.org", false],
  ])("to other sites are checked: %s", (link, right) => {
    expect(isHttps(link)).toBe(right);
  });
});

function isHttps(link: string): boolean {
  return /^https:\/\/[\w-]+(\.[\w-]+)+(\/|$)/.test(link) && URL.canParse(link);
}
