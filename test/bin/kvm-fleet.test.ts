import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(__dirname, "..", "..", "bin", "kvm-fleet");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvm-fleet-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function kvmFleet(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8", input: "" });
  return { code: status, stdout, stderr };
}

describe("kvm-fleet", () => {
  test("tells what it can do", () => {
    const { code, stdout } = kvmFleet("--help");

    expect(code).toBe(0);
    expect(stdout).toContain("Exit codes: 0 done or no changes, 1 failed, 2 'plan' found changes, 64 wrong usage.");
  });

  test.each([
    ["an unknown command", ["deplyo"], "error: unknown command 'deplyo'\n(Did you mean deploy?)\n"],
    ["an unknown option", ["plan", "--jsno"], "error: unknown option '--jsno'\n"],
    [
      "a number that is none",
      ["lab", "up", "--hosts", "many"],
      "error: option '--hosts <number>' argument 'many' is invalid. it must be a whole number above 0.\n",
    ],
    [
      "a change that nobody can be asked about",
      ["deploy"],
      "kvm-fleet: 'deploy' would ask for approval, and there is no terminal; say --auto-approve\n",
    ],
  ])("takes %s for wrong usage, which is not the exit code for changes", (_what, args, stderr) => {
    expect(kvmFleet(...args)).toEqual({ code: 64, stdout: "", stderr });
  });

  test("says where it looked for the project", () => {
    expect(kvmFleet("plan")).toEqual({
      code: 1,
      stdout: "",
      stderr: `kvm-fleet: there is no cdktf.json in ${folder}; change to the project's folder\n`,
    });
  });

  test("says what the project lacks", () => {
    writeFileSync(join(folder, "cdktf.json"), "{}");

    expect(kvmFleet("plan").stderr).toBe(
      `kvm-fleet: 'app' is missing in ${folder}/cdktf.json; give the command that synthesizes the stacks\n`,
    );
  });

  test("passes on why the app could not be synthesized, and no stack", () => {
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "echo 'two VMs are called web-1' >&2; exit 3" }));

    expect(kvmFleet("plan")).toEqual({
      code: 1,
      stdout: "==> synthesize\n",
      stderr:
        "two VMs are called web-1\n" +
        "kvm-fleet: 'echo 'two VMs are called web-1' >&2; exit 3' ended with exit code 3\n",
    });
  });

  test("does not take what an earlier run has synthesized for this one's", () => {
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "true" }));

    expect(kvmFleet("status")).toMatchObject({
      code: 1,
      stderr: `kvm-fleet: the app has synthesized nothing: there is no ${folder}/cdktf.out/manifest.json; it must call 'app.synth()'\n`,
    });
  });

  test("shows the stack of an error where it is asked to", () => {
    expect(kvmFleet("--debug", "plan").stderr).toMatch(/\n {4}at /);
  });
});

describe("the app that cdktf.json names", () => {
  function synthesize(app: string): { code: number | null; stderr: string } {
    writeFileSync(join(folder, "app.ts"), app);
    const { status, stderr } = spawnSync(join(program, "..", "synthesize"), ["app.ts"], {
      cwd: folder,
      encoding: "utf8",
    });
    return { code: status, stderr };
  }

  test("ends with the errors of its constructs, and no stack", () => {
    expect(synthesize('throw new Error("two VMs are called web-1 (at lab/web-1)");')).toEqual({
      code: 1,
      stderr: "two VMs are called web-1 (at lab/web-1)\n",
    });
  });

  test("says so where it has not synthesized anything", () => {
    expect(synthesize("")).toEqual({
      code: 1,
      stderr: "the app has synthesized nothing: there is no cdktf.out/manifest.json; it must call 'app.synth()'\n",
    });
  });
});
