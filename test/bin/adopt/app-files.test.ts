import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppFiles } from "../../../bin/adopt/app-files";
import { hostsNamed, matches } from "../../../bin/adopt/targets";
import type { Stack } from "../../../bin/pipeline/stacks";

const main = `import { App } from "cdktf";
import {
  Host,
} from "./constructs";

const app = new App({ stackTraces: false });
app.synth();
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "adopt-"));
  mkdirSync(join(folder, "constructs"));
  writeFileSync(join(folder, "constructs", "index.ts"), "");
  writeFileSync(join(folder, "main.ts"), main);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function files(app = "bin/synthesize main.ts", stacks: readonly string[] = []): AppFiles {
  const project = { folder, app, output: join(folder, "cdktf.out"), context: {} };
  return new AppFiles(
    project,
    "stacks",
    "alpha",
    stacks.map((name) => ({ name }) as Stack),
  );
}

describe("the files of an adoption", () => {
  test("are the stack, its imports, and the app with the stack in it", () => {
    files().write("stack\n", "imports\n");

    expect(readFileSync(join(folder, "stacks/alpha.ts"), "utf8")).toBe("stack\n");
    expect(readFileSync(join(folder, "stacks/alpha.imports.ts"), "utf8")).toBe("imports\n");
    expect(readFileSync(join(folder, "main.ts"), "utf8")).toBe(`import { App } from "cdktf";
import {
  Host,
} from "./constructs";
import { AlphaStack } from "./stacks/alpha";

const app = new App({ stackTraces: false });
new AlphaStack(app, "alpha");
app.synth();
`);
  });

  test("are gone, and the app is as before, if it is undone", () => {
    const written = files();
    written.write("stack\n", "imports\n");
    written.undo();

    expect(existsSync(join(folder, "stacks/alpha.ts"))).toBe(false);
    expect(readFileSync(join(folder, "main.ts"), "utf8")).toBe(main);
  });

  test("have another name if a stack has that", () => {
    expect(files(undefined, ["alpha"]).stackPath).toBe("stacks/alpha-2.ts");
  });

  test("are not written over others", () => {
    mkdirSync(join(folder, "stacks"));
    writeFileSync(join(folder, "stacks/alpha.ts"), "");

    expect(() => files()).toThrow("stacks/alpha.ts exists already; rename it, or choose another folder with '--into'");
  });

  test("need an app that ends with a synthesis, in a file that cdktf.json names", () => {
    writeFileSync(join(folder, "main.ts"), "");

    expect(() => files()).toThrow("main.ts has no line like 'app.synth();'; end the app with one");
    expect(() => files("make synth")).toThrow(
      "'app' in cdktf.json must name the app's TypeScript file, got 'make synth'",
    );
  });
});

describe("the hosts to adopt", () => {
  const known = { alpha: { uri: "qemu+ssh://root@alpha.example.org/system" } };

  test("are named as in the app, or after their URI", () => {
    expect(hostsNamed(["alpha", "qemu+ssh://beta.example.org/system"], known)).toEqual({
      alpha: known.alpha,
      beta: { uri: "qemu+ssh://beta.example.org/system" },
    });
    expect(hostsNamed([known.alpha.uri], known)).toEqual(known);
    expect(hostsNamed(["qemu+tcp://alpha.example.org/system"], known)).toEqual({
      "alpha-2": { uri: "qemu+tcp://alpha.example.org/system" },
    });
  });

  test("must be known to the app, if they are not URIs", () => {
    expect(() => hostsNamed(["gamma"], known)).toThrow(
      "the app has no host 'gamma', but alpha; give the URI of the host, such as qemu+ssh://root@gamma/system",
    );
  });

  test.each([
    ["web-1", "web-*", true],
    ["db-1", "web-*", false],
    ["web.1", "web.1", true],
    ["webx1", "web.1", false],
  ])("%s matches %s: %s", (name, pattern, expected) => {
    expect(matches(name, [pattern])).toBe(expected);
  });
});
