import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../failure";
import type { Project } from "./project";
import type { Stack } from "./stacks";
import { synthesize } from "./synthesize";

/** What an app has written besides its stacks. */
export interface AppReport {
  /** The content of the file; undefined if the app has nothing to report. */
  readonly content: unknown;
  /** Empty if the app has reported, and synthesis has failed after that. */
  readonly stacks: readonly Stack[];
  /** The error of a synthesis that has failed. */
  readonly error?: Failure;
}

/**
 * Synthesizes an app that writes a JSON file during synthesis.
 *
 * @param variable the environment variable that names the file for the app
 */
export async function readAppReport(project: Project, variable: string): Promise<AppReport> {
  const folder = mkdtempSync(join(tmpdir(), "kvm-fleet-report-"));
  const file = join(folder, "report.json");
  process.env[variable] = file;
  let stacks: readonly Stack[] = [];
  let error: Failure | undefined;
  try {
    stacks = await synthesize(project);
  } catch (caught) {
    if (!existsSync(file) || !(caught instanceof Failure)) throw caught;
    error = caught;
  } finally {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- assigning undefined would set it to the text "undefined"
    delete process.env[variable];
  }
  const content = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as unknown) : undefined;
  rmSync(folder, { recursive: true });
  return { content, stacks, error };
}
