import type { Command } from "commander";
import { createProgram } from "../../bin/program";
import { scripts } from "../../package.json";
import { allPages, blocksIn, type Excerpt, inlineCodeIn } from "./markdown";

/** The code of a page that may be a command: shell blocks without their comments, and inline code. */
function codeIn(page: string): Excerpt[] {
  const lines = blocksIn(page, ["sh", "shell"]).flatMap(({ at, text }) =>
    text.split("\n").map((line) => ({ at, text: line.replace(/\s#.*$/, "") })),
  );
  return [...lines, ...inlineCodeIn(page)];
}

/** What is wrong with a command; undefined where it is right, or not a command of this project. */
function problemOf(code: string): string | undefined {
  const [, script] = /\bnpm run ([\w:-]+)/.exec(code) ?? [];
  if (script !== undefined && !(script in scripts)) {
    return `package.json has no script '${script}'`;
  }
  const [, quickstart] = /\bnpm run quickstart -- (.*)/.exec(code) ?? [];
  // There, 'kvm-fleet' is the package.
  const isInstallation = /\bnpm (?:install|add) /.test(code);
  const [, args] = (isInstallation ? null : /(?:^|\s|\/)kvm-fleet (.+)/.exec(code)) ?? [];
  const given = quickstart === undefined ? args : `quickstart ${quickstart}`;
  return given === undefined ? undefined : problemOfArguments(given.trim().split(/\s+/));
}

function problemOfArguments(args: readonly string[]): string | undefined {
  let command: Command = createProgram();
  const options = new Set(["--help"]);
  const add = (each: Command): void => {
    each.options.forEach(({ long }) => options.add(long ?? ""));
  };
  add(command);
  for (const arg of args) {
    const next = command.commands.find((each) => each.name() === arg);
    if (next !== undefined) {
      command = next;
      add(command);
    } else if (arg.startsWith("--") && !options.has(arg)) {
      return `'${command.name()}' has no option '${arg}'`;
    } else if (!arg.startsWith("-") && command.commands.length > 0 && command.parent === null) {
      return `kvm-fleet has no command '${arg}'`;
    }
  }
  return undefined;
}

describe("the commands in the documentation", () => {
  test("are scripts of package.json, and commands and options of kvm-fleet", () => {
    const problems = allPages()
      .flatMap(codeIn)
      .flatMap(({ at, text }) => {
        const problem = problemOf(text);
        return problem === undefined ? [] : [`${at}: ${problem}, in '${text}'`];
      });

    expect(problems).toEqual([]);
  });

  test.each([
    ["npm run quikstart", "package.json has no script 'quikstart'"],
    ["npm run quickstart -- --remove", "'quickstart' has no option '--remove'"],
    ["npx kvm-fleet deplyo", "kvm-fleet has no command 'deplyo'"],
    ["bin/kvm-fleet lab up --host 3", "'up' has no option '--host'"],
    ["npx kvm-fleet separation verify web --for 60s", undefined],
    ["npm run bench -- --only plan", undefined],
    ["npm install kvm-fleet cdktf constructs", undefined],
  ])("are checked: %s", (code, problem) => {
    expect(problemOf(code)).toBe(problem);
  });
});
