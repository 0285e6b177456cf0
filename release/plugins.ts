import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../package.json";
import { checkout } from "./checkout";
import { goBuild } from "./go-build";
import { licences } from "./licences";
import { type BuildPlatform, guestArchitectures } from "./platforms";

/**
 * The files of the provider for a platform.
 *
 * The npm package of a platform and the archive for registries contain the same files. So they have the same hash in lock
 * files, and a project can change from one to the other.
 */
export interface Plugin<P extends BuildPlatform = BuildPlatform> {
  readonly platform: P;
  /** A folder with these files, and nothing else. */
  readonly folder: string;
  /** The provider's program. */
  readonly executable: string;
}

const folder = join(checkout, "provider");

/**
 * Builds the provider for each platform, with the probes for guests and the licences.
 *
 * @param to receives a folder for each platform
 */
export function buildPlugins<P extends BuildPlatform>(platforms: readonly P[], to: string): readonly Plugin<P>[] {
  const probes = guestArchitectures.map((goarch) => {
    const probe = { name: `kvm-fleet-probe_${goarch}`, file: join(to, "probes", goarch) };
    goBuild({ folder, program: "./probe", to: probe.file, goos: "linux", goarch });
    return probe;
  });
  return platforms.map((platform) => {
    const plugin = join(to, platform.target);
    const suffix = platform.goos === "windows" ? ".exe" : "";
    const executable = join(plugin, `terraform-provider-libvirt_v${version}${suffix}`);
    mkdirSync(plugin, { recursive: true });
    goBuild({ ...platform, folder, program: ".", to: executable });
    for (const { name, file } of probes) copyFileSync(file, join(plugin, name));
    copyFileSync(join(checkout, "LICENSE"), join(plugin, "LICENSE"));
    writeFileSync(join(plugin, "THIRD-PARTY-LICENSES.txt"), licences(platform));
    return { platform, folder: plugin, executable };
  });
}
