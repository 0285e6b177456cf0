import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readStacks, selectStacks } from "../../bin/pipeline/stacks";

let output: string;

beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), "stacks-"));
});

afterEach(() => {
  rmSync(output, { recursive: true });
});

function write(stacks: Record<string, { dependencies?: readonly string[]; configuration?: unknown }>): void {
  const manifest = Object.entries(stacks).map(([name, { dependencies = [], configuration = {} }]) => {
    const synthesizedStackPath = `stacks/${name}/cdk.tf.json`;
    mkdirSync(dirname(join(output, synthesizedStackPath)), { recursive: true });
    writeFileSync(join(output, synthesizedStackPath), JSON.stringify(configuration));
    return [name, { name, workingDirectory: `stacks/${name}`, synthesizedStackPath, dependencies }];
  });
  writeFileSync(join(output, "manifest.json"), JSON.stringify({ stacks: Object.fromEntries(manifest) as unknown }));
}

const names = (stacks: readonly { readonly name: string }[]): string[] => stacks.map(({ name }) => name);

describe("readStacks", () => {
  test("puts each stack after those that it depends on", () => {
    write({ app: { dependencies: ["network", "storage"] }, network: { dependencies: ["storage"] }, storage: {} });

    expect(names(readStacks(output))).toEqual(["storage", "network", "app"]);
  });

  test("fails where nothing was synthesized", () => {
    expect(() => readStacks(output)).toThrow(
      `the app has synthesized nothing: ${output}/manifest.json is missing; call 'app.synth()' at its end`,
    );
  });
});

describe("selectStacks", () => {
  test("selects all stacks without names", () => {
    write({ one: {}, two: {} });

    expect(names(selectStacks(readStacks(output), []))).toEqual(["one", "two"]);
  });

  test("keeps the order of deployment", () => {
    write({ one: {}, two: {}, three: {} });

    expect(names(selectStacks(readStacks(output), ["three", "one"]))).toEqual(["one", "three"]);
  });

  test("fails on a name that no stack has", () => {
    write({ one: {}, two: {} });

    expect(() => selectStacks(readStacks(output), ["three"])).toThrow(
      "no stack is named 'three'; the stacks are one, two",
    );
  });
});
