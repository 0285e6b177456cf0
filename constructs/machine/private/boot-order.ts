import type { DomainDisks, DomainInterfaces } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addCheck, withPath } from "../../core/errors";

/** What a machine may boot from, each by its name. */
export interface Bootable {
  readonly disks: Readonly<Record<string, DomainDisks>>;
  readonly interfaces: Readonly<Record<string, DomainInterfaces>>;

  /** The disk of the machine's own. */
  readonly root?: string;
}

/** A machine's disks and interfaces with their places in the boot order. */
export function withBootOrder(order: readonly string[] | undefined, bootable: Bootable): Omit<Bootable, "root"> {
  const names = order?.flatMap((entry) => named(entry, bootable)) ?? byDefault(bootable);
  const place = (name: string) => (names.includes(name) ? names.indexOf(name) + 1 : undefined);
  const placed = <T>(kind: string, entries: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, { ...entry, boot: place(`${kind} ${name}`) }]),
    );
  return { disks: placed("disk", bootable.disks), interfaces: placed("interface", bootable.interfaces) };
}

/** Checks that all that is to be booted is there, once nothing more can be added. */
export function checkBootOrder(machine: IConstruct, order: readonly string[], bootable: Bootable): void {
  addCheck(machine, () =>
    order
      .filter((entry) => named(entry, bootable).length === 0)
      .map((entry) => {
        const names = [...Object.keys(bootable.disks), ...Object.keys(bootable.interfaces)];
        const fix = `write 'disk', 'cdrom', 'network', or one of '${names.join("', '")}'`;
        return withPath(machine, `'bootOrder' must name what the machine has, got '${entry}'; ${fix}`);
      }),
  );
}

/** libvirt 9.0 boots from the first disk by name, or drive, and tries no other: the root says so where it is not that. */
function byDefault({ disks, root }: Bootable): string[] {
  const comesFirst = root === undefined || Object.keys(disks).every((name) => name >= root);
  return comesFirst ? [] : [`disk ${root}`];
}

function named(entry: string, { disks, interfaces, root }: Bootable): string[] {
  const targets = Object.keys(disks);
  const drives = targets.filter((name) => disks[name]?.device === "cdrom");
  const first = root ?? targets.find((name) => !drives.includes(name));
  switch (entry) {
    case "disk":
      return first === undefined ? [] : [`disk ${first}`];
    case "cdrom":
      return drives.map((name) => `disk ${name}`);
    case "network":
      return Object.keys(interfaces).map((name) => `interface ${name}`);
    default:
      return [...(entry in disks ? [`disk ${entry}`] : []), ...(entry in interfaces ? [`interface ${entry}`] : [])];
  }
}
