import type { ModelIndex } from "./model-index";
import type { MachineNode, Violation, Zone } from "./model";

/** What bridges a separation without a packet: directories, disks and devices. */
export function sharedResourceViolations(index: ModelIndex): Violation[] {
  return [
    ...findSharedResources(index, "directory", ({ host, directories }) =>
      directories.map((path) => `${host}:${withoutTrailingSlash(path)}`),
    ),
    ...findSharedResources(index, "disk", ({ sharedDisks }) => sharedDisks),
    ...index.model.machines.flatMap((machine) => undeclaredDevices(index, machine)),
  ];
}

interface Usage {
  readonly machine: MachineNode;
  readonly zone: Zone;
}

function findSharedResources(
  index: ModelIndex,
  what: "directory" | "disk",
  of: (machine: MachineNode) => readonly string[],
): Violation[] {
  const users = new Map<string, Usage>();
  const uses = index.model.machines.flatMap((machine) =>
    index.zonesOf(machine).flatMap((zone) => of(machine).map((place) => ({ place, machine, zone }))),
  );
  const found: Violation[] = [];
  // A directory before those that are in it.
  for (const { place, machine, zone } of uses.sort((one, other) => one.place.length - other.place.length)) {
    const holder =
      what === "disk"
        ? users.get(place)
        : ancestors(place)
            .map((each) => users.get(each))
            .find(Boolean);
    if (holder === undefined) {
      users.set(place, { machine, zone });
    } else if (holder.zone !== zone && holder.machine !== machine) {
      const name = what === "disk" ? place : place.slice(machine.host.length + 1);
      found.push({
        at: machine.path,
        message:
          `a ${what} must be of one zone, got '${name}' in zone '${zone.name}', which ${holder.machine.path} of zone '${holder.zone.name}' has too; ` +
          `give each zone one of its own`,
      });
    }
  }
  return found;
}

function undeclaredDevices(index: ModelIndex, machine: MachineNode): Violation[] {
  const zones = index.zonesOf(machine);
  return machine.devices.flatMap((device) => {
    const declared = zones.some(({ uplinks }) => uplinks.includes(device));
    const names = zones.map(({ name }) => name).join("', '");
    return declared || zones.length === 0
      ? []
      : [
          {
            at: machine.path,
            message: `a device of the host must be named in 'uplinks' of the machine's zone, got '${device}' in zone '${names}'; name it there if it leads nowhere else`,
          },
        ];
  });
}

/** The path itself, and every directory that it is in. */
function ancestors(place: string): string[] {
  const parts = place.split("/");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
