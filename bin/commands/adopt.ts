import type { Command } from "commander";
import { Adoption } from "../adopt/adoption";
import { AppFiles } from "../adopt/app-files";
import { declaredObjects } from "../adopt/declared";
import { adoptionReport, leftText } from "../adopt/report";
import { hostsNamed, matches } from "../adopt/targets";
import { Failure } from "../failure";
import { readAdoptable } from "../pipeline/adoptable";
import { checkPrograms } from "../pipeline/check-programs";
import { readProject } from "../pipeline/project";
import { hostsOf } from "../pipeline/provider-command";
import { synthesize } from "../pipeline/synthesize";
import { progress } from "../progress";

interface Options {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly into: string;
}

export function addAdopt(program: Command): void {
  program
    .command("adopt")
    .description(
      "write the code of a stack with what hosts have, and prove with a plan that a deployment takes it over and changes nothing",
    )
    .argument("<host...>", "URIs of hosts, or names that hosts have in the app")
    .option("--only <pattern...>", "adopt only machines with these names, and what they use; '*' stands for any text")
    .option("--except <pattern...>", "leave out machines with these names")
    .option("--into <folder>", "the folder for the new files", "stacks")
    .action(async (named: string[], { only, except = [], into }: Options) => {
      const project = readProject();
      checkPrograms();
      progress("synthesize");
      const stacks = await synthesize(project);
      const addresses = hostsNamed(named, hostsOf(stacks));
      const names = Object.keys(addresses);
      const files = new AppFiles(project, into, names.length === 1 ? (names[0] ?? "") : "fleet", stacks);
      progress(`read what ${names.join(" and ")} ${names.length === 1 ? "has" : "have"}`);
      const { hosts } = await readAdoptable(stacks, addresses);
      const mute = hosts.find(({ error }) => error !== "");
      if (mute !== undefined) {
        throw new Failure(
          `host ${mute.name} can't be reached, so nothing was written: ${mute.error}; correct that, or leave the host out`,
        );
      }
      const adoption = new Adoption(project, files, hosts, {
        wants: (machine) => (only === undefined || matches(machine, only)) && !matches(machine, except),
        isPartial: only !== undefined,
        declared: new Set(declaredObjects(stacks).map(({ key }) => key)),
      });
      const adopted = await adoption.run();
      if (adopted === undefined) {
        console.log(
          [
            "nothing to adopt: the app declares it already, or it was left alone",
            ...adoption.code().left.map(leftText),
          ].join("\n"),
        );
        return;
      }
      progress(files.written);
      console.log(
        `\n${adoptionReport(adopted)}\n\nThe plan imports all of it, and changes nothing. Review the code, and run 'kvm-fleet deploy ${files.names.stack}'.`,
      );
    });
}
