import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { blocksIn, root } from "./markdown";

interface Step {
  readonly run: string | { readonly command: string };
}

interface Stage {
  readonly steps: readonly Step[];
}

interface AtlantisServer {
  readonly repos: readonly { readonly workflow: string }[];
  readonly workflows: Readonly<Record<string, { readonly plan: Stage; readonly apply: Stage }>>;
}

interface AtlantisRepository {
  readonly version: number;
  readonly projects: readonly { readonly dir: string }[];
}

const page = join(root, "docs", "pipelines.md");
const shell = blocksIn(page, ["sh"]).map(({ text }) => text);
const yaml = blocksIn(page, ["yaml"]).map(({ text }) => parse(text) as unknown);
const groovy = blocksIn(page, ["groovy"]).map(({ text }) => text);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recipe-"));
  mkdirSync(join(folder, "bin"));
  standIn("npm", 'echo "npm $*" >> calls');
  // A plan writes the file of a plan; a deployment requires it.
  standIn(
    "npx",
    [
      'echo "npx $*" >> calls',
      'after() { while [ $# -gt 1 ] && [ "$1" != "$option" ]; do shift; done; echo "$2"; }',
      'case "$*" in',
      '  *" plan "*) option=--out; saved=$(after "$@"); mkdir -p "$saved"; echo reviewed > "$saved/shop.tfplan"; exit "$PLAN_STATUS" ;;',
      '  *" deploy "*) option=--plan; cat "$(after "$@")/shop.tfplan" >> calls ;;',
      "esac",
    ].join("\n"),
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function standIn(name: string, commands: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${commands}\n`);
  chmodSync(file, 0o755);
}

/** Runs commands with the stand-ins. @returns the exit code */
function run(commands: string, planStatus = 2): number | null {
  const file = join(folder, "key");
  writeFileSync(file, "the key");
  const { status, stderr } = spawnSync("sh", ["-c", commands], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
      PLAN_STATUS: String(planStatus),
      PLANFILE: join(folder, "default.tfplan"),
      BASE_BRANCH_NAME: "main",
      KEY_FILE: file,
    },
  });
  expect(stderr).toBe("");
  return status;
}

function calls(): readonly string[] {
  return readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
}

function commandsOf({ steps }: Stage): readonly string[] {
  return steps.map(({ run: step }) => (typeof step === "string" ? step : step.command));
}

/** The recipe of a page that begins the folder with these commands. */
function recipe(recipes: readonly string[], command: string): string {
  const found = recipes.find((it) => it.includes("set -eu") && it.includes(command));
  if (found === undefined) throw new Error(`docs/pipelines.md has no recipe with '${command}'`);
  return found;
}

describe.each([
  ["shell", (): readonly string[] => [recipe(shell, "kvm-fleet plan"), recipe(shell, "kvm-fleet deploy")]],
  [
    "Jenkins",
    (): readonly string[] =>
      groovy.flatMap((text) => [...text.matchAll(/sh '''\n([^]*?)'''/g)].map(([, commands = ""]) => commands)),
  ],
  [
    "Atlantis",
    (): readonly string[] => {
      const [server] = yaml as [AtlantisServer];
      const { plan, apply } = server.workflows[server.repos[0]?.workflow ?? ""] ?? {
        plan: { steps: [] },
        apply: { steps: [] },
      };
      return [commandsOf(plan).join("\n"), commandsOf(apply).join("\n")];
    },
  ],
])("the recipe for %s", (_, commands) => {
  const [plan = "", deploy = ""] = commands();

  test("installs the packages, plans, and deploys what was planned", () => {
    expect(run(plan)).toBe(0);
    expect(run(deploy)).toBe(0);

    expect(calls()[0]).toBe("npm ci");
    expect(calls().find((line) => line.includes(" plan "))).toMatch(/^npx kvm-fleet plan --summary --out \S+/);
    expect(calls().find((line) => line.includes(" deploy "))).toMatch(/^npx kvm-fleet deploy --plan \S+$/);
    expect(calls().at(-1)).toBe("reviewed");
  });

  test("does not fail where nothing changes, and fails where the plan fails", () => {
    expect(run(plan, 0)).toBe(0);
    expect(run(plan, 1)).toBe(1);
  });
});

test("the recipe for Atlantis keeps no plan but its own in the repository", () => {
  const [server, repository] = yaml as [AtlantisServer, AtlantisRepository];
  run(commandsOf(server.workflows["kvm-fleet"]?.plan ?? { steps: [] }).join("\n"));

  expect(existsSync(join(folder, "default.tfplan"))).toBe(true);
  expect(existsSync(join(folder, "reviewed"))).toBe(false);
  expect(repository).toMatchObject({ version: 3, projects: [{ dir: "." }] });
});
