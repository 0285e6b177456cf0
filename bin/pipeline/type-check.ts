import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type * as TypeScript from "typescript";
import { version } from "../../package.json";
import { Failure } from "../failure";

/**
 * Checks the types of an app before it runs. tsx runs TypeScript without checking it, so a misspelt property would be ignored
 * silently, and the hosts would not get what it declares.
 *
 * An app that has not changed since its last successful check is not checked again. That takes 10 ms, and a check about 2 s.
 *
 * @param entry the app's file; a file that is not TypeScript is not checked
 * @param output cdktf's output folder, which keeps the result
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

/** The files of an app, and a digest of their content. */
interface Checked {
  readonly entry: string;
  readonly files: readonly string[];
  readonly digest: string;
  /** The version of this package, whose types the app uses. */
  readonly version: string;
}

function isUnchanged(stamp: string, entry: string): boolean {
  try {
    const checked = JSON.parse(readFileSync(stamp, "utf8")) as Checked;
    return (
      checked.entry === resolve(entry) && checked.version === version && checked.digest === digestOf(checked.files)
    );
  } catch {
    return false; // never checked, or a file was removed since
  }
}

function digestOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

/** The TypeScript that the app's own project has installed, or else the one of this package. */
function typeScriptFor(entry: string): string {
  return require.resolve("typescript", { paths: [dirname(entry), __dirname] });
}

/** The options for a project without a tsconfig.json: those that matter of the one that 'kvm-fleet init' writes. */
function withoutConfig(ts: typeof TypeScript, options: TypeScript.CompilerOptions): TypeScript.CompilerOptions {
  const target = ts.ScriptTarget.ES2022; // that of TypeScript itself has no Map
  return { ...options, target, module: ts.ModuleKind.CommonJS, strict: true, skipLibCheck: true };
}

function check(entry: string, buildInfo: string): Checked {
  // Loaded here, because loading it takes longer than the rest of a run without changes.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const ts = require(typeScriptFor(entry)) as typeof TypeScript;
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
    options: parsed?.options ?? withoutConfig(ts, options),
  });
  const problems = [
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  program.emit(); // writes the build information for the next check, and no JavaScript
  if (problems.length > 0) {
    throw new Failure(
      ts
        .formatDiagnostics(problems, {
          getCurrentDirectory: () => process.cwd(),
          getCanonicalFileName: (file) => file,
          getNewLine: () => "\n",
        })
        .trimEnd(),
    );
  }
  const own = program.getSourceFiles().map(({ fileName }) => fileName);
  const files = [...own.filter((file) => !file.includes("/node_modules/")), ...(config === undefined ? [] : [config])];
  return { entry, files, digest: digestOf(files), version };
}
