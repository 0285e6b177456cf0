import { type Inventory, type InventoryHost, isUnreachable } from "./pipeline/inventory";
import { table } from "./table";

/** The table that `status` prints: a line for each VM, and a line for each host without VMs or that can't be reached. */
export function inventoryTable(inventory: Inventory): string {
  return table(["HOST", "VM", "STATE", "VCPUS", "MEMORY", "ADDRESS"], inventory.hosts.flatMap(rowsOf));
}

function rowsOf(host: InventoryHost): readonly (readonly string[])[] {
  if (isUnreachable(host)) {
    return [[host.name, "-", "unreachable"]];
  }
  if (host.domains.length === 0) {
    return [[host.name, "-", "no virtual machines"]];
  }
  return host.domains.map(({ name, state, vcpu, memory, addresses }) => [
    host.name,
    name,
    state,
    String(vcpu),
    inUnits(memory),
    addresses.join(", ") || "-",
  ]);
}

function inUnits(kibibytes: number): string {
  const mebibytes = kibibytes / 1024;
  if (!Number.isInteger(mebibytes)) {
    return `${kibibytes} KiB`;
  }
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024} GiB` : `${mebibytes} MiB`;
}
