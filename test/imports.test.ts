import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const checkout = resolve(__dirname, "..");

/** Imports that the rules forbid: the file that has it, what the file imports, and the name of the rule. */
const planted: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ["constructs/core/one.ts", "./other", "no-circle"],
  ["constructs/machine/reader.ts", "../host/private/hidden", "private-stays-private"],
  ["constructs/index.ts", "./host/private/hidden", "private-stays-private"],
  ["constructs/network/network.ts", "../machine/machine", "constructs/network-imports-downhill"],
  ["constructs/storage/pool.ts", "../network/settings", "constructs/storage-imports-downhill"],
  ["constructs/host/fleet.ts", "../../stacks/stack", "constructs-imports-downhill"],
  ["stacks/main.ts", "../bin/command", "stacks-imports-downhill"],
  ["stacks/own.ts", "../constructs/machine/machine", "stacks-import-the-library"],
  ["bin/report.ts", "../separation/policy/model", "folders-import-the-separation-library"],
  ["separation/policy/reader.ts", "cdktf", "libraries-without-cdktf"],
  ["bin/places.ts", "../placement/model", "folders-import-the-placement-library"],
  ["placement/reader.ts", "cdktf", "libraries-without-cdktf"],
];

/** Imports that the rules allow. */
const allowed: readonly (readonly [file: string, imported: string])[] = [
  // A circle is reported once, at its first file.
  ["constructs/core/other.ts", "./one"],
  ["constructs/machine/machine.ts", "./private/parts"],
  ["constructs/machine/private/parts.ts", "../../network/settings"],
  ["constructs/network/settings.ts", "../core/size"],
  ["constructs/separation/policy.ts", "../../separation"],
  ["separation/index.ts", "./policy/model"],
  ["bin/command.ts", "../separation"],
  ["bin/placing.ts", "../placement"],
  ["placement/index.ts", "./model"],
  ["stacks/stack.ts", "../constructs"],
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "imports-"));
  symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
  write("constructs/core/size.ts", "export interface It {}\n");
  write("constructs/host/private/hidden.ts", "export interface It {}\n");
  write("separation/policy/model.ts", "export interface It {}\n");
  write("placement/model.ts", "export interface It {}\n");
  for (const [file, imported] of [...planted, ...allowed]) {
    write(file, `import type { It } from "${imported}";\nexport type { It };\n`);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** The forbidden imports of the folder: file and rule. */
async function violations(): Promise<string[]> {
  const program = join(checkout, "node_modules", ".bin", "depcruise");
  const rules = join(checkout, ".dependency-cruiser.mjs");
  const args = ["--config", rules, "--output-type", "json", "bin", "constructs", "placement", "separation", "stacks"];
  const output = await new Promise<string>((done) => {
    execFile(program, args, { cwd: folder }, (_error, stdout) => {
      done(stdout);
    });
  });
  const { summary } = JSON.parse(output) as {
    summary: { violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
  };
  return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
}

describe("the rules for imports", () => {
  test("reject each import that goes uphill, in a circle, or to another folder's private files, and no other", async () => {
    const found = await violations();

    expect(found.sort()).toEqual(planted.map(([file, , rule]) => `${file}: ${rule}`).sort());
  }, 60_000);
});
