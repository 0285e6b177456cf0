import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { down, status, up } from "../../lab";
import { LabPaths } from "../../lab/paths";
import { inventoryTable } from "../inventory-table";
import { waitForAddresses } from "../pipeline/inventory";
import { type Project, readProject } from "../pipeline/project";
import { selectStacks, type Stack } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";
import { apply, destroy } from "../pipeline/terraform";
import { progress } from "../progress";

const stackName = "quickstart";
const hosts = 2;
const approved = { autoApprove: true };

export function addQuickstart(program: Command): void {
  program
    .command("quickstart")
    .description(
      `bring up a lab of ${hosts} hosts on this machine, and deploy stacks/${stackName}.ts to it (root only)`,
    )
    .option("--destroy", "remove all of it again")
    .action(async (options: { destroy?: boolean }) => {
      // That of the checkout: the stack is there, wherever the command is given.
      const project = readProject(join(__dirname, "..", ".."));
      await (options.destroy === true ? removeAll(project) : bringUp(project));
    });
}

async function bringUp(project: Project): Promise<void> {
  await up({ name: labName(), hosts, report: progress });
  const stacks = await synthesizeQuickstart(project);
  for (const stack of stacks) {
    await apply(stack, approved, progress);
  }
  progress("wait until every virtual machine has an address");
  const inventory = await waitForAddresses(stacks, progress);
  console.log(`
${inventoryTable(inventory)}

Try next:
  npx kvm-fleet status     what runs where, read from the hosts
  npx kvm-fleet plan       after a change to stacks/${stackName}.ts: what would become of it
  ${stacks.flatMap(consoleLogs).slice(0, 1).map(followCommand).join("")}`);
}

/** Works with what is there: a stack that is half deployed, a lab that is down or died with the machine, or nothing. */
async function removeAll(project: Project): Promise<void> {
  const lab = await status(labName());
  if (lab.up && lab.hosts.every(({ alive }) => alive)) {
    for (const stack of await synthesizeQuickstart(project)) {
      await destroy(stack, approved, progress);
    }
  } else {
    progress(`the hosts of lab '${lab.name}' are not up: nothing is to be destroyed there, only its state removed`);
  }
  // The state is kept in the lab's folder, and goes with it.
  await down({ name: labName(), report: progress });
  rmSync(project.output, { recursive: true, force: true });
  progress("nothing is left but installed packages and the installed provider");
}

async function synthesizeQuickstart(project: Project): Promise<readonly Stack[]> {
  progress("synthesize");
  return selectStacks(await synthesize(project), [stackName]);
}

/** Where this machine sees what the virtual machines print on their consoles. */
function consoleLogs(stack: Stack): readonly string[] {
  const lab = new LabPaths(labName());
  return Object.values(stack.configuration.resource?.libvirt_domain ?? {}).flatMap(({ host, serial }) =>
    serial?.log_file === undefined ? [] : [join(lab.hostData(host), serial.log_file)],
  );
}

function followCommand(log: string): string {
  return `tail -f ${relative(process.cwd(), log)}     a console, as it counts`;
}

/** The lab that the stack asks for, by the same variable. */
function labName(): string {
  return process.env.KVM_FLEET_LAB_NAME ?? "lab";
}
