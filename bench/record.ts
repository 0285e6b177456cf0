import fs from "node:fs";
import type { Result } from "./result";

/** Reads the results that a file contains. Returns none if the file does not exist or has another form. */
export function readResults(file: string): readonly Result[] {
  if (!fs.existsSync(file)) return [];
  const { results } = JSON.parse(fs.readFileSync(file, "utf8")) as { results?: readonly Partial<Result>[] };
  return (results ?? []).filter(isResult);
}

/** Replaces the results that a file contains. */
export function writeResults(file: string, results: readonly Result[]): void {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify({ results }, undefined, 2)}\n`);
  fs.renameSync(draft, file);
}

/** Reports whether a result has the current form. An earlier form had the date and the machine once for all figures. */
function isResult(result: Partial<Result>): result is Result {
  const { name, at, machine, findings } = result;
  return [name, at, machine, findings].every((field) => field !== undefined);
}
