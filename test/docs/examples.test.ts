import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { constructFiles, type Example, examplesIn, examplesInDocComments } from "./example";
import { shown, userPages } from "./markdown";
import { problemsOf } from "./run-examples";

/** A program that gives a host these properties. */
function planted(name: string, props: string): Example {
  return {
    name,
    file: resolve(`${name}.example.ts`),
    source: `import { App, TerraformStack } from "cdktf";
import { Host } from "./constructs";
const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, "it");
new Host(stack, "alpha", ${props});
app.synth();
`,
  };
}

describe("the examples in the documentation", () => {
  // All of them at once, since the compiler takes longer to read the library than to check the examples.
  let problems: string[];

  beforeAll(() => {
    problems = problemsOf([
      planted("planted-good", '{ uri: "qemu+ssh://alpha/system" }'),
      planted("planted-type", "{ uri: 1 }"),
      planted("planted-value", '{ uri: "nowhere" }'),
      ...userPages().flatMap(examplesIn),
      ...constructFiles().flatMap(examplesInDocComments),
    ]);
  }, 900_000);

  test("compile and can be synthesized", () => {
    expect(problems.filter((problem) => !problem.startsWith("planted"))).toEqual([]);
  });

  test("are reported where they do not compile, or synthesis refuses them", () => {
    expect(problems.filter((problem) => problem.startsWith("planted"))).toEqual([
      "planted-type: Type 'number' is not assignable to type 'string'.",
      expect.stringMatching(/^planted-value: Validation failed[^]*'uri' must/),
    ]);
  });

  test("are there for every construct and value class", () => {
    const withClass = constructFiles().filter((file) => /\nexport (abstract )?class /.test(readFileSync(file, "utf8")));

    const without = withClass.filter((file) => examplesInDocComments(file).length === 0);
    expect(without.map(shown)).toEqual([]);
  });
});
