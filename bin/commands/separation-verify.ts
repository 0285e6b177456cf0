import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { analyze, evaluate, isAddressOrCidr, type Model, planProbes } from "../../separation";
import { exitCodes, Failure, UsageFailure } from "../failure";
import { probe } from "../pipeline/probe";
import { readProject } from "../pipeline/project";
import { readSeparated } from "../pipeline/separation";
import { progress } from "../progress";
import { problemLines, verificationLines, verificationMarkdown, verificationOf } from "../separation/verification";

interface Options {
  readonly for?: string;
  readonly maxPause?: string;
  readonly all?: boolean;
  readonly outside?: string;
  readonly markdown?: string;
  readonly json?: string;
}

export function addVerify(separation: Command): void {
  separation
    .command("verify")
    .description(
      "send allowed and forbidden packets between the guests, and compare what arrives with the policy; exit code 1 if they " +
        "differ, or if a machine could not be probed",
    )
    .argument("[machine...]", "limit the probes to these machines, by name or path (default: all machines)")
    .option("--for <seconds>", "repeat for that long, such as '60s', while you change something; Ctrl-C ends it early")
    .option("--max-pause <seconds>", "how long an allowed flow may be without an answer meanwhile (default: 10s)")
    .option("--all", "probe every machine; in a large fleet, the default is two machines of each role")
    .option("--outside <address>", "an address outside the fleet that answers on the ports that the policy allows")
    .option("--markdown <file>", "write the report in Markdown, for a pull request")
    .option("--json <file>", "write the report in JSON")
    .action(async (machines: string[], _options: Options, command: Command) => {
      // 'separation' has options of the same names, and commander would give them to it alone.
      const options = command.optsWithGlobals<Options>();
      const seconds = secondsOf("--for", options.for) ?? 0;
      const maxPause = secondsOf("--max-pause", options.maxPause);
      if (maxPause !== undefined && seconds === 0) {
        throw new UsageFailure("'--max-pause' needs '--for': what is sent once has no pause");
      }
      checkOutside(options.outside);
      const { model, stacks } = await readSeparated(readProject());
      const analysis = analyze(model);
      if (analysis.violations.length > 0 || stacks.length === 0) {
        throw new Failure(
          "the app violates its policy, so it cannot be what is deployed; 'kvm-fleet separation' lists the violations",
        );
      }
      checkMachines(model, machines);
      const { all, outside } = options;
      const plan = planProbes(model, { all, only: machines, seconds, maxPause, outside });
      const { machines: asked, flows, frames } = plan.request;
      progress(`${asked.length} machines: ${flows.length} connections and ${frames.length} kinds of forged frames`);
      const report = await probe(stacks, plan.request);
      const verification = verificationOf(analysis, plan, evaluate(model, analysis.cells, plan, report), report);
      console.log(verificationLines(verification).join("\n"));
      for (const line of problemLines(verification)) {
        console.error(`kvm-fleet: ${line}`);
      }
      if (options.markdown !== undefined) writeFileSync(options.markdown, verificationMarkdown(verification));
      if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(verification, undefined, 2)}\n`);
      process.exitCode = verification.verified ? exitCodes.done : exitCodes.failed;
    });
}

function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number] = /^([1-9]\d{0,4})s?$/.exec(text) ?? [];
  if (number === undefined) {
    throw new UsageFailure(`'${option}' must be 1 to 99999 seconds, got '${text}'; write it like '60s'`);
  }
  return Number(number);
}

function checkOutside(address: string | undefined): void {
  if (address !== undefined && (!isAddressOrCidr(address) || address.includes("/"))) {
    throw new UsageFailure(`'--outside' must be an IPv4 or IPv6 address, got '${address}'; name one that answers`);
  }
}

function checkMachines({ machines }: Model, named: readonly string[]): void {
  const unknown = named.find((each) => !machines.some(({ name, path }) => name === each || path === each));
  if (unknown !== undefined) {
    throw new Failure(
      `no machine is named '${unknown}'; the machines are ${machines.map(({ name }) => name).join(", ") || "none"}`,
    );
  }
}
