import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkTypes } from "../../bin/pipeline/type-check";

describe("checkTypes", () => {
  let folder: string;
  let entry: string;
  let output: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kvm-fleet-types-"));
    entry = join(folder, "main.ts");
    output = join(folder, "cdktf.out");
    // The smallest library: reading the default one, with the browser's types, takes the compiler a second each time.
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { lib: ["es5"], types: [] } }));
    writeFileSync(join(folder, "machine.ts"), "export interface Machine { readonly network?: string }\n");
    writeFileSync(entry, appWith("network"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const appWith = (property: string): string =>
    `import type { Machine } from "./machine";\nexport const machine: Machine = { ${property}: "lan" };\n`;
  const lastCheck = (): number => statSync(join(output, "type-check", "checked.json")).mtimeMs;

  test("fails on a misspelt property each time, and suggests the right one", () => {
    writeFileSync(entry, appWith("networkk"));
    for (let time = 0; time < 2; time++) {
      expect(() => {
        checkTypes(entry, output);
      }).toThrow(
        "main.ts(2,35): error TS2561: Object literal may only specify known properties, but 'networkk' does not exist in " +
          "type 'Machine'. Did you mean to write 'network'?",
      );
    }
  });

  test("does not check an unchanged app again", () => {
    checkTypes(entry, output);
    const before = lastCheck();
    checkTypes(entry, output);
    expect(lastCheck()).toBe(before);
  });

  test("checks again after an imported file has changed", () => {
    checkTypes(entry, output);
    writeFileSync(join(folder, "machine.ts"), "export interface Machine { readonly net?: string }\n");
    expect(() => {
      checkTypes(entry, output);
    }).toThrow("'network' does not exist in type 'Machine'");
  });

  test("knows the JavaScript of Node.js without a tsconfig.json", () => {
    rmSync(join(folder, "tsconfig.json"));
    writeFileSync(entry, "export const names = new Map(Object.entries({ a: 1 }));\n");
    checkTypes(entry, output);
  });

  test("checks a project without a tsconfig.json, too", () => {
    rmSync(join(folder, "tsconfig.json"));
    writeFileSync(entry, appWith("networkk"));
    expect(() => {
      checkTypes(entry, output);
    }).toThrow("Did you mean to write 'network'?");
  });

  test("does not check an app in JavaScript", () => {
    const app = join(folder, "main.js");
    writeFileSync(app, readFileSync(entry));
    checkTypes(app, output);
    expect(lastCheck).toThrow("ENOENT");
  });
});
