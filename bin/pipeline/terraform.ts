import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { terraformBinary } from "../../lab/terraform-binary";
import { Failure } from "../failure";
import { runChild } from "./child";
import { ProviderLog } from "./provider-log";
import type { Stack } from "./stacks";

export interface ApplyOptions {
  /** Whether to go on without asking; terraform asks on the terminal otherwise. */
  readonly autoApprove: boolean;
}

type Report = (line: string) => void;

/** Shows what an apply would do. @returns whether it would do anything */
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

/** `init`, where the backend, the providers or the program are not those of the last one. Its output is shown if it fails. */
async function initialize(stack: Stack, report: Report): Promise<void> {
  const data = join(stack.folder, process.env.TF_DATA_DIR ?? ".terraform");
  const mark = join(data, "initialized");
  if (existsSync(mark) && readFileSync(mark, "utf8") === fingerprint(stack)) {
    return;
  }
  report(`stack ${stack.name}: init`);
  const { code, output } = await runChild(terraformBinary(), ["init", "-input=false", ...noColor()], {
    cwd: stack.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: terraformEnvironment(),
  });
  if (code !== 0) {
    console.error(output.trimEnd());
    throw new Failure(`the init of stack ${stack.name} failed; it was run in ${stack.folder}`);
  }
  writeFileSync(mark, fingerprint(stack));
}

function fingerprint(stack: Stack): string {
  const lock = join(stack.folder, ".terraform.lock.hcl");
  return createHash("sha256")
    .update(JSON.stringify([terraformBinary(), stack.configuration.terraform]))
    .update(existsSync(lock) ? readFileSync(lock) : "")
    .digest("hex");
}

async function terraform(stack: Stack, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  const { code } = await runChild(terraformBinary(), [...args, ...noColor()], {
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
    // A configuration file that isn't there is worth several lines of warning to terraform, and none to anyone else.
    ...(cliConfig !== undefined && existsSync(cliConfig) ? { TF_CLI_CONFIG_FILE: cliConfig } : {}),
    CHECKPOINT_DISABLE: "1",
    // Leaves out the advice to run terraform by hand next.
    TF_IN_AUTOMATION: "1",
  };
}
