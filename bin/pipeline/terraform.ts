import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { terraformBinary } from "../../lab/terraform-binary";
import { Failure } from "../failure";
import type { PlanJson } from "../review/plan-json";
import { parallelism } from "./parallelism";
import { ProviderLog } from "./provider-log";
import { type ProgramResult, runProgram } from "./run-program";
import type { Stack } from "./stacks";

export interface ApplyOptions {
  /** Whether to apply without approval. Otherwise terraform asks on the terminal. */
  readonly autoApprove: boolean;
}

type Report = (line: string) => void;

export interface PlanOptions {
  /** The file for the saved plan. It contains secrets that the plan has. */
  readonly file: string;
  /** Whether terraform's own output is left out, unless the plan fails. */
  readonly quiet: boolean;
}

/** Shows what an apply would change, and saves the plan. @returns whether there are changes */
export async function plan(stack: Stack, options: PlanOptions, report: Report): Promise<boolean> {
  const { code, output } = await tryPlan(stack, options, report);
  if (code !== 0 && code !== 2) {
    if (output !== "") console.error(output.trimEnd());
    throw new Failure(`the plan of stack ${stack.name} failed`);
  }
  return code === 2;
}

/** Plans, and leaves it to the caller what an exit code other than 0 and 2 means. The output is empty if it was shown. */
export async function tryPlan(stack: Stack, { file, quiet }: PlanOptions, report: Report): Promise<ProgramResult> {
  await initialize(stack, report);
  report(`stack ${stack.name}: plan`);
  const args = ["plan", "-input=false", "-detailed-exitcode", `-out=${file}`];
  return quiet ? captured(stack, [...args, "-no-color"]) : { code: await terraform(stack, args), output: "" };
}

/** Returns a saved plan as JSON. */
export async function showJson(stack: Stack, file: string): Promise<PlanJson> {
  const output = await show(stack, ["-json", file]);
  // The JSON is one line. terraform may print warnings before it.
  return JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "{}") as PlanJson;
}

/** Returns a plan that another run has saved, as JSON. */
export async function showSaved(stack: Stack, file: string, report: Report): Promise<PlanJson> {
  await initialize(stack, report);
  return showJson(stack, file);
}

/** Returns a saved plan as terraform shows it to people, without secrets. */
export function showText(stack: Stack, file: string): Promise<string> {
  return show(stack, ["-no-color", file]);
}

async function show(stack: Stack, args: readonly string[]): Promise<string> {
  const { code, output } = await captured(stack, ["show", ...args]);
  if (code !== 0) {
    console.error(output.trimEnd());
    throw new Failure(`the plan of stack ${stack.name} cannot be shown`);
  }
  return output;
}

/** Returns the state of a stack as its backend has it; empty if the stack was never deployed. It may contain secrets. */
export async function pullState(stack: Stack, report: Report): Promise<string> {
  await initialize(stack, report);
  const { code, output } = await runProgram(terraformBinary(), ["state", "pull"], {
    cwd: stack.folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: terraformEnvironment(),
  });
  if (code !== 0) {
    throw new Failure(`the state of stack ${stack.name} cannot be read`);
  }
  return output.trim();
}

/** Applies a saved plan. terraform refuses it if the state has changed since. */
export async function applyPlan(stack: Stack, file: string, report: Report): Promise<void> {
  await change(stack, "apply", ["-input=false", file], report);
}

export async function apply(stack: Stack, options: ApplyOptions, report: Report): Promise<void> {
  await change(stack, "apply", approving(options), report);
}

export async function destroy(stack: Stack, options: ApplyOptions, report: Report): Promise<void> {
  await change(stack, "destroy", approving(options), report);
}

function approving({ autoApprove }: ApplyOptions): readonly string[] {
  return autoApprove ? ["-input=false", "-auto-approve"] : [];
}

async function change(
  stack: Stack,
  command: "apply" | "destroy",
  options: readonly string[],
  report: Report,
): Promise<void> {
  await initialize(stack, report);
  report(`stack ${stack.name}: ${command}`);
  const log = ProviderLog.follow(stack, report);
  const code = await terraform(
    stack,
    [command, ...parallelism(stack, process.env), ...options],
    log.environment,
  ).finally(() => {
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
  const { code, output } = await captured(stack, ["init", "-input=false", ...noColor()]);
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

async function captured(stack: Stack, args: readonly string[]): Promise<ProgramResult> {
  return runProgram(terraformBinary(), args, {
    cwd: stack.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: terraformEnvironment(),
  });
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
