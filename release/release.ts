/**
 * Builds everything that a release consists of, from a clean checkout, in the folder dist/:
 *
 *     npm/        the npm packages
 *     provider/   what registries of providers require: archives, sums, signature, manifest; and SBOMs
 *     notes.md    what has changed, from the commits
 *
 *     tsx release/release.ts 0.1.0                         for all platforms
 *     tsx release/release.ts 0.1.0 --key FINGERPRINT       with a signature
 *     tsx release/release.ts 0.1.0 --platforms linux-x64   for these platforms only, for a test
 *
 * GPG_FINGERPRINT names a key, too, and GPG_PASSPHRASE its passphrase. The same commit, Go, Node.js and npm packages give the
 * same bytes.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageFailure } from "../bin/failure";
import { checkout } from "./checkout";
import { runCommand } from "./command";
import { releaseNotes } from "./notes";
import { npmPack } from "./npm-pack";
import { npmPlatforms, platforms, selectPlatforms } from "./platforms";
import { buildPlugins } from "./plugins";
import { writeRegistryFiles } from "./registry-files";
import { checkCheckout, commitsOf, commitTime } from "./repository";

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      platforms: { type: "string" },
      output: { type: "string", default: join(checkout, "dist") },
      key: { type: "string", default: process.env.GPG_FINGERPRINT ?? "" },
    },
  });
  const [version, ...more] = positionals;
  if (version === undefined || more.length > 0) {
    throw new UsageFailure("one version is required: npm run release -- VERSION");
  }
  const chosen = selectPlatforms(platforms, values.platforms);
  checkCheckout(version);

  const { output } = values;
  const key = values.key === "" ? undefined : values.key;
  rmSync(output, { recursive: true, force: true });
  const work = join(output, "work");
  const plugins = buildPlugins(chosen, join(work, "plugins"));
  const ofNpm = npmPlatforms.flatMap((platform) =>
    plugins.filter((plugin) => plugin.platform.name === platform.name).map((plugin) => ({ ...plugin, platform })),
  );
  npmPack({ plugins: ofNpm, work, output: join(output, "npm"), report });
  writeRegistryFiles({
    plugins,
    time: commitTime(),
    key,
    passphrase: process.env.GPG_PASSPHRASE,
    output: join(output, "provider"),
  });
  writeFileSync(join(output, "notes.md"), releaseNotes(version, commitsOf(version)));
  rmSync(work, { recursive: true });
  report(`${output}: version ${version}${key === undefined ? ", without a signature; '--key' signs the sums" : ""}`);
}

function report(line: string): void {
  console.log(line);
}

runCommand("release", main);
