import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mirrorProblem } from "../../bin/pipeline/cli-config";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cli-config-"));
  mkdirSync(join(home, ".terraform.d"));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

const direct = "provider_installation {\n  direct {}\n}\n";

describe("mirrorProblem", () => {
  test("finds nothing where there is no configuration", () => {
    expect(mirrorProblem({}, home)).toBeUndefined();
    expect(mirrorProblem({ TF_CLI_CONFIG_FILE: join(home, "missing") }, home)).toBeUndefined();
  });

  test.each([".terraformrc", ".tofurc", ".terraform.d/company.tfrc"])("names %s, and the fix", (name) => {
    writeFileSync(join(home, name), direct);

    expect(mirrorProblem({}, home)).toBe(
      `'provider_installation' in ${join(home, name)} switches off the folder in which the provider is; add this to it: ` +
        'filesystem_mirror { path = "terraform.d/plugins", include = ["registry.terraform.io/kvm-fleet/*"] }, ' +
        "and to 'direct': exclude = [\"registry.terraform.io/kvm-fleet/*\"]",
    );
  });

  test("reads the file in TF_CLI_CONFIG_FILE instead of the one in the home directory", () => {
    writeFileSync(join(home, ".terraformrc"), direct);
    writeFileSync(join(home, "named"), 'plugin_cache_dir = "/tmp"\n');

    expect(mirrorProblem({ TF_CLI_CONFIG_FILE: join(home, "named") }, home)).toBeUndefined();
  });

  test.each([
    ["a comment", `# ${direct.replaceAll("\n", "\n# ")}`],
    ["a block that names kvm-fleet", direct.replace("{}", '{ exclude = ["registry.terraform.io/kvm-fleet/*"] }')],
    ["other settings", 'credentials "app.terraform.io" {\n  token = "x"\n}\n'],
  ])("finds nothing in %s", (_what, text) => {
    writeFileSync(join(home, ".terraformrc"), text);

    expect(mirrorProblem({}, home)).toBeUndefined();
  });
});
