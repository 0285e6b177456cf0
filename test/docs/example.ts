import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** An example of the documentation, as a module that synthesizes an app when it is run. */
export interface Example {
  /** Where it stands, such as `README.md:42`. */
  readonly name: string;

  /** The path that the module would have. Relative imports start there. */
  readonly file: string;

  readonly source: string;
}

const root = resolve(__dirname, "..", "..");

/** Every Markdown page of the repository that shows TypeScript to users. */
export function pages(): string[] {
  const folder = join(root, "docs");
  return [join(root, "README.md"), ...(existsSync(folder) ? filesUnder(folder, ".md") : [])];
}

/** Every file that the construct library exports something from. */
export function constructFiles(): string[] {
  const index = readFileSync(join(root, "constructs", "index.ts"), "utf8");
  const files = [...index.matchAll(/ from "(\.\/.+)";/g)].map(([, file = ""]) =>
    join(root, "constructs", `${file}.ts`),
  );
  return [...new Set(files)].sort();
}

/** The `@example` of each doc comment in a file of the construct library. */
export function examplesInDocComments(file: string): Example[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\/\*\*[^]*?\*\//g)].flatMap(({ 0: comment, index }) => {
    const content = comment.replace(/\*\/$/, "").replace(/^\s*\* ?/gm, "");
    const [, code] = /@example\n([^]*?)(?=\n@|\n*$)/.exec(content) ?? [];
    const line = lineOf(text, index);
    return code === undefined
      ? []
      : [{ name: `${shown(file)}:${line}`, file: moduleAt("test/docs", file, line), source: inStack(code) }];
  });
}

/**
 * The TypeScript blocks of a Markdown page.
 *
 * A block that makes an `App` is a whole program. Any other block continues the last program before it on its page, or, where
 * there is none, the first program of the README.
 */
export function examplesIn(page: string): Example[] {
  let program = page === join(root, "README.md") ? "" : firstProgram();
  return blocksIn(page).map(({ code, line }) => {
    const isProgram = code.includes("new App(");
    if (isProgram) {
      program = code;
    }
    const source = isProgram ? code : `${program.replace(/^app\.synth\(\);$/m, "")}\n${code}\napp.synth();\n`;
    return { name: `${shown(page)}:${line}`, file: moduleAt(".", page, line), source };
  });
}

/** The fenced blocks of a Markdown page in one of these languages. */
export function blocksIn(page: string, languages = ["ts"]): { readonly code: string; readonly line: number }[] {
  const text = readFileSync(page, "utf8");
  const fence = new RegExp(`^\`\`\`(?:${languages.join("|")})\\n([^]*?)^\`\`\`$`, "gm");
  return [...text.matchAll(fence)].map(({ 1: code = "", index }) => ({ code, line: lineOf(text, index) }));
}

export function shown(file: string): string {
  return relative(root, file);
}

function firstProgram(): string {
  const program = blocksIn(join(root, "README.md")).find(({ code }) => code.includes("new App("));
  return program?.code ?? "";
}

/** A module in which every public name and the surroundings that the code mentions are in scope, and `this` is a stack. */
function inStack(code: string): string {
  const mentioned = ["host", "pool", "lan", "debian", "sha256", "vm"].filter((name) =>
    new RegExp(`(?<![.\\w"-])${name}\\b`).test(code),
  );
  const names = [...new Set(code.match(/\b[A-Z]\w+/g))].filter((name) => publicNames().has(name));
  return `import { readFileSync } from "node:fs";
import { App, TerraformStack } from "cdktf";
import { ${names.join(", ")} } from "../../constructs";
import { Surroundings } from "./surroundings";
const app = new App({ stackTraces: false });
class Example extends TerraformStack {
  public constructor() {
    super(app, "example");
    const { ${mentioned.join(", ")} } = new Surroundings(this);
    {
${code}
    }
  }
}
new Example();
app.synth();
`;
}

let names: ReadonlySet<string> | undefined;

function publicNames(): ReadonlySet<string> {
  names ??= new Set(Object.keys(jest.requireActual<object>("../../constructs")));
  return names;
}

function filesUnder(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name))
    .sort();
}

function moduleAt(folder: string, file: string, line: number): string {
  return join(root, folder, `${shown(file).replace(/\W/g, "-")}-${line}.example.ts`);
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
