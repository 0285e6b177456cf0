import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A provider in the user's plugin folder, which terraform and tofu search by default.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export class InstalledProvider {
  /**
   * @param home the user's home directory
   * @returns undefined where that version is not installed
   */
  public static find(source: string, version: string, home = homedir()): InstalledProvider | undefined {
    const folder = join(home, ".terraform.d", "plugins", source, version, platform());
    return existsSync(folder) ? new InstalledProvider(folder) : undefined;
  }

  private constructor(private readonly folder: string) {}

  public get executable(): string {
    const name = this.files().find((file) => file.startsWith("terraform-provider-"));
    if (name === undefined) {
      throw new Error(`there is no provider in ${this.folder}; run 'lab/setup.sh'`);
    }
    return join(this.folder, name);
  }

  /** Its hash in a dependency lock file: the directory hash of Go modules, "h1". */
  public hash(): string {
    const lines = this.files().map(
      (file) => `${sha256(readFileSync(join(this.folder, file))).digest("hex")}  ${file}\n`,
    );
    return `h1:${sha256(lines.join("")).digest("base64")}`;
  }

  private files(): readonly string[] {
    return readdirSync(this.folder).sort();
  }
}

function sha256(data: string | Buffer): ReturnType<typeof createHash> {
  return createHash("sha256").update(data);
}

/** The name that Go has for this platform. */
function platform(): string {
  const architectures: Partial<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return `${process.platform}_${architectures[process.arch] ?? process.arch}`;
}
