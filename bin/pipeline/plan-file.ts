import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure";
import type { Stack } from "./stacks";

/** Returns the file of a stack's saved plan in a folder. */
export function planFile(folder: string, { name }: Pick<Stack, "name">): string {
  return join(folder, `${name}.tfplan`);
}

/** Checks that each stack has a saved plan in a folder. @param purpose what the stacks are named for: `deploy` */
export function checkPlans(folder: string, stacks: readonly Stack[], purpose: string): void {
  const missing = stacks.filter((stack) => !existsSync(planFile(folder, stack))).map(({ name }) => name);
  if (missing.length > 0) {
    throw new Failure(
      `${folder} has no plan of ${missing.join(", ")}; save one with 'kvm-fleet plan --out ${folder}', or name the stacks to ${purpose}`,
    );
  }
}
