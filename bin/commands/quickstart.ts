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
      `start a lab of ${hosts} hosts on this machine, and deploy stacks/${stackName}.ts to it (requires root)`,
    )
    .option("--destroy", "remove the stack and the lab again")
    .action(async (options: { destroy?: boolean }) => {
      // The stack is in the checkout, whatever the current folder is.
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
  progress("wait for an address of every virtual machine");
  const inventory = await waitForAddresses(stacks, progress);
  console.log(`
${inventoryTable(inventory)}

Try next:
  npx kvm-fleet status     which VM runs on which host
  npx kvm-fleet plan       after a change to stacks/${stackName}.ts: what a deploy would change
  ${stacks.flatMap(consoleLogs).slice(0, 1).map(followCommand).join("")}`);
}

/** Also works for a stack that is deployed in part, and for a lab that is down or was lost in a reboot. */
async function removeAll(project: Project): Promise<void> {
  const lab = await status(labName());
  if (lab.up && lab.hosts.every(({ alive }) => alive)) {
    for (const stack of await synthesizeQuickstart(project)) {
      await destroy(stack, approved, progress);
    }
  } else {
    progress(`the hosts of lab '${lab.name}' are not up: there is nothing to destroy, only the state is removed`);
  }
  // The state is in the folder of the lab, which this removes.
  await down({ name: labName(), report: progress });
  rmSync(project.output, { recursive: true, force: true });
  progress("removed everything except the installed packages and the installed provider");
}

async function synthesizeQuickstart(project: Project): Promise<readonly Stack[]> {
  progress("synthesize");
  return selectStacks(await synthesize(project), [stackName]);
}

/** The log files on this machine of the virtual machines' serial consoles. */
function consoleLogs(stack: Stack): readonly string[] {
  const lab = new LabPaths(labName());
  return Object.values(stack.configuration.resource?.libvirt_domain ?? {}).flatMap(({ host, serial }) =>
    serial?.log_file === undefined ? [] : [join(lab.hostData(host), serial.log_file)],
  );
}

function followCommand(log: string): string {
  return `tail -f ${relative(process.cwd(), log)}     the console of a VM that counts`;
}

/** The name of the lab. stacks/quickstart.ts reads the same variable. */
function labName(): string {
  return process.env.KVM_FLEET_LAB_NAME ?? "lab";
}
