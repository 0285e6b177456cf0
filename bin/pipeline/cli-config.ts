import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The providers of kvm-fleet, in a pattern of a CLI configuration. */
const ours = "registry.terraform.io/kvm-fleet/*";

/**
 * A sentence about a CLI configuration in which terraform and tofu do not search the folder of a stack; undefined where they
 * do.
 *
 * A `provider_installation` block switches off the folders that they search by default. A block that names kvm-fleet is taken
 * to be right.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function mirrorProblem(environment: NodeJS.ProcessEnv = process.env, home = homedir()): string | undefined {
  const file = configurations(environment, home).find((each) => {
    const text = withoutComments(readFileSync(each, "utf8"));
    return /^\s*provider_installation\s*\{/m.test(text) && !text.includes("kvm-fleet/");
  });
  return file === undefined
    ? undefined
    : `'provider_installation' in ${file} switches off the folder in which the provider is; add this to it: ` +
        `filesystem_mirror { path = "terraform.d/plugins", include = ["${ours}"] }, and to 'direct': exclude = ["${ours}"]`;
}

/** The files that terraform and tofu read. */
function configurations(environment: NodeJS.ProcessEnv, home: string): readonly string[] {
  const named = environment.TF_CLI_CONFIG_FILE ?? environment.TERRAFORM_CONFIG;
  const folder = join(home, ".terraform.d");
  const more = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".tfrc"))
        .map((name) => join(folder, name))
    : [];
  const main = named === undefined ? [join(home, ".terraformrc"), join(home, ".tofurc")] : [named];
  return [...main, ...more].filter((file) => existsSync(file));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*(#|\/\/).*$/gm, "");
}
