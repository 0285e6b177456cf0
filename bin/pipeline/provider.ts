import { readdirSync } from "node:fs";
import { join } from "node:path";

/** A provider on this machine. */
export interface Provider {
  /** The program that terraform runs. */
  readonly executable: string;

  /** Its hashes for a dependency lock file: one for each platform that is known. */
  hashes(): readonly string[];
}

/** Finds a provider on this machine. @returns undefined where there is none */
export type FindProvider = (source: string, version: string) => Provider | undefined;

/** The program in the folder of a provider. */
export function executableIn(folder: string): string {
  const name = readdirSync(folder).find((file) => file.startsWith("terraform-provider-"));
  if (name === undefined) {
    throw new Error(`there is no provider in ${folder}; install it again`);
  }
  return join(folder, name);
}
