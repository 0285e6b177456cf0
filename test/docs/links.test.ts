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
});
