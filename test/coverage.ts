/**
 * Prints how much of the code the unit tests run: of TypeScript in lines and branches, of Go in statements.
 * Code that a test runs in another process, as the tests of the program do, does not count.
 *
 *     tsx test/coverage.ts
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { table } from "../bin/table";
import { checkout, runCommand } from "./runner/command";
import { type CoverageSummary, statementsOfGo } from "./runner/coverage";
import * as steps from "./runner/steps";

async function main(folder: string, signal: AbortSignal): Promise<void> {
  const typeScript = await steps
    .typeScriptUnitTests(["--coverage", `--coverageDirectory=${folder}`])
    .run(signal, print);
  fail(typeScript.failures);
  const { total } = JSON.parse(readFileSync(join(folder, "coverage-summary.json"), "utf8")) as CoverageSummary;

  const profile = join(folder, "go.out");
  const command = ["go", "test", "-vet=off", "-coverpkg=./...", `-coverprofile=${profile}`, "./..."];
  const go = await runCommand(command, { folder: join(checkout, "provider"), signal });
  if (!go.ok) fail(go.output);
  const percent = (value: number) => `${value.toFixed(1)} %`;
  const lines = [
    ["TypeScript", percent(total.lines.pct), percent(total.branches.pct)],
    ["Go (provider)", percent(statementsOfGo(readFileSync(profile, "utf8"))), ""],
  ];
  print(table(["UNIT TESTS", "COVERED", "BRANCHES"], lines));
}

/** Shows the output of a run with failures. The figures follow all the same. */
function fail(output: string): void {
  if (output === "") return;
  console.error(output);
  process.exitCode = 1;
}

function print(line: string): void {
  console.log(line);
}

const folder = mkdtempSync(join(tmpdir(), "kvm-fleet-coverage-"));
main(folder, new AbortController().signal)
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => {
    rmSync(folder, { recursive: true });
  });
