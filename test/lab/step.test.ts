import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const STEP = path.join(__dirname, "..", "..", "lab", "step.sh");

/** The number of commands that run at the same time. */
const COMMANDS = 800;

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "step-"));

afterAll(() => {
  fs.rmSync(scratch, { recursive: true });
});

/** Builds a bash script that includes `step` and writes to its own log. */
function script(name: string, lines: string): readonly string[] {
  const log = path.join(scratch, `${name}.log`);
  const fail = 'fail() { echo "setup: $1" >&2; exit 1; }';
  return ["-c", `set -euo pipefail\nlog=${log}\n${fail}\n. ${STEP}\n${lines}`];
}

describe("step", () => {
  test("ends the script with the exit code and the last output of a command that fails", () => {
    const { status, stdout, stderr } = spawnSync(
      "bash",
      script("failure", "step 'building it' bash -c 'echo no room; exit 3'\necho not reached"),
      { encoding: "utf8" },
    );

    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("no room\nsetup: building it failed with exit code 3; all of its output is in ");
  });

  test("prints nothing about a command that ends within a second", () => {
    expect(spawnSync("bash", script("short", "step 'looking' true"), { encoding: "utf8" })).toMatchObject({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("shows a command that takes longer", () => {
    const { stdout } = spawnSync("bash", script("long", "step 'fetching' sleep 1.5"), { encoding: "utf8" });

    expect(stdout).toMatch(/^==> fetching\n {4}done \(\d+ s\)\n$/);
  });

  // The script shows the progress of a step each second.
  // The exit code of a command that ends at that instant must not be lost.
  test("keeps the exit code of each command that ends after about one second", async () => {
    const bash = spawn(
      "bash",
      script(
        "second",
        `jobs=()
         for index in $(seq 0 ${COMMANDS - 1}); do
           (step "command $index" sleep "$(printf '0.%03d' $((960 + index % 40)))" >/dev/null) &
           jobs+=("$!")
         done
         failed=0
         for job in "\${jobs[@]}"; do
           wait "$job" || failed=$((failed + 1))
         done
         echo "$failed failed"`,
      ),
    );
    let output = "";
    bash.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    bash.stderr.resume();
    await once(bash, "close");

    expect(output).toBe("0 failed\n");
  }, 120_000);
});
