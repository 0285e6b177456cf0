import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

describe("stacks/main.ts", () => {
  it("says how to bring the lab up when it isn't", () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, ["--import", "tsx", resolve("stacks/main.ts")], {
      env: { ...process.env, KVM_FLEET_LAB_NAME: "never-up" },
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("lab 'never-up' is not up; bring it up with 'kvm-fleet lab up --name never-up'");
  });
});
