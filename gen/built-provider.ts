import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformBinary } from "../lab/terraform-binary";

/** The provider of this checkout, built for one run. */
export interface BuiltProvider {
  /** A folder for configurations, removed at the end. */
  readonly folder: string;

  /** The program that runs them: terraform or tofu. */
  readonly terraform: string;

  /** The environment in which that program uses the built provider, without an `init`. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Builds the provider in a temporary folder, and removes that when `work` is done. It neither needs nor touches an installed
 * provider.
 *
 * @param source the provider's address in a registry
 */
export function withBuiltProvider<Result>(source: string, work: (provider: BuiltProvider) => Result): Result {
  const root = mkdtempSync(join(tmpdir(), "kvm-fleet-gen-"));
  try {
    const plugins = join(root, "plugins");
    const executable = join(plugins, `terraform-provider-${source.replace(/^.*\//, "")}`);
    execFileSync("go", ["build", "-o", executable, "."], {
      cwd: join(__dirname, "..", "provider"),
      stdio: ["ignore", "ignore", "inherit"],
    });
    const cliConfig = join(root, "cli.tfrc");
    writeFileSync(cliConfig, `provider_installation {\n  dev_overrides {\n    "${source}" = "${plugins}"\n  }\n}\n`);
    const folder = join(root, "configurations");
    mkdirSync(folder);
    const environment = { ...process.env, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: "1" };
    return work({ folder, terraform: terraformBinary(), environment });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
