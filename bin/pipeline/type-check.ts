import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type * as TypeScript from "typescript";
import { Failure } from "../failure";

/**
 * Checks the types of an app before it is run: tsx runs TypeScript without a look at them, and a property that is misspelt
 * would be left out in silence, and with it what it was to change on the hosts.
 *
 * What has not changed since it was found right is not checked again: 10 ms, against some 2 s for a change.
 *
 * @param entry the app's file; one that is not TypeScript is not checked
 * @param output cdktf's output folder, where what was found is kept
 */
export function checkTypes(entry: string, output: string): void {
  const kept = join(output, "type-check");
  const stamp = join(kept, "checked.json");
  if (!entry.endsWith(".ts") || isUnchanged(stamp, entry)) {
    return;
  }
  mkdirSync(kept, { recursive: true });
  writeFileSync(stamp, JSON.stringify(check(resolve(entry), join(kept, "tsbuildinfo"))));
}

/** Which files an app consists of, and what they all hold. */
interface Checked {
  readonly entry: string;
  readonly files: readonly string[];
  readonly digest: string;
}

function isUnchanged(stamp: string, entry: string): boolean {
  try {
    const checked = JSON.parse(readFileSync(stamp, "utf8")) as Checked;
    return checked.entry === resolve(entry) && checked.digest === digestOf(checked.files);
  } catch {
    return false; // never checked, or a file has gone since
  }
}

function digestOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function check(entry: string, buildInfo: string): Checked {
  // Loaded here, for it takes longer than all the rest of an unchanged run.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const ts = require("typescript") as typeof TypeScript;
  const config = ts.findConfigFile(dirname(entry), (file) => ts.sys.fileExists(file));
  const options: TypeScript.CompilerOptions = { incremental: true, tsBuildInfoFile: buildInfo, noEmit: true };
  const parsed =
    config === undefined
      ? undefined
      : ts.getParsedCommandLineOfConfigFile(config, options, {
          ...ts.sys,
          onUnRecoverableConfigFileDiagnostic: (problem) => {
            throw new Failure(ts.flattenDiagnosticMessageText(problem.messageText, "\n"));
          },
        });
  const program = ts.createIncrementalProgram({
    rootNames: [entry],
    options: parsed?.options ?? { ...options, strict: true, skipLibCheck: true, module: ts.ModuleKind.CommonJS },
  });
  const problems = [
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  program.emit(); // what was found out, for the next time; no JavaScript
  if (problems.length > 0) {
    throw new Failure(
      ts.formatDiagnostics(problems, {
        getCurrentDirectory: () => process.cwd(),
        getCanonicalFileName: (file) => file,
        getNewLine: () => "\n",
      }),
    );
  }
  const own = program.getSourceFiles().map(({ fileName }) => fileName);
  const files = [...own.filter((file) => !file.includes("/node_modules/")), ...(config === undefined ? [] : [config])];
  return { entry, files, digest: digestOf(files) };
}
