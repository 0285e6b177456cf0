import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const folder = resolve("constructs");

/** What an example may take for granted, besides the library. */
const surroundings = `
import { readFileSync } from "node:fs";
import { TerraformStack } from "cdktf";
import * as library from "./index";
const { BaseImage, BridgedNetwork, Cidr, CloudInit, Cpu, DirectNetwork, Fleet, Host, IsolatedNetwork, MachineType, NatNetwork } = library;
const { Disk, Gateway, Network, NetworkZone, Peers, RoutedNetwork, Secret, SeparationPolicy, Size, Snapshot, SriovNetwork, StoragePool, VirtualMachine, Volume } = library;
declare const host: library.IHost, pool: library.IStoragePool, lan: library.INetwork, debian: library.IVolume;
declare const sha256: string;
declare const vm: library.VirtualMachine;
`;

/** The examples in the doc comments of a file, each as a module of its own. */
function examplesIn(file: string): string[] {
  const comments = readFileSync(join(folder, file), "utf8").match(/\/\*\*[^]*?\*\//g) ?? [];
  return comments.flatMap((comment) => {
    const text = comment.replace(/\*\/$/, "").replace(/^\s*\* ?/gm, "");
    const [, example] = /@example\n([^]*?)(?=\n@|\n*$)/.exec(text) ?? [];
    return example === undefined
      ? []
      : [`${surroundings} export class Example extends TerraformStack { public add(): void {\n${example}\n} }`];
  });
}

/** The TypeScript that README.md shows, each block a module in the checkout. */
function examplesInReadme(): string[] {
  const readme = resolve("README.md");
  const text = existsSync(readme) ? readFileSync(readme, "utf8") : "";
  return [...text.matchAll(/^```(?:ts|typescript)\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
}

function errorsOf(examples: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(resolve("tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, resolve("."));
  const compilerOptions = { ...options, noUnusedLocals: false };
  const host = ts.createCompilerHost(compilerOptions);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) => {
    const example = examples.get(name);
    return example === undefined ? readSource(name, version) : ts.createSourceFile(name, example, version);
  };
  const program = ts.createProgram([...examples.keys()], compilerOptions, host);
  return [...examples.keys()].flatMap((name) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
}

describe("the examples in doc comments", () => {
  it("compile, and there is one for every construct and value class", () => {
    const examples = new Map<string, string>();
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    for (const file of files) {
      examplesIn(file).forEach((example, index) => {
        examples.set(join(folder, `${file.replace(/\.ts$/, "")}.example-${index}.ts`), example);
      });
    }
    expect(errorsOf(examples)).toEqual([]);
    const constructs = files.filter((file) =>
      readFileSync(join(folder, file), "utf8").match(/\nexport (abstract )?class /),
    );
    const without = constructs.filter((file) => examplesIn(file).length === 0);
    expect(without).toEqual([]);
  }, 60_000);
});

describe("the TypeScript in README.md", () => {
  it("compiles", () => {
    const examples = examplesInReadme().map((block, index) => [resolve(`README.example-${index}.ts`), block] as const);
    expect(errorsOf(new Map(examples))).toEqual([]);
  }, 60_000);
});
