/**
 * Builds the npm packages of this checkout, as archives in the folder dist/.
 *
 *     tsx release/pack.ts                        for all platforms
 *     tsx release/pack.ts --platforms linux-x64  with the provider for these platforms only, for a test
 *
 * The same source, the same Go and the same npm packages give the same bytes.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "./command";
import { npmPack } from "./npm-pack";
import { npmPlatforms, selectPlatforms } from "./platforms";
import { buildPlugins } from "./plugins";

function main(): void {
  const { values } = parseArgs({
    options: { platforms: { type: "string" }, output: { type: "string", default: "dist" } },
  });
  const chosen = selectPlatforms(npmPlatforms, values.platforms);
  const { output } = values;
  rmSync(output, { recursive: true, force: true });
  const work = join(output, "work");
  npmPack({
    plugins: buildPlugins(chosen, join(work, "plugins")),
    work,
    output,
    report: (line) => {
      console.log(line);
    },
  });
  rmSync(work, { recursive: true });
}

runCommand("pack", main);
