import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { askForSourceLines } from "../../bin/pipeline/source-lines";
import { constructPath, constructSource, readStacks } from "../../bin/pipeline/stacks";

const tsx = join(__dirname, "..", "..", "bin", "tsx.js");
const app = join(__dirname, "source-lines-app.ts");
const folder = mkdtempSync(join(tmpdir(), "source-lines-"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Synthesizes the app. @returns the lines of its resources, by the path of the construct */
function linesOf(env: NodeJS.ProcessEnv): ReadonlyMap<string, string | undefined> {
  execFileSync(process.execPath, ["--require", tsx, app], { env: { ...env, CDKTF_OUTDIR: folder } });
  const resources = readStacks(folder).flatMap(({ configuration: { resource = {} } }) =>
    Object.values(resource).flatMap((it) => Object.values(it)),
  );
  return new Map(resources.map((it) => [constructPath(it) ?? "", constructSource(it)]));
}

/** Where the app has a text. */
function at(text: string): string {
  const line = readFileSync(app, "utf8")
    .split("\n")
    .findIndex((it) => it.includes(text));
  return `${relative(process.cwd(), app)}:${line + 1}`;
}

test("an app notes where its constructs are created, if the command line asks for that", () => {
  const before = process.env;
  expect([...linesOf(before).values()].filter((line) => line !== undefined)).toEqual([]);

  process.env = { ...before };
  askForSourceLines();
  const lines = linesOf(process.env);
  process.env = before;

  expect(lines.get("shop/lan")).toBe(at('new IsolatedNetwork(stack, "lan"'));
  expect(lines.get("shop/front/web")).toBe(at('new VirtualMachine(this, "web"'));
  const filters = [...lines].filter(([path]) => path.startsWith("shop/alpha/policy-"));
  expect(filters.length).toBeGreaterThan(0);
  expect(filters.filter(([, line]) => line !== undefined)).toEqual([]);
});

test("a stack trace of cdktf is no line", () => {
  const frames = ["new Domain (/app/main.js:1:2)", "Object.<anonymous> (/app/main.js:3:4)"];

  expect(constructSource({ "//": { metadata: { path: "shop/web", stackTrace: frames } } })).toBeUndefined();
  expect(constructSource(undefined)).toBeUndefined();
});
