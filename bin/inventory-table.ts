import { type Inventory, type InventoryHost, isUnreachable } from "./pipeline/inventory";
import { table } from "./table";

/** What `status` prints: a line a VM, and one for a host that has none or can't be reached. Why it can't is for elsewhere. */
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
