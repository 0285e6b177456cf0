import type { Command } from "commander";
import type { HostFacts } from "../../placement";
import { exitCodes } from "../failure";
import { askFacts, FACTS_FILE, readFacts, writeFacts } from "../pipeline/host-facts";
import { readDeclared } from "../pipeline/placement";
import { readProject } from "../pipeline/project";
import { progress } from "../progress";
import { table } from "../table";

export function addHosts(program: Command): void {
  program
    .command("hosts")
    .description("show what the hosts have for machines; exit code 1 if a host can't be reached")
    .option("--write", `write it to ${FACTS_FILE}, which 'kvm-fleet place' reads`)
    .action(async (options: { write?: boolean }) => {
      const project = readProject();
      const { stacks } = await readDeclared(project);
      const answers = await askFacts(stacks);
      const answered = answers.filter(({ error }) => error === "");
      console.log(table(["HOST", "ARCHITECTURE", "CPUS", "MEMORY", "NUMA NODES", "HUGE PAGES"], answered.map(rowOf)));
      if (options.write === true) {
        // A host that does not answer now keeps the facts that it had. One that the app no longer has is left out.
        const before = readFacts(project);
        const facts = answers.flatMap(({ name, error, facts: own }) => {
          const known = error === "" ? own : before.get(name);
          return known === undefined ? [] : [[name, known] as const];
        });
        writeFacts(project, new Map(facts));
        progress(`wrote ${FACTS_FILE}; review and commit it`);
      }
      for (const { name, error } of answers.filter((answer) => answer.error !== "")) {
        console.error(`kvm-fleet: host ${name} can't be reached: ${error}`);
        process.exitCode = exitCodes.failed;
      }
    });
}

function rowOf({ name, facts }: { readonly name: string; readonly facts: HostFacts }): string[] {
  const { arch, cpus, memory, cells } = facts;
  const pages = new Map<number, number>();
  for (const { size, count } of cells.flatMap((cell) => cell.pages)) pages.set(size, (pages.get(size) ?? 0) + count);
  const huge = [...pages].filter(([, number]) => number > 0).map(([size, number]) => `${number} x ${size} KiB`);
  const gibibytes = `${(memory / (1 << 20)).toFixed(1)} GiB`;
  return [name, arch, String(cpus), gibibytes, String(cells.length), huge.join(", ") || "-"];
}
