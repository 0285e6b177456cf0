import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { checkout, runCommand } from "./command";
import { oneFailed, onePassed, sum } from "./counts";
import { noFaults } from "./faults";
import { goTest, type TestRun } from "./go-test";
import { jest } from "./jest";
import { DOMAIN_ORDER, DOMAIN_TEST_PACKAGES, packageOrderViolations, readPackages } from "./package-order";

/** One part of `npm test`. */
export interface Step {
  readonly name: string;
  /** @param report told how it goes, where it takes long */
  run(signal: AbortSignal, report: (line: string) => void): Promise<TestRun>;
}

const bin = (name: string): string => join(checkout, "node_modules", ".bin", name);
const provider = join(checkout, "provider");
const sourceFolders = ["bench", "bin", "constructs", "gen", "lab", "separation", "stacks", "test"];
// The provider's acceptance tests compile under this tag only, and are to be as clean as all else.
const tags = "-tags=acceptance";

/** What `npm run lint` checks, and `npm test` with it. */
export function lintChecks(): readonly Step[] {
  return [...typeScriptChecks(), ...goChecks()];
}

/** What TypeScript has to pass without a hypervisor. */
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

/** What Go has to pass without a hypervisor, in each of our modules. */
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

/** What the provider and files that are made from it have to agree on. */
export function generatedChecks(): readonly Step[] {
  return [
    check("gen:check", ["npm", "run", "--silent", "gen:check"]),
    check("examples:check", ["npm", "run", "--silent", "examples:check"]),
  ];
}

export function typeScriptUnitTests(): Step {
  const ignored = ["/node_modules/", "/test/e2e/"].flatMap((pattern) => ["--testPathIgnorePatterns", pattern]);
  // By default jest leaves a core idle: the one that Go's tests need only until Go has compiled them.
  return { name: "jest", run: (signal) => jest(["--maxWorkers=100%", ...ignored], { signal }) };
}

export function goUnitTests(): readonly Step[] {
  return goModules().map((folder) => ({
    name: `go test ${shown(folder)}`,
    // `go vet` is a step of its own.
    run: (signal) => goTest(["-vet=off", "./..."], { folder, signal }),
  }));
}

/**
 * The provider's tests on the hosts of a lab, run where the hosts' network is.
 *
 * @param faultsFile the lab on which faults are injected
 */
export function acceptanceTests(fleetFile: string, faultsFile: string, fabric: string): Step {
  return {
    name: "provider acceptance",
    async run(signal, report) {
      const ran = await goTest([tags, "-count=1", "-timeout=2h", "./acceptance/..."], {
        folder: provider,
        prefix: ["nsenter", `--net=${fabric}`],
        environment: { KVM_FLEET_LAB: fleetFile, KVM_FLEET_FAULT_LAB: faultsFile },
        signal,
        onTest: report,
      });
      return proven(ran);
    },
  };
}

/** A run that says nothing of faults, or of a loss that no test failed for, has failed all the same. */
export function proven(ran: TestRun): TestRun {
  const { injected, losses } = ran.faults ?? noFaults;
  if (ran.counts.failed > 0 || (injected > 0 && losses === 0)) {
    return ran;
  }
  const why = injected === 0 ? "the fault suite injected no fault" : "something was lost, and no test failed for it";
  return { ...ran, counts: sum([ran.counts, oneFailed]), failures: [ran.failures, why].join("\n").trim() };
}

/** What a user does, on the hosts of a lab: one file after the other, since they share them. */
export function endToEndTests(lab: string): Step {
  return {
    name: "end to end",
    run: (signal, report) =>
      jest(["--runInBand", "--verbose", "--testPathPatterns", "/test/e2e/"], {
        environment: { KVM_FLEET_LAB_NAME: lab },
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

/** The order in which the packages of a domain import each other. */
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

/** A step that ends its failures with what to do. */
function withAdvice(step: Step, advice: string): Step {
  return {
    name: step.name,
    async run(signal, report) {
      const ran = await step.run(signal, report);
      return ran.counts.failed === 0 ? ran : { ...ran, failures: `${ran.failures.trimEnd()}\n${advice}` };
    },
  };
}

/** Every Go module of ours. lab/opentofu is not: it is there for its go.mod, and builds somebody else's program. */
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
