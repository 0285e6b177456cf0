import type { MachineNode, Violation, Zone } from "./model";
import type { ModelIndex } from "./model-index";

/** Finds directories, disks and devices that connect zones without any network traffic. */
export function sharedResourceViolations(index: ModelIndex): Violation[] {
  return [
    ...findSharedResources(index, "directory", ({ host, directories }) =>
      directories.map((path) => `${host}:${withoutTrailingSlash(path)}`),
    ),
    ...findSharedResources(index, "disk", ({ sharedDisks }) => sharedDisks),
    ...index.model.machines.flatMap((machine) => undeclaredDevices(index, machine)),
  ];
}

/** A machine that uses a resource, and one of its zones. */
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
  // Shorter paths first: a directory comes before its subdirectories.
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
          `a ${what} must be used in one zone only, got '${name}' in zone '${zone.name}', ` +
          `which is already used by ${holder.machine.path} in zone '${holder.zone.name}'; give each zone its own`,
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
            message: `a host device must be listed in 'uplinks' of the machine's zone, got '${device}' in zone '${names}'; add it there if it leads nowhere else`,
          },
        ];
  });
}

/** The path itself, and all its parent directories. */
function ancestors(place: string): string[] {
  const parts = place.split("/");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
