import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { terraformBinary } from "../../lab/terraform-binary";

const CHECKOUT = path.dirname(path.dirname(__dirname));
const PLUGINS = ".terraform.d/plugins";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ran>;
  /** Does what Ctrl-C does in a terminal. */
  interrupt(): void;
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
   * @param more environment variables besides those that every user has
   */
  constructor(
    private readonly lab: string,
    private readonly project = CHECKOUT,
    private readonly more: NodeJS.ProcessEnv = {},
  ) {
    fs.cpSync(path.join(os.homedir(), PLUGINS), path.join(this.folder, PLUGINS), { recursive: true });
  }

  kvmFleet(...args: readonly string[]): Ran {
    return this.run(path.join(CHECKOUT, "bin", "kvm-fleet"), args);
  }

  /** Starts a command, in a process group of its own as in a terminal. @param onOutput receives its output as it comes */
  begin(onOutput: (text: string) => void, ...args: readonly string[]): Running {
    const child = spawn(path.join(CHECKOUT, "bin", "kvm-fleet"), args, {
      cwd: this.project,
      env: this.environment(),
      detached: true,
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
    const ended = new Promise<Ran>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code, stdout, stderr });
      });
    });
    const interrupt = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    };
    return { ended, interrupt };
  }

  cdktf(...args: readonly string[]): Ran {
    return this.run(path.join(CHECKOUT, "node_modules", ".bin", "cdktf"), args);
  }

  /** Runs terraform in the folder of a stack. */
  terraform(stack: string, ...args: readonly string[]): Ran {
    return this.run(terraformBinary(), args, path.join(this.output, "stacks", stack));
  }

  leave(): void {
    fs.rmSync(this.folder, { recursive: true });
  }

  private get output(): string {
    return path.join(this.folder, "cdktf.out");
  }

  private run(program: string, args: readonly string[], cwd = this.project): Ran {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd,
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
      CDKTF_OUTPUT: this.output,
      ...this.more,
    };
  }
}
