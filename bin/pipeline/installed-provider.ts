import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { directoryHash } from "./directory-hash";
import { thisTarget } from "./platform";
import { executableIn, type Provider } from "./provider";

/**
 * A provider in the user's plugin folder, which terraform and tofu search by default.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export class InstalledProvider implements Provider {
  /**
   * @param home the user's home directory
   * @returns undefined where that version is not installed
   */
  public static find(source: string, version: string, home = homedir()): InstalledProvider | undefined {
    const folder = join(home, ".terraform.d", "plugins", source, version, thisTarget());
    return existsSync(folder) ? new InstalledProvider(folder) : undefined;
  }

  private constructor(private readonly folder: string) {}

  public get executable(): string {
    return executableIn(this.folder);
  }

  public hashes(): readonly string[] {
    return [directoryHash(this.folder)];
  }
}
