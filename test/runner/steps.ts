import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout, runCommand } from "./command";
import { oneFailed, onePassed, sum } from "./counts";
import { faultsInWords, isBroken, noFaults } from "./faults";
import { goTest, runGoTest, type TestRun, testRun } from "./go-test";
import { packagesWithGoroutines } from "./goroutines";
import { jest } from "./jest";
import { DOMAIN_ORDER, DOMAIN_TEST_PACKAGES, packageOrderViolations, readPackages } from "./package-order";
import { runFiles, testsToRepeat, withRepeated } from "./repeat";
import { selectEndToEndTests } from "./select";
import type { AcceptanceLab, TestLabs } from "./test-labs";

/** One part of `npm test`. */
export interface Step {
  readonly name: string;
  /** @param report receives progress of a long step, a line at a time */
  run(signal: AbortSignal, report: (line: string) => void): Promise<TestRun>;
}

const bin = (name: string): string => join(checkout, "node_modules", ".bin", name);
const provider = join(checkout, "provider");
const sourceFolders = [
  "bench",
  "bin",
  "constructs",
  "gen",
  "lab",
  "placement",
  "release",
  "separation",
  "stacks",
  "test",
];
// The provider's acceptance tests compile only with this tag. The checks include them.
const tags = "-tags=acceptance";
/** The tests of kinds of hosts, and of what newer libvirt writes into a definition by itself. */
const KINDS_PATTERN = "^Test(Kinds.*|DomainArchitecture|DomainTopology|DomainWatchdog|SecretUpdates)$";
/** The tests that need a host which is a virtual machine. */
export const DEEP_PATTERN = "^TestDeep";
// `go vet` recognizes functions that pass a format on as it is. These add to it.
const formats = "-printf.funcs=Must,logf";

/** Which tests of a step run. */
interface Selection {
  /** What the names of the tests match. Without it, all tests run. */
  readonly pattern?: string | undefined;
  /** Whether the tests run that take long. By default they do. */
  readonly long?: boolean;
  /** When no further test begins: the rest is skipped. Tests that are repeated begin all the same. */
  readonly until?: Date | undefined;
}

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
    check("tsc release/site", [bin("tsc"), "--noEmit", "-p", "release/site"]),
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
    ...modules.map((folder) => check(`go vet ${shown(folder)}`, ["go", "vet", tags, formats, "./..."], folder)),
    check("staticcheck", ["go", "tool", "staticcheck", tags, "./..."], provider),
    packageOrder(),
  ];
}

/**
 * Checks that the provider compiles for Windows. The other platforms of a release are much like Linux.
 *
 * It compiles all packages once more, which takes two minutes.
 */
export function windowsBuild(): Step {
  return check(
    "go build for Windows",
    ["env", "GOOS=windows", "go", "build", "-trimpath", "-o", "/dev/null", "."],
    provider,
  );
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

/** Builds the site of the documentation, which fails if a link of it leads nowhere. */
export function documentationSite(): Step {
  return check("docs", ["npm", "run", "--silent", "docs"]);
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
 * On a new lab, the tests run again that failed while a host's libvirtd ended by itself, and a few others that failed.
 *
 * Without a pattern, which is as for `go test -run`, they must have injected faults.
 */
export function acceptanceTests(lab: AcceptanceLab, { pattern, long = true, until }: Selection = {}): Step {
  return {
    name: "provider acceptance",
    async run(signal, report) {
      const run = (selection?: string, limit: Readonly<Record<string, string>> = {}) =>
        runGoTest(
          [
            tags,
            "-count=1",
            "-timeout=3h",
            ...(long ? [] : ["-short"]),
            ...(selection === undefined ? [] : ["-run", selection]),
            "./acceptance/...",
          ],
          {
            folder: provider,
            prefix: ["nsenter", `--net=${lab.fabric}`],
            environment: { ...lab.environment, ...limit },
            signal,
            onTest: report,
          },
        );
      const first = await run(pattern, until && { KVM_FLEET_TESTS_UNTIL: until.toISOString() });
      signal.throwIfAborted();
      const again = testsToRepeat(first.events);
      if (again.length > 0) {
        report(`these tests failed, and run again on a new lab: ${again.join(", ")}`);
        await lab.renew();
      }
      const ran = again.length === 0 ? testRun(first) : withRepeated(first, again, await run(`^(${again.join("|")})$`));
      return pattern === undefined ? proven(ran) : ran;
    },
  };
}

/**
 * Runs the provider's tests whose results depend most on the version of libvirt and QEMU, on hosts of two kinds.
 * A pattern is as for `go test -run`.
 */
export function kindsTests(labs: TestLabs, { pattern = KINDS_PATTERN, ...selection }: Selection = {}): Step {
  return {
    ...acceptanceTests(labs.kinds, { pattern, ...selection }),
    name: "provider acceptance on two kinds of hosts",
  };
}

/**
 * Runs the provider's tests of a host that is a virtual machine, with libvirt as Debian configures it.
 *
 * @param pattern as for `go test -run`
 */
export function deepTests(labs: TestLabs, pattern = DEEP_PATTERN): Step {
  return { ...acceptanceTests(labs.deep, { pattern }), name: "provider acceptance on a deep host" };
}

/** Fails a run that injected no faults, or in which something was lost, stuck or unseen without a failed test. */
export function proven(ran: TestRun): TestRun {
  const faults = ran.faults ?? noFaults;
  if (ran.counts.failed > 0 || (faults.tried > 0 && !isBroken(faults))) {
    return ran;
  }
  const why = faults.tried === 0 ? "the fault suite injected no fault" : `${faultsInWords(faults)}, but no test failed`;
  return { ...ran, counts: sum([ran.counts, oneFailed]), failures: [ran.failures, why].join("\n").trim() };
}

/**
 * Runs the end-to-end tests, which use the hosts of a lab as a user does. They share the hosts, so one file runs at a time.
 * A file in which a test failed runs again on a new lab, so that it does not fail the next files.
 * A pattern matches files' names.
 */
export function endToEndTests(labs: TestLabs, { pattern, long = true, until }: Selection = {}): Step {
  return {
    name: "end to end",
    run: (signal, report) => {
      const { environment, renew } = labs.endToEnd;
      const options = {
        environment: { ...environment, ...(long ? {} : { KVM_FLEET_TESTS: "short" }) },
        signal,
        onLine: report,
      };
      return runFiles(
        selectEndToEndTests(pattern),
        (file) => jest(["--runInBand", "--verbose", "--runTestsByPath", file], options),
        renew,
        signal,
        until,
      );
    },
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
  return [
    provider,
    join(checkout, "release", "tools"),
    join(checkout, "test", "policies"),
    join(checkout, "test", "s3"),
    ...foldersIn(join(checkout, "lab")).flatMap((folder) => [folder, ...foldersIn(folder)]),
  ]
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
