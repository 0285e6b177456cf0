import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function kvmFleet(...args: readonly string[]): Ran {
  // No test here gets as far as to run terraform, so any program takes its place.
  return kvmFleetWith(process.execPath, ...args);
}

function kvmFleetWith(terraform: string, ...args: readonly string[]): Ran {
  const env = { ...process.env, TERRAFORM_BINARY_NAME: terraform };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8", input: "", env });
  return { code: status, stdout, stderr };
}

describe("kvm-fleet", () => {
  test("describes its commands and exit codes", () => {
    const { code, stdout } = kvmFleet("--help");

    expect(code).toBe(0);
    expect(stdout).toContain(
      "Exit codes: 0 done or no changes, 1 failed, 2 'plan' found changes or 'drift' found drift, 64 wrong usage.",
    );
  });

  test.each([
    ["an unknown command", ["deplyo"], "error: unknown command 'deplyo'\n(Did you mean deploy?)\n"],
    ["an unknown option", ["plan", "--whole"], "error: unknown option '--whole'\n"],
    [
      "an option that is not a number",
      ["lab", "up", "--hosts", "many"],
      "error: option '--hosts <hosts>' argument 'many' is invalid. It must be a whole number above 0 or a list of hosts: " +
        "a lab's hosts are alpha, beta, gamma, ..., got 'many'; use these names.\n",
    ],
    [
      "options that exclude each other",
      ["drift", "--accept", "a.json", "--accepted", "a.json"],
      "error: option '--accept <file>' cannot be used with option '--accepted <file>'\n",
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
      stderr: `kvm-fleet: there is no cdktf.json in ${folder}; change to the folder of a project, or begin one with 'kvm-fleet init'\n`,
    });
  });

  test("names the setting that the project lacks", () => {
    writeFileSync(join(folder, "cdktf.json"), "{}");

    expect(kvmFleet("plan").stderr).toBe(
      `kvm-fleet: 'app' is missing in ${folder}/cdktf.json; give the command that synthesizes the stacks\n`,
    );
  });

  test.each(["plan", "deploy --auto-approve", "destroy --auto-approve"])(
    "says that there is no terraform before it changes anything: %s",
    (command) => {
      writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "touch synthesized" }));

      expect(kvmFleetWith("no-such-program", ...command.split(" "))).toEqual({
        code: 1,
        stdout: "",
        stderr:
          "kvm-fleet: TERRAFORM_BINARY_NAME is 'no-such-program', which is not on the PATH; install it, or run " +
          "'lab/setup.sh' to build OpenTofu\n",
      });
      expect(readdirSync(folder)).toEqual(["cdktf.json"]);
    },
  );

  test("does not ask the hosts for drift if the file of accepted drift cannot be read", () => {
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "touch synthesized" }));

    expect(kvmFleet("drift", "--accepted", "none.json")).toEqual({
      code: 1,
      stdout: "",
      stderr: "kvm-fleet: there is no file none.json; write it with 'kvm-fleet drift --accept none.json'\n",
    });
    expect(readdirSync(folder)).toEqual(["cdktf.json"]);
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
