import type { DomainDisks, DomainInterfaces } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addCheck, withPath } from "../../core/errors";

/** The devices that a machine can boot from, by name. */
export interface BootDevices {
  readonly disks: Readonly<Record<string, DomainDisks>>;
  readonly interfaces: Readonly<Record<string, DomainInterfaces>>;

  /** Target of the machine's own disk. */
  readonly root?: string;
}

/** Adds the boot order to a machine's disks and interfaces. */
export function withBootOrder(order: readonly string[] | undefined, devices: BootDevices): Omit<BootDevices, "root"> {
  const names = order?.flatMap((entry) => devicesOf(entry, devices)) ?? defaultOrder(devices);
  const place = (name: string) => (names.includes(name) ? names.indexOf(name) + 1 : undefined);
  const placed = <T>(kind: string, entries: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, { ...entry, boot: place(`${kind} ${name}`) }]),
    );
  return { disks: placed("disk", devices.disks), interfaces: placed("interface", devices.interfaces) };
}

/** Checks, at synthesis, that the machine has every device in its boot order: drives can be added until then. */
export function checkBootOrder(machine: IConstruct, order: readonly string[], devices: BootDevices): void {
  addCheck(machine, () => {
    const choices = ["disk", "cdrom", "network", ...Object.keys(devices.disks), ...Object.keys(devices.interfaces)];
    const known = choices.filter((entry) => devicesOf(entry, devices).length > 0);
    return order
      .filter((entry) => !known.includes(entry))
      .map((entry) => {
        const allowed = known.length > 0 ? `one of '${known.join("', '")}'` : "empty for a machine without devices";
        return withPath(machine, `'bootOrder' must be ${allowed}, got '${entry}'; correct it, or add the device`);
      });
  });
}

/**
 * The default boot order: the machine's own disk, if it is not the first by target.
 *
 * Without a boot order libvirt 9.0 boots from the first disk or drive by target, and tries no other.
 */
function defaultOrder({ disks, root }: BootDevices): string[] {
  const comesFirst = root === undefined || Object.keys(disks).every((name) => name >= root);
  return comesFirst ? [] : [`disk ${root}`];
}

function devicesOf(entry: string, { disks, interfaces, root }: BootDevices): string[] {
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
