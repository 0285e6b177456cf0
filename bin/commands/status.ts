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
    .description("show what runs where, read from the stacks' hosts; exit code 1 where one can't be reached")
    .argument("[stack...]", "names of the stacks; all of them if left out")
    .option("--json", "as JSON")
    .action(async (names: string[], options: { json?: boolean }) => {
      const inventory = await readInventory(selectStacks(await synthesize(readProject()), names));
      console.log(options.json === true ? JSON.stringify(inventory, undefined, 2) : inventoryTable(inventory));
      for (const { name, error } of inventory.hosts.filter(isUnreachable)) {
        console.error(`kvm-fleet: host ${name} can't be reached: ${error}`);
        process.exitCode = exitCodes.failed;
      }
    });
}
