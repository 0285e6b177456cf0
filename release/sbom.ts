import { resolve } from "node:path";
import { version } from "../package.json";
import type { Plugin } from "./plugins";
import { runTool } from "./tool";

/** Writes what a provider is compiled from, with the licences that were recognized, as a CycloneDX document. */
export function providerSbom({ executable }: Plugin, to: string): void {
  // A number and a time would make two builds differ.
  const reproducible = ["-noserial", "-notimestamp"];
  const args = ["-json", "-std", "-licenses", ...reproducible, "-version", `v${version}`, "-output", resolve(to)];
  runTool(["tool", "-n", "cyclonedx-gomod"]); // downloads and compiles it
  // Licences are read from the modules that the build has downloaded. For the provider itself, which is none, it would ask a proxy.
  runTool(["tool", "cyclonedx-gomod", "bin", ...args, resolve(executable)], { GOPROXY: "off" });
}
