import { join } from "node:path";
import type { Stack } from "./stacks";

/** Returns the file of a stack's saved plan in a folder. */
export function planFile(folder: string, { name }: Pick<Stack, "name">): string {
  return join(folder, `${name}.tfplan`);
}
