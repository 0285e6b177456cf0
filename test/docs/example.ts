import { readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksIn, root, shown } from "./markdown";

/** An example of the documentation, as a module that synthesizes an app when it is run. */
export interface Example {
  /** Where it stands, such as `README.md:42`. */
  readonly name: string;

  /** The path that the module would have. Relative imports start there. */
  readonly file: string;

  readonly source: string;
}

const readme = join(root, "README.md");

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
    const at = `${shown(file)}:${text.slice(0, index).split("\n").length}`;
    return code === undefined ? [] : [{ name: at, file: moduleAt("test/docs", at), source: inStack(code) }];
  });
}

/**
 * The TypeScript blocks of a Markdown page.
 *
 * A block that makes an `App` is a whole program. Any other block continues the last program before it on its page, or, where
 * there is none, the first program of the README.
 */
export function examplesIn(page: string): Example[] {
  let program = page === readme ? "" : firstProgram();
  return blocksIn(page, ["ts"]).map(({ at, text: code }) => {
    const isProgram = code.includes("new App(");
    if (isProgram) {
      program = code;
    }
    const source = isProgram ? code : `${program.replace(/^app\.synth\(\);$/m, "")}\n${code}\napp.synth();\n`;
    return { name: at, file: moduleAt(".", at), source };
  });
}

function firstProgram(): string {
  const program = blocksIn(readme, ["ts"]).find(({ text }) => text.includes("new App("));
  return program?.text ?? "";
}

/** A module in which every public name and the surroundings that the code mentions are in scope, and `this` is a stack. */
function inStack(code: string): string {
  const mentioned = ["host", "pool", "lan", "debian", "sha256", "vm"].filter((name) =>
    new RegExp(`(?<![.\\w"-])${name}\\b`).test(code),
  );
  const names = [...new Set(code.match(/\b[A-Za-z]\w+/g))].filter((name) => publicNames().has(name));
  return `import { readFileSync } from "node:fs";
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
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

/** A file name that says where the example stands. */
function moduleAt(folder: string, at: string): string {
  return join(root, folder, `${at.replace(/\W/g, "-")}.example.ts`);
}
