import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetPaths, useEitherLibrary } from "../../release/compile";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "compile-"));
  mkdirSync(join(folder, "deep", "er"), { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ["index.js", 'const a = require("cdktf");', 'const a = require("./cdk");'],
  ["deep/index.js", 'const a = require("cdktf");', 'const a = require("../cdk");'],
  ["deep/er/index.d.ts", 'import { Token } from "cdktf";', 'import { Token } from "../../cdk";'],
  ["deep/er/index.d.ts", 'a: import("cdktf").Token;', 'a: import("../../cdk").Token;'],
  ["index.js", 'const name = "cdktf"; require("cdktf-cli");', 'const name = "cdktf"; require("cdktf-cli");'],
])("useEitherLibrary changes %s: %s", (file, before, after) => {
  writeFileSync(join(folder, file), before);

  useEitherLibrary(folder);

  expect(readFileSync(join(folder, file), "utf8")).toBe(after);
});

test("forgetPaths keeps nothing of the folder that was compiled", () => {
  const map = { version: 3, sources: ["../../home/someone/checkout/deep/index.ts"], sourcesContent: ["export {};"] };
  writeFileSync(join(folder, "deep", "index.js.map"), JSON.stringify(map));

  forgetPaths(folder);

  expect(JSON.parse(readFileSync(join(folder, "deep", "index.js.map"), "utf8"))).toEqual({
    ...map,
    sources: ["index.ts"],
  });
});

describe("the module that selects the library", () => {
  /** Runs it in a project that declares and has installed these libraries. */
  function selected(declared: readonly string[], installed: readonly string[]): string {
    useEitherLibrary(folder);
    for (const name of installed) {
      mkdirSync(join(folder, "node_modules", name), { recursive: true });
      writeFileSync(join(folder, "node_modules", name, "index.js"), `module.exports = "${name}";`);
    }
    const dependencies = Object.fromEntries(declared.map((name) => [name, "*"]));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
    const cwd = jest.spyOn(process, "cwd").mockReturnValue(folder);
    try {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the module is written by this test
      return require(join(folder, "cdk.js")) as string;
    } finally {
      cwd.mockRestore();
    }
  }

  test.each([
    [["cdktf"], ["cdktf"], "cdktf"],
    [["cdktn"], ["cdktn"], "cdktn"],
    [["cdktn"], ["cdktf", "cdktn"], "cdktn"],
    [["cdktf"], ["cdktf", "cdktn"], "cdktf"],
    [[], ["cdktf", "cdktn"], "cdktf"],
  ])("of a project that declares %j and has %j is %s", (declared, installed, library) => {
    expect(selected(declared, installed)).toBe(library);
  });
});
