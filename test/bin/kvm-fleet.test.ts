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
  test("describes its commands and exit codes", () => {
    const { code, stdout } = kvmFleet("--help");

    expect(code).toBe(0);
    expect(stdout).toContain("Exit codes: 0 done or no changes, 1 failed, 2 'plan' found changes, 64 wrong usage.");
  });

  test.each([
    ["an unknown command", ["deplyo"], "error: unknown command 'deplyo'\n(Did you mean deploy?)\n"],
    ["an unknown option", ["plan", "--jsno"], "error: unknown option '--jsno'\n"],
    [
      "an option that is not a number",
      ["lab", "up", "--hosts", "many"],
      "error: option '--hosts <number>' argument 'many' is invalid. It must be a whole number above 0.\n",
    ],
    [
      "a change without approval and without a terminal",
      ["deploy"],
      "kvm-fleet: 'deploy' requires approval, but there is no terminal to ask on; add '--auto-approve'\n",
    ],
  ])("exits with 64, and not with the exit code for changes, on %s", (_what, args, stderr) => {
    expect(kvmFleet(...args)).toEqual({ code: 64, stdout: "", stderr });
  });

  test("names the folder that has no project", () => {
    expect(kvmFleet("plan")).toEqual({
      code: 1,
      stdout: "",
      stderr: `kvm-fleet: there is no cdktf.json in ${folder}; change to the folder of a project\n`,
    });
  });

  test("names the setting that the project lacks", () => {
    writeFileSync(join(folder, "cdktf.json"), "{}");

    expect(kvmFleet("plan").stderr).toBe(
      `kvm-fleet: 'app' is missing in ${folder}/cdktf.json; give the command that synthesizes the stacks\n`,
    );
  });

  test("prints the app's error without a stack trace", () => {
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "echo 'two VMs are called web-1' >&2; exit 3" }));

    expect(kvmFleet("plan")).toEqual({
      code: 1,
      stdout: "==> synthesize\n",
      stderr:
        "two VMs are called web-1\n" +
        "kvm-fleet: 'echo 'two VMs are called web-1' >&2; exit 3' ended with exit code 3\n",
    });
  });

  test("does not use the output of an earlier run", () => {
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "true" }));

    expect(kvmFleet("status")).toMatchObject({
      code: 1,
      stderr: `kvm-fleet: the app has synthesized nothing: ${folder}/cdktf.out/manifest.json is missing; call 'app.synth()' at its end\n`,
    });
  });

  test("prints a stack trace with --debug", () => {
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

  test("prints the errors of its constructs without a stack trace", () => {
    expect(synthesize('throw new Error("two VMs are called web-1 (at lab/web-1)");')).toEqual({
      code: 1,
      stderr: "two VMs are called web-1 (at lab/web-1)\n",
    });
  });

  test("fails where it has synthesized nothing", () => {
    expect(synthesize("")).toEqual({
      code: 1,
      stderr: "the app has synthesized nothing: cdktf.out/manifest.json is missing; call 'app.synth()' at its end\n",
    });
  });
});
