import type { Command } from "commander";
import { exitCodes } from "../failure";
import { inventoryTable } from "../inventory-table";
import { isUnreachable, readInventory } from "../pipeline/inventory";
import { readProject } from "../pipeline/project";
import { selectStacks } from "../pipeline/stacks";
import { synthesize } from "../pipeline/synthesize";

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show which VM runs on which host, as the hosts report it; exit code 1 if a host can't be reached")
    .argument("[stack...]", "names of stacks (default: all stacks)")
    .option("--json", "print JSON")
    .action(async (names: string[], options: { json?: boolean }) => {
      const inventory = await readInventory(selectStacks(await synthesize(readProject()), names));
      console.log(options.json === true ? JSON.stringify(inventory, undefined, 2) : inventoryTable(inventory));
      for (const { name, error } of inventory.hosts.filter(isUnreachable)) {
        console.error(`kvm-fleet: host ${name} can't be reached: ${error}`);
        process.exitCode = exitCodes.failed;
      }
    });
}
