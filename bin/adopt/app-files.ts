import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Failure } from "../failure";
import { findFacts } from "../init/facts";
import type { Project } from "../pipeline/project";
import type { Stack } from "../pipeline/stacks";
import type { FileNames } from "./files";
import { className } from "./names";

/** The files that a command writes, and the app's own file, to which it adds the stack. If it fails, all are as before. */
export class AppFiles {
  public readonly names: FileNames;
  public readonly stackPath: string;
  public readonly importsPath: string;
  private readonly main: string;
  private readonly mainBefore: string;

  /**
   * @param into the folder of the new files, relative to the project
   * @param wanted the name of the new stack, if no other has it
   * @throws Failure if a file would be overwritten, or the app's file cannot be changed
   */
  constructor(
    private readonly project: Project,
    private readonly into: string,
    wanted: string,
    stacks: readonly Stack[],
  ) {
    const taken = stacks.map(({ name }) => name);
    const stack =
      [wanted, ...taken.map((_, index) => `${wanted}-${index + 2}`)].find((name) => !taken.includes(name)) ?? wanted;
    this.names = { stack, ...librariesOf(project, into) };
    [this.stackPath, this.importsPath] = [join(into, `${stack}.ts`), join(into, `${stack}.imports.ts`)];
    for (const path of [this.stackPath, this.importsPath]) {
      if (existsSync(this.at(path))) {
        throw new Failure(`${path} exists already; rename it, or choose another folder with '--into'`);
      }
    }
    this.main = entryOf(project);
    this.mainBefore = readFileSync(this.at(this.main), "utf8");
    this.changedMain(); // fails before anything is written
  }

  /** Writes the files, and adds the stack to the app. */
  public write(stack: string, imports: string): void {
    mkdirSync(this.at(this.into), { recursive: true });
    writeFileSync(this.at(this.stackPath), stack);
    writeFileSync(this.at(this.importsPath), imports);
    writeFileSync(this.at(this.main), this.changedMain());
  }

  /** Takes everything back. */
  public undo(): void {
    for (const path of [this.stackPath, this.importsPath]) rmSync(this.at(path), { force: true });
    writeFileSync(this.at(this.main), this.mainBefore);
  }

  /** What was written, for the user. */
  public get written(): string {
    return `wrote ${this.stackPath} and ${this.importsPath}, and added the stack to ${this.main}`;
  }

  private changedMain(): string {
    const { stack, ending } = this.names;
    const type = `${className(stack)}Stack`;
    const synth = /^(\w+)\.synth\(\);?$/m.exec(this.mainBefore);
    if (synth === null) {
      throw new Failure(
        `${this.main} has no line like 'app.synth();'; end the app with one, so that the new stack can be added before it`,
      );
    }
    const path = importPath(dirname(this.main), join(this.into, `${stack}${ending}`));
    const [whole, app = "app"] = synth;
    const withStack = this.mainBefore.replace(whole, `new ${type}(${app}, "${stack}");\n${whole}`);
    const imports = [...withStack.matchAll(/^(?:import [^;]*|\} from "[^"]*");\n/gm)].at(-1);
    const end = imports === undefined ? 0 : imports.index + imports[0].length;
    return `${withStack.slice(0, end)}import { ${type} } from "${path}";\n${withStack.slice(end)}`;
  }

  private at(path: string): string {
    return join(this.project.folder, path);
  }
}

/** How a file in a folder imports another one. */
function importPath(folder: string, file: string): string {
  const path = relative(folder, file);
  return path.startsWith(".") ? path : `./${path}`;
}

/** The file of the app, in the command that synthesizes it. */
function entryOf({ app, folder }: Project): string {
  const entry = app.split(/\s+/).find((word) => /\.[cm]?ts$/.test(word) && existsSync(join(folder, word)));
  if (entry === undefined) {
    throw new Failure(
      `'app' in cdktf.json must name the app's TypeScript file, got '${app}'; name it, such as main.ts`,
    );
  }
  return entry;
}

/** What a file in a folder of the project imports: the construct library of a checkout, or the npm package. */
function librariesOf({ folder }: Project, into: string): Omit<FileNames, "stack"> {
  if (existsSync(join(folder, "constructs", "index.ts"))) {
    return { library: "cdktf", constructs: importPath(into, "constructs"), ending: "" };
  }
  const { library, isModule } = findFacts(folder);
  return { library, constructs: "kvm-fleet", ending: isModule ? ".js" : "" };
}
