import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const CHECKOUT = path.dirname(path.dirname(__dirname));
const PLUGINS = ".terraform.d/plugins";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A user who has just run the set-up: a home directory with only the installed provider, and no output of an earlier
 * synthesis.
 */
export class Newcomer {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "newcomer-"));

  /**
   * @param lab the lab whose hosts the stacks are for
   * @param project the folder of the stacks
   */
  constructor(
    private readonly lab: string,
    private readonly project = CHECKOUT,
  ) {
    fs.cpSync(path.join(os.homedir(), PLUGINS), path.join(this.folder, PLUGINS), { recursive: true });
  }

  kvmFleet(...args: readonly string[]): Ran {
    return this.run(path.join(CHECKOUT, "bin", "kvm-fleet"), args);
  }

  /** Starts a command. @param onOutput receives its output as it comes */
  begin(onOutput: (text: string) => void, ...args: readonly string[]): Promise<Ran> {
    const child = spawn(path.join(CHECKOUT, "bin", "kvm-fleet"), args, {
      cwd: this.project,
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onOutput(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onOutput(text);
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code, stdout, stderr });
      });
    });
  }

  cdktf(...args: readonly string[]): Ran {
    return this.run(path.join(CHECKOUT, "node_modules", ".bin", "cdktf"), args);
  }

  leave(): void {
    fs.rmSync(this.folder, { recursive: true });
  }

  private run(program: string, args: readonly string[]): Ran {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: this.project,
      encoding: "utf8",
      maxBuffer: Infinity,
      env: this.environment(),
    });
    if (error !== undefined) throw error;
    return { code: status, stdout, stderr };
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      TERRAFORM_BINARY_NAME: process.env.TERRAFORM_BINARY_NAME,
      HOME: this.folder,
      KVM_FLEET_LAB_NAME: this.lab,
      // Both command lines take it.
      CDKTF_OUTPUT: path.join(this.folder, "cdktf.out"),
    };
  }
}
