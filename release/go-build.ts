import { execFileSync } from "node:child_process";
import type { BuildPlatform } from "./platforms";

export interface GoProgram extends Pick<BuildPlatform, "goos" | "goarch"> {
  /** The folder of the Go module. */
  readonly folder: string;
  /** The package of the program, relative to the folder. */
  readonly program: string;
  /** The file of the result. */
  readonly to: string;
}

/** Compiles a static program. The same source and the same Go give the same bytes in any folder. */
export function goBuild({ folder, program, to, ...platform }: GoProgram): void {
  execFileSync("go", ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", to, program], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: goEnvironment(platform),
  });
}

/** The environment of Go for a platform, without settings of a user that change what is compiled. */
export function goEnvironment({ goos, goarch }: Pick<BuildPlatform, "goos" | "goarch">): NodeJS.ProcessEnv {
  const defaults = { GOFLAGS: "", GOEXPERIMENT: "", GOAMD64: "v1", GOARM64: "v8.0", CGO_ENABLED: "0" };
  return { ...process.env, ...defaults, GOOS: goos, GOARCH: goarch };
}
