import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cdktfJson, mainTs, tsconfigJson } from "../../bin/init/project-files";
import { version } from "../../package.json";
import { root } from "../docs/markdown";
import { problemsOf } from "../docs/run-examples";
import { expectGolden } from "../golden";

// Projects that versions of `kvm-fleet init` wrote. A folder VERSION has the files of a project, and the stack that this version
// made of them. The names end with .txt, so that they are not taken for files of this checkout.

/** What `init` writes for two hosts, with the machine that its comments describe. */
function projectOfThisVersion(): Readonly<Record<string, string>> {
  const facts = {
    folder: "/shop",
    library: "cdktf",
    packageManager: "npm",
    repository: "/shop",
    forge: undefined,
    engine: undefined,
    isModule: false,
    stackName: "shop",
  } as const;
  const main = mainTs(facts, [
    { name: "alpha", uri: "qemu+ssh://root@alpha.example.org/system" },
    { name: "beta", uri: "qemu+ssh://root@beta.example.org/system" },
  ]);
  return {
    "cdktf.json": cdktfJson().replace(/"projectId": "[^"]+"/, '"projectId": "00000000-0000-0000-0000-000000000000"'),
    "tsconfig.json": tsconfigJson(facts),
    "main.ts": main
      .replace(/^.*A machine: import .*\n/m, "")
      .replace(/^( +)\/\/ (const image|new VirtualMachine)/gm, "$1$2")
      .replace("import { Cidr, Host", "import { BaseImage, Cidr, Host")
      .replace("NatNetwork, StoragePool }", "NatNetwork, Size, StoragePool, VirtualMachine }"),
  };
}

/** A stack, without the versions of what made it, and without the folder that it was made in. */
function comparable(text: string): string {
  const stack = JSON.parse(text) as {
    "//"?: unknown;
    readonly terraform: { readonly required_providers: { readonly libvirt: { version?: string } } };
  };
  delete stack["//"];
  delete stack.terraform.required_providers.libvirt.version;
  return `${JSON.stringify(stack, undefined, 2)}\n`.replace(/"\/[^"]*\/(?=[^/"]+\.qcow2")/g, '"');
}

/**
 * Asserts that a text is as in a kept file. `npm run golden` writes a file that does not exist, and no other: to change what is
 * kept of a version that is not published, remove its folder first. For one that is published, raise the version in package.json.
 */
function expectKept(made: string, name: string, text: string): void {
  const file = join(__dirname, made, name);
  if (existsSync(file)) expect(text).toBe(readFileSync(file, "utf8"));
  else expectGolden(file, text);
}

describe("what 'init' writes", () => {
  test.each(Object.entries(projectOfThisVersion()))(`is kept for later versions: %s`, (name, content) => {
    expectKept(version, `${name}.txt`, content);
  });
});

const versions = new Set([...readdirSync(__dirname).filter((name) => /^\d/.test(name)), version]);

// If this fails, existing projects no longer compile, or their next plan has changes. Keep what they use. Otherwise the commit is
// breaking: CHANGELOG.md says what a user has to do, and the kept files change as a user has to change a project.
test.each([...versions])("a project of version %s becomes the same stack as before", (made) => {
  const main = readFileSync(join(__dirname, made, "main.ts.txt"), "utf8");
  const source = main.replace('from "kvm-fleet"', 'from "./constructs"');
  let stack = "";

  const problems = problemsOf(
    [{ name: made, file: join(root, "kept-project.example.ts"), source }],
    (_name, output) => {
      stack = readFileSync(join(output, "stacks", "shop", "cdk.tf.json"), "utf8");
    },
  );

  expect(problems).toEqual([]);
  expectKept(made, "cdk.tf.json", comparable(stack));
});
