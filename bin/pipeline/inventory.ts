import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../failure";
import { hostsOf, runProviderCommand } from "./provider-command";
import { checkShape } from "./shape";
import type { Stack } from "./stacks";

/** The virtual machines of the fleet, as its hosts report them. */
export interface Inventory {
  readonly hosts: readonly InventoryHost[];
}

export interface InventoryHost {
  readonly name: string;
  readonly uri: string;
  /** Why the host could not be reached; empty where it answered. */
  readonly error: string;
  readonly domains: readonly InventoryDomain[];
}

export interface InventoryDomain {
  readonly name: string;
  readonly uuid: string;
  readonly state: string;
  readonly vcpu: number;
  /** In KiB. */
  readonly memory: number;
  readonly addresses: readonly string[];
}

export function isUnreachable(host: InventoryHost): boolean {
  return host.error !== "";
}

/**
 * Queries the hosts in the provider blocks of these stacks.
 *
 * @param only names of the hosts (default: all hosts)
 */
export async function readInventory(stacks: readonly Stack[], only?: readonly string[]): Promise<Inventory> {
  const all = Object.entries(hostsOf(stacks));
  const hosts = Object.fromEntries(all.filter(([name]) => only === undefined || only.includes(name)));
  if (Object.keys(hosts).length === 0) {
    return { hosts: [] };
  }
  return parseInventory(await runProviderCommand(stacks, "inventory", "read the inventory", { hosts }));
}

/** Checks the inventory that the provider reports. */
export function parseInventory(value: unknown): Inventory {
  const object = { name: "string", active: "boolean" } as const;
  checkShape(value, {
    hosts: [
      {
        name: "string",
        uri: "string",
        error: "string",
        domains: [
          { name: "string", uuid: "string", state: "string", vcpu: "number", memory: "number", addresses: ["string"] },
        ],
        networks: [object],
        pools: [object],
      },
    ],
  });
  return value as Inventory;
}

/** How long a guest may take to boot and get an address. A guest without hardware acceleration is slow. */
const addressDeadline = 300_000;
const pollInterval = 1_000;

/**
 * Waits until every running VM on these stacks' hosts has an address.
 *
 * @param report called once for each VM, when it has an address
 */
export async function waitForAddresses(stacks: readonly Stack[], report: (line: string) => void): Promise<Inventory> {
  const deadline = Date.now() + addressDeadline;
  const reported = new Set<string>();
  for (;;) {
    const inventory = await readInventory(stacks);
    const unreachable = inventory.hosts.find(isUnreachable);
    if (unreachable !== undefined) {
      throw new Failure(`host ${unreachable.name} can't be reached: ${unreachable.error}`);
    }
    const running = inventory.hosts.flatMap(({ name, domains }) =>
      domains.filter(({ state }) => state === "running").map((domain) => ({ at: `${name}/${domain.name}`, domain })),
    );
    for (const { at, domain } of running) {
      if (domain.addresses.length > 0 && !reported.has(at)) {
        reported.add(at);
        report(`${at} has ${domain.addresses.join(", ")}`);
      }
    }
    const waiting = running.filter(({ at }) => !reported.has(at)).map(({ at }) => at);
    if (waiting.length === 0) {
      return inventory;
    }
    if (Date.now() > deadline) {
      throw new Failure(
        `${waiting.join(", ")} had no address after ${addressDeadline / 1000} s; look at the console with 'virsh console'`,
      );
    }
    await pause(pollInterval);
  }
}
