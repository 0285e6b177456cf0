import { UsageFailure } from "../bin/failure";
import type { Platform } from "../bin/pipeline/platform";

/** A platform that a provider is built for. */
export interface BuildPlatform extends Platform {
  readonly goos: string;
  readonly goarch: string;
}

/** A platform with an npm package of its own. */
export interface NpmPlatform extends BuildPlatform {
  readonly os: "darwin" | "linux";
  readonly cpu: Cpu;
}

type Cpu = "arm64" | "x64";

const cpus: readonly Cpu[] = ["x64", "arm64"];

/** The platforms of the npm packages. */
export const npmPlatforms: readonly NpmPlatform[] = (["linux", "darwin"] as const).flatMap((os) =>
  cpus.map((cpu) => ({ ...buildPlatform(os, cpu, os), os, cpu })),
);

/** All platforms: those of the npm packages, and those for which there is an archive in registries only. */
export const platforms: readonly BuildPlatform[] = [
  ...npmPlatforms,
  ...cpus.map((cpu) => buildPlatform("win32", cpu, "windows")),
  ...cpus.map((cpu) => buildPlatform("freebsd", cpu, "freebsd")),
];

/** The architectures of guests for which there is a probe. A guest runs Linux. */
export const guestArchitectures = ["amd64", "arm64"];

/**
 * Selects platforms by their names, separated by commas. Without names, it selects all.
 *
 * @throws UsageFailure if there is no platform of a name
 */
export function selectPlatforms<P extends BuildPlatform>(from: readonly P[], names: string | undefined): readonly P[] {
  const selected = names?.split(",");
  const unknown = selected?.find((each) => !from.some(({ name }) => name === each));
  if (unknown !== undefined) {
    throw new UsageFailure(
      `'--platforms' must be some of ${from.map(({ name }) => name).join(", ")}, got '${unknown}'`,
    );
  }
  return from.filter(({ name }) => selected?.includes(name) ?? true);
}

/** @param os the name that Node.js has for it */
function buildPlatform(os: string, cpu: Cpu, goos: string): BuildPlatform {
  const goarch = cpu === "x64" ? "amd64" : cpu;
  return { name: `${os}-${cpu}`, target: `${goos}_${goarch}`, goos, goarch };
}
