import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout, runCommand } from "./command";
import { oneFailed, onePassed, sum } from "./counts";
import { noFaults } from "./faults";
import { goTest, type TestRun } from "./go-test";
import { packagesWithGoroutines } from "./goroutines";
import { jest } from "./jest";
import { DOMAIN_ORDER, DOMAIN_TEST_PACKAGES, packageOrderViolations, readPackages } from "./package-order";
import { selectEndToEndTests } from "./select";
import type { TestLabs } from "./test-labs";

/** One part of `npm test`. */
export interface Step {
  readonly name: string;
  /** @param report receives progress of a long step, a line at a time */
  run(signal: AbortSignal, report: (line: string) => void): Promise<TestRun>;
}

const bin = (name: string): string => join(checkout, "node_modules", ".bin", name);
const provider = join(checkout, "provider");
const sourceFolders = ["bench", "bin", "constructs", "gen", "lab", "separation", "stacks", "test"];
// The provider's acceptance tests compile only with this tag. The checks include them.
const tags = "-tags=acceptance";

/** The checks of `npm run lint`. `npm test` includes them. */
export function lintChecks(): readonly Step[] {
  return [...typeScriptChecks(), ...goChecks()];
}

/** The checks of TypeScript code that need no hypervisor. */
export function typeScriptChecks(): readonly Step[] {
  return [
    check("eslint", [bin("eslint"), "."]),
    check("prettier", [bin("prettier"), "--check", "."]),
    check("tsc", [bin("tsc"), "--noEmit"]),
    check("imports", [bin("depcruise"), "--config", ".dependency-cruiser.mjs", ...sourceFolders]),
    withAdvice(
      check("api:check", ["npm", "run", "--silent", "api:check"]),
      "the public API of constructs must be as in api/constructs.api.md; run 'npm run api' and commit the report",
    ),
  ];
}

/** The checks of Go code that need no hypervisor, in each module of this repository. */
export function goChecks(): readonly Step[] {
  const modules = goModules();
  return [
    check("gofmt", [
      "bash",
      "-c",
      'unformatted=$(gofmt -l "$@") && echo "$unformatted" && [ -z "$unformatted" ]',
      "gofmt",
      ...modules,
    ]),
    ...modules.map((folder) => check(`go vet ${shown(folder)}`, ["go", "vet", tags, "./..."], folder)),
    check("staticcheck", ["go", "tool", "staticcheck", tags, "./..."], provider),
    packageOrder(),
  ];
}

/** Checks that the files that are generated from the provider, or that describe it, agree with it. */
export function generatedChecks(): readonly Step[] {
  return [
    check("gen:check", ["npm", "run", "--silent", "gen:check"]),
    check("examples:check", ["npm", "run", "--silent", "examples:check"]),
  ];
}

/** @param options further options of jest */
export function typeScriptUnitTests(options: readonly string[] = []): Step {
  const ignored = ["/node_modules/", "/test/e2e/"].flatMap((pattern) => ["--testPathIgnorePatterns", pattern]);
  // By default jest leaves one core idle. Go's tests need that core only while Go compiles them.
  return { name: "jest", run: (signal) => jest(["--maxWorkers=100%", ...options, ...ignored], { signal }) };
}

export function goUnitTests(): readonly Step[] {
  return goModules().map((folder) => ({
    name: `go test ${shown(folder)}`,
    // `go vet` runs in a separate step.
    run: (signal) => goTest(["-vet=off", "./..."], { folder, signal }),
  }));
}

/** Unit tests of the provider with Go's race detector, for the packages that start goroutines. */
export function goRaceTests(): Step {
  return {
    name: "go test -race",
    run: (signal) =>
      goTest(["-race", "-vet=off", ...packagesWithGoroutines(provider, ["acceptance"])], { folder: provider, signal }),
  };
}

/**
 * Runs the provider's tests on the hosts of labs, in the network of the hosts.
 *
 * @param pattern as for `go test -run`; without it, all tests run and must have injected faults
 */
export function acceptanceTests(labs: TestLabs, pattern?: string): Step {
  return {
    name: "provider acceptance",
    async run(signal, report) {
      const selection = pattern === undefined ? [] : ["-run", pattern];
      const ran = await goTest([tags, "-count=1", "-timeout=90m", ...selection, "./acceptance/..."], {
        folder: provider,
        prefix: ["nsenter", `--net=${labs.fabric}`],
        environment: labs.environment,
        signal,
        onTest: report,
      });
      return pattern === undefined ? proven(ran) : ran;
    },
  };
}

/** Fails a run that injected no faults, or that had a loss without a failed test. */
export function proven(ran: TestRun): TestRun {
  const { injected, losses } = ran.faults ?? noFaults;
  if (ran.counts.failed > 0 || (injected > 0 && losses === 0)) {
    return ran;
  }
  const why = injected === 0 ? "the fault suite injected no fault" : "something was lost, but no test failed";
  return { ...ran, counts: sum([ran.counts, oneFailed]), failures: [ran.failures, why].join("\n").trim() };
}

/**
 * Runs the end-to-end tests, which use the hosts of a lab as a user does. They share the hosts, so one file runs at a time.
 *
 * @param pattern part of a file's name; without it, all files run
 */
export function endToEndTests(labs: TestLabs, pattern?: string): Step {
  return {
    name: "end to end",
    run: (signal, report) =>
      jest(["--runInBand", "--verbose", "--runTestsByPath", ...selectEndToEndTests(pattern)], {
        environment: { KVM_FLEET_LAB_NAME: labs.name },
        signal,
        onLine: report,
      }),
  };
}

function check(name: string, command: readonly string[], folder?: string): Step {
  return {
    name,
    async run(signal) {
      const { ok, output } = await runCommand(command, { folder, signal });
      return ok ? { counts: onePassed, failures: "" } : { counts: oneFailed, failures: output };
    },
  };
}

/** Checks the order in which the packages of a domain import each other. */
function packageOrder(): Step {
  const command = ["go", "list", "-f", '{{.ImportPath}} {{join .Imports " "}}', "./internal/..."];
  return {
    name: "package order",
    async run(signal) {
      const { ok, output } = await runCommand(command, { folder: provider, signal });
      const violations = ok
        ? packageOrderViolations(readPackages(output), DOMAIN_ORDER, DOMAIN_TEST_PACKAGES)
        : [output];
      return { counts: violations.length === 0 ? onePassed : oneFailed, failures: violations.join("\n") };
    },
  };
}

/** Adds advice to the end of a step's failures. */
function withAdvice(step: Step, advice: string): Step {
  return {
    name: step.name,
    async run(signal, report) {
      const ran = await step.run(signal, report);
      return ran.counts.failed === 0 ? ran : { ...ran, failures: `${ran.failures.trimEnd()}\n${advice}` };
    },
  };
}

/** Every Go module of this repository. lab/opentofu is not one of them: its go.mod only builds OpenTofu. */
function goModules(): readonly string[] {
  const isModule = (folder: string): boolean => existsSync(join(folder, "go.mod"));
  return [provider, ...foldersIn(join(checkout, "lab")).flatMap((folder) => [folder, ...foldersIn(folder)])]
    .filter(isModule)
    .filter((folder) => folder !== join(checkout, "lab", "opentofu"));
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
}

function shown(folder: string): string {
  return folder.slice(checkout.length + 1);
}
