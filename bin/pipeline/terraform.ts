import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { terraformBinary } from "../../lab/terraform-binary";
import { Failure } from "../failure";
import { ProviderLog } from "./provider-log";
import { runProgram } from "./run-program";
import type { Stack } from "./stacks";

export interface ApplyOptions {
  /** Whether to apply without approval. Otherwise terraform asks on the terminal. */
  readonly autoApprove: boolean;
}

type Report = (line: string) => void;

/** Shows what an apply would change. @returns whether there are changes */
export async function plan(stack: Stack, report: Report): Promise<boolean> {
  await initialize(stack, report);
  report(`stack ${stack.name}: plan`);
  const code = await terraform(stack, ["plan", "-input=false", "-detailed-exitcode"]);
  if (code !== 0 && code !== 2) {
    throw new Failure(`the plan of stack ${stack.name} failed`);
  }
  return code === 2;
}

export async function apply(stack: Stack, options: ApplyOptions, report: Report): Promise<void> {
  await change(stack, "apply", options, report);
}

export async function destroy(stack: Stack, options: ApplyOptions, report: Report): Promise<void> {
  await change(stack, "destroy", options, report);
}

async function change(
  stack: Stack,
  command: "apply" | "destroy",
  options: ApplyOptions,
  report: Report,
): Promise<void> {
  await initialize(stack, report);
  report(`stack ${stack.name}: ${command}`);
  const args = options.autoApprove ? [command, "-input=false", "-auto-approve"] : [command];
  const log = ProviderLog.follow(stack, report);
  const code = await terraform(stack, args, log.environment).finally(() => {
    log.end();
  });
  if (code !== 0) {
    throw new Failure(`the ${command} of stack ${stack.name} failed`);
  }
}

/** Runs `init` if the backend, the providers or the program have changed since the last one. Prints its output if it fails. */
async function initialize(stack: Stack, report: Report): Promise<void> {
  const data = join(stack.folder, process.env.TF_DATA_DIR ?? ".terraform");
  const stamp = join(data, "initialized");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(stack)) {
    return;
  }
  report(`stack ${stack.name}: init`);
  const { code, output } = await runProgram(terraformBinary(), ["init", "-input=false", ...noColor()], {
    cwd: stack.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: terraformEnvironment(),
  });
  if (code !== 0) {
    console.error(output.trimEnd());
    throw new Failure(`the init of stack ${stack.name} failed; it ran in ${stack.folder}`);
  }
  writeFileSync(stamp, fingerprint(stack));
}

function fingerprint(stack: Stack): string {
  const lock = join(stack.folder, ".terraform.lock.hcl");
  return createHash("sha256")
    .update(JSON.stringify([terraformBinary(), stack.configuration.terraform]))
    .update(existsSync(lock) ? readFileSync(lock) : "")
    .digest("hex");
}

async function terraform(stack: Stack, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  const { code } = await runProgram(terraformBinary(), [...args, ...noColor()], {
    cwd: stack.folder,
    stdio: "inherit",
    env: { ...terraformEnvironment(), ...environment },
  });
  return code;
}

function noColor(): readonly string[] {
  return process.stdout.isTTY ? [] : ["-no-color"];
}

function terraformEnvironment(): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: cliConfig, ...others } = process.env;
  return {
    ...others,
    // terraform prints a warning of several lines where this file does not exist.
    ...(cliConfig !== undefined && existsSync(cliConfig) ? { TF_CLI_CONFIG_FILE: cliConfig } : {}),
    CHECKPOINT_DISABLE: "1",
    // Suppresses the advice to run terraform by hand.
    TF_IN_AUTOMATION: "1",
  };
}
