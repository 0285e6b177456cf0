import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dependencies, engines } from "../../package.json";
import { root } from "./markdown";

function goMod(module: string, pattern: RegExp): string {
  const [, version] = pattern.exec(readFileSync(join(root, module, "go.mod"), "utf8")) ?? [];
  if (version === undefined) throw new Error(`${module}/go.mod does not match ${String(pattern)}`);
  return version;
}

describe("the requirements in README.md", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");

  test.each([
    ["Node.js", `| Node.js | ${engines.node.replace(">=", "")} |`],
    ["Go", `| Go, to build the provider | ${goMod("provider", /^go (\S+)$/m)} |`],
    ["cdktf", `| cdktf, an npm package of the checkout | ${dependencies.cdktf} |`],
    ["OpenTofu", `OpenTofu ${goMod("lab/opentofu", /github\.com\/opentofu\/opentofu v(\S+)/)}`],
  ])("have the version of %s that the checkout requires", (_name, text) => {
    expect(readme).toContain(text);
  });
});
