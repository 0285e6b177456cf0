import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import type { Example } from "./example";

/**
 * Compiles the examples in one program, and synthesizes each.
 *
 * @param synthesized receives the output folder of each example that could be synthesized
 * @returns what is wrong, a line each that begins with the example's name
 */
export function problemsOf(
  examples: readonly Example[],
  synthesized: (name: string, output: string) => void = () => undefined,
): string[] {
  const compiled = compile(examples);
  return [...compiled.problems, ...synthesize(compiled.programs, synthesized)];
}

interface Program extends Example {
  readonly javaScript: string;
}

function compile(examples: readonly Example[]): {
  readonly problems: readonly string[];
  readonly programs: readonly Program[];
} {
  const options = compilerOptions();
  const sources = new Map(examples.map(({ file, source }) => [file, source]));
  const host = ts.createCompilerHost(options);
  const [readSource, fileExists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)];
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.getSourceFile = (name, version) => {
    const source = sources.get(name);
    return source === undefined ? readSource(name, version) : ts.createSourceFile(name, source, version);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const problems: string[] = [];
  const programs: Program[] = [];
  for (const example of examples) {
    const source = program.getSourceFile(example.file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    problems.push(
      ...found.map(({ messageText }) => `${example.name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
    );
    if (found.length === 0) {
      let javaScript = "";
      program.emit(source, (_file, text) => (javaScript = text));
      programs.push({ ...example, javaScript });
    }
  }
  return { problems, programs };
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(resolve(__dirname, "../../tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, resolve(__dirname, "../.."));
  return { ...options, noEmit: false, noUnusedLocals: false };
}

/** Runs the programs in a folder that has the images and keys that they name. */
function synthesize(programs: readonly Program[], synthesized: (name: string, output: string) => void): string[] {
  const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), "kvm-fleet-examples-"))];
  const { CDKTF_OUTDIR: output } = process.env;
  // The examples have no decisions: they run as for `kvm-fleet place`.
  process.env.KVM_FLEET_PLACEMENT_FILE = join(folder, "placement.json");
  process.chdir(folder);
  try {
    return programs.flatMap((program, index) => {
      const outdir = join(folder, `cdktf.out-${index}`);
      process.env.CDKTF_OUTDIR = outdir;
      writeFilesOf(program);
      try {
        run(program);
        synthesized(program.name, outdir);
        return [];
      } catch (error) {
        return [`${program.name}: ${messageOf(error)}`];
      }
    });
  } finally {
    process.chdir(before);
    delete process.env.KVM_FLEET_PLACEMENT_FILE;
    if (output === undefined) {
      delete process.env.CDKTF_OUTDIR;
    } else {
      process.env.CDKTF_OUTDIR = output;
    }
    rmSync(folder, { recursive: true });
  }
}

function writeFilesOf({ source }: Example): void {
  for (const [, file = ""] of source.matchAll(/"(\w[\w./-]*\.(?:qcow2|raw|iso|pub))"/g)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, file.endsWith(".qcow2") ? qcow2Header(3 * 1024 ** 3) : "example\n");
  }
}

/** @see https://www.qemu.org/docs/master/interop/qcow2.html#header */
function qcow2Header(virtualSize: number): Buffer {
  const header = Buffer.alloc(104);
  header.write("QFI\xfb", "latin1");
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(BigInt(virtualSize), 24);
  return header;
}

function run({ file, javaScript }: Program): void {
  const load = (id: string): unknown => jest.requireActual(id.startsWith(".") ? resolve(dirname(file), id) : id);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- an example has no file of its own that could be loaded
  const main = new Function("require", "exports", javaScript) as (
    load: (id: string) => unknown,
    exports: object,
  ) => void;
  main(load, {});
}

/** The message of an error, without cdktf's advice to skip the validation. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\n\nIf you wish to ignore these validations[^]*$/, "");
}
