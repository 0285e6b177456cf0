/**
 * Runs every test there is, and ends with one line that counts them all.
 *
 *     tsx test/run-all.ts          lint, unit tests, and on a lab of its own acceptance and end-to-end tests
 *     tsx test/run-all.ts --unit   unit tests alone
 */
import { getuid } from "node:process";
import { parseArgs } from "node:util";
import { down, up } from "../lab";
import { LabPaths } from "../lab/paths";
import { type Counts, inWords, none, oneFailed, oneSkipped, sum } from "./runner/counts";
import { type Faults, faultsInWords, sumFaults } from "./runner/faults";
import * as steps from "./runner/steps";

const labName = "test";
const labHosts = 2;
/** Where the provider's tests cut, kill and fill up what they find: libvirtd dies of it now and then. */
const faultLabName = "faults";

async function main(signal: AbortSignal): Promise<Counts> {
  const { values } = parseArgs({ options: { unit: { type: "boolean" } } });
  if (values.unit === true) {
    return inParallel([[steps.typeScriptUnitTests()], steps.goUnitTests()], signal);
  }
  // Two lanes for two cores; what boots guests comes after what compiles.
  const typeScript = [...steps.typeScriptChecks(), steps.typeScriptUnitTests()];
  const go = [...steps.goUnitTests(), ...steps.goChecks(), ...steps.generatedChecks()];
  return sum([await inParallel([typeScript, go], signal), await onLab(signal)]);
}

async function onLab(signal: AbortSignal): Promise<Counts> {
  const paths = new LabPaths(labName);
  const faults = new LabPaths(faultLabName);
  const all = [
    steps.acceptanceTests(paths.fleetFile, faults.fleetFile, `/run/netns/${paths.fabricNetns}`),
    steps.endToEndTests(labName),
  ];
  if (getuid?.() !== 0 && process.env.CI !== "true") {
    const names = all.map(({ name }) => `'${name}'`).join(" and ");
    console.log(`skipped: ${names} need a lab, and only root can bring one up; run 'sudo npm test'`);
    return sum(all.map(() => oneSkipped));
  }
  try {
    await up({ name: labName, hosts: labHosts, shared: true, report: progress });
    await up({ name: faultLabName, hosts: 1, image: false, report: progress });
  } catch (error) {
    console.error(`the labs for the tests did not come up: ${error instanceof Error ? error.message : String(error)}`);
    await bringDown();
    return sum(all.map(() => oneFailed));
  }
  try {
    return await inSequence(all, signal);
  } finally {
    await bringDown();
  }
}

async function bringDown(): Promise<void> {
  await down({ name: faultLabName, report: progress });
  await down({ name: labName, report: progress });
}

async function inParallel(lanes: readonly (readonly steps.Step[])[], signal: AbortSignal): Promise<Counts> {
  return sum(await Promise.all(lanes.map((lane) => inSequence(lane, signal))));
}

async function inSequence(lane: readonly steps.Step[], signal: AbortSignal): Promise<Counts> {
  let total = none;
  for (const step of lane) {
    signal.throwIfAborted();
    total = sum([total, await runStep(step, signal)]);
  }
  return total;
}

async function runStep(step: steps.Step, signal: AbortSignal): Promise<Counts> {
  progress(step.name);
  const began = Date.now();
  const { counts, failures, faults } = await step.run(signal, (line) => {
    console.log(`    ${line}`);
  });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (failures !== "") {
    console.log(failures);
  }
  if (faults !== undefined) {
    allFaults.push(faults);
  }
  progress(`${step.name}: ${inWords(counts)} (${seconds} s)`);
  return counts;
}

function progress(line: string): void {
  console.log(`==> ${line}`);
}

const allFaults: Faults[] = [];
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted.abort(new Error(`interrupted by ${signal}`));
  });
}
main(interrupted.signal).then(
  (counts) => {
    const faults = sumFaults(allFaults);
    if (faults.injected > 0) {
      console.log(faultsInWords(faults));
    }
    console.log(inWords(counts));
    process.exitCode = counts.failed > 0 ? 1 : 0;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
