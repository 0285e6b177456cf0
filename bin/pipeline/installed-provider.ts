import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A provider in the folder of this user that terraform and tofu look into by themselves.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export class InstalledProvider {
  /**
   * @param home the user's home directory
   * @returns undefined where that version of it is not installed
   */
  public static find(source: string, version: string, home = homedir()): InstalledProvider | undefined {
    const folder = join(home, ".terraform.d", "plugins", source, version, platform());
    return existsSync(folder) ? new InstalledProvider(folder) : undefined;
  }

  private constructor(private readonly folder: string) {}

  public get executable(): string {
    const name = this.files().find((file) => file.startsWith("terraform-provider-"));
    if (name === undefined) {
      throw new Error(`no provider in ${this.folder}; lab/setup.sh installs it`);
    }
    return join(this.folder, name);
  }

  /** What a dependency lock file has for it: the hash that Go modules have, of one folder. */
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

/** This machine as Go calls it. */
function platform(): string {
  const architectures: Partial<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return `${process.platform}_${architectures[process.arch] ?? process.arch}`;
}
