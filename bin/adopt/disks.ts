import type { AdoptableDomain, AdoptableVolume, Attributes } from "../pipeline/adoptable";
import { entriesOf, flag, group, number, text } from "./attributes";
import { Expression, type Value, Varying } from "./code";
import { keyOf } from "./part";
import type { Site, UsedVolume } from "./site";
import { ownSize } from "./volumes";

/** The disks of a machine, as far as its properties can say them. */
export interface MachineDisks {
  /** The volume of its own disk. */
  readonly root?: AdoptableVolume;
  readonly rootTarget?: string;
  readonly props: Readonly<Record<string, Value | undefined>>;
}

/** The beginning of the name of a disk, by its bus. */
const prefixes: Readonly<Record<string, string>> = { virtio: "vd", sata: "sd", scsi: "sd", usb: "sd", ide: "hd" };

/** The properties for the disks of a machine. What they cannot say is left out. */
export function machineDisks(domain: AdoptableDomain, parts: Site): MachineDisks {
  const disks = entriesOf(domain.object.config, "disks").filter(([target, disk]) => isKnown(target, disk));
  const root = disks.find(
    ([target, disk]) => target.endsWith("a") && target.length === 3 && rootVolume(disk, parts) !== undefined,
  );
  const others = disks.filter((disk) => disk !== root);
  const cdroms = others.flatMap(([target, disk]) =>
    text(disk, "device") === "cdrom" ? cdrom(target, disk, parts) : [],
  );
  const more = others.flatMap(([target, disk]) =>
    text(disk, "device") === undefined ? attachment(target, disk, parts) : [],
  );
  return {
    root: root && rootVolume(root[1], parts),
    rootTarget: root?.[0],
    props: {
      ...(root && rootProps(domain.object.name, root[1], parts)),
      disks: more.length === 0 ? undefined : more,
      cdroms: cdroms.length === 0 ? undefined : cdroms,
    },
  };
}

function isKnown(target: string, disk: Attributes): boolean {
  const prefix = prefixes[text(disk, "bus") ?? "virtio"];
  return prefix !== undefined && new RegExp(`^${prefix}[a-z]{1,2}$`).test(target);
}

/** The volume of a disk that belongs to its machine alone; undefined where there is none. */
function rootVolume(disk: Attributes, parts: Site): AdoptableVolume | undefined {
  const file = text(disk, "file");
  const volume = file === undefined ? undefined : parts.volumeAt(file);
  if (file === undefined || volume === undefined || text(disk, "device") !== undefined) return undefined;
  const { object, pool } = volume;
  const isOwn =
    parts.adopts(keyOf("libvirt_volume", object.id), object) &&
    text(object.config, "format") === undefined &&
    object.config.encryption === undefined &&
    usersOf(file, parts) === 1;
  return isOwn && parts.pool(pool)?.storesFiles === true ? volume : undefined;
}

/** How many disks and volumes of the host use a file. */
function usersOf(file: string, { host }: Site): number {
  const disks = host.domains.flatMap(({ object }) => entriesOf(object.config, "disks"));
  const clones = host.volumes.filter(({ object }) => text(group(object.config, "backing_store"), "path") === file);
  return disks.filter(([, disk]) => text(disk, "file") === file).length + clones.length;
}

function rootProps(machine: string, disk: Attributes, parts: Site): Record<string, Value | undefined> {
  const volume = rootVolume(disk, parts);
  if (volume === undefined) return {};
  const { name, config } = volume.object;
  const below = text(group(config, "backing_store"), "path");
  const image: UsedVolume | undefined = below === undefined ? undefined : parts.volume(below, true);
  const pool = parts.pool(volume.pool)?.variable ?? "";
  const isInPoolOfImage = image !== undefined && image.volume.pool === volume.pool;
  const isNamedAsUsual = name === `${machine}.qcow2`;
  return {
    image: image && new Expression(image.variable),
    pool: isInPoolOfImage ? undefined : new Expression(pool),
    // Without an image, the machine has a disk of its own only where a size is stated.
    diskSize: ownSize(config, image),
    diskName: isNamedAsUsual ? undefined : new Varying("diskName", name),
    diskBus: text(disk, "bus"),
    diskCache: text(disk, "cache"),
    diskOptions: options(disk, false),
  };
}

function attachment(target: string, disk: Attributes, parts: Site): readonly Value[] {
  const [file, device] = [text(disk, "file"), text(group(disk, "source"), "block")];
  const volume = file === undefined ? undefined : parts.volume(file, true);
  const others = { target, bus: text(disk, "bus"), cache: text(disk, "cache"), options: options(disk, true) };
  if (volume !== undefined) return [{ volume: new Expression(volume.variable), ...others }];
  if (device === undefined) return [];
  const source = new Expression(`Disk.device(${JSON.stringify(device)})`, ["Disk"]);
  return [{ source, format: text(disk, "format"), ...others }];
}

function cdrom(target: string, disk: Attributes, parts: Site): readonly Value[] {
  const [file, bus] = [text(disk, "file"), text(disk, "bus")];
  if (bus === undefined) return [];
  const drive = { bus: bus === "sata" ? undefined : bus, target };
  if (file === undefined) return disk.source === undefined ? [drive] : [];
  const medium = parts.volume(file, false);
  return medium === undefined ? [] : [{ medium: new Expression(medium.variable), ...drive }];
}

function options(disk: Attributes, isFurther: boolean): Record<string, Value | undefined> | undefined {
  const own = group(disk, "options");
  const made = {
    io: text(own, "io"),
    discard: own.discard === "unmap" ? true : undefined,
    detectZeroes: own.detect_zeroes === "on" || own.detect_zeroes === "unmap" ? true : undefined,
    queues: number(own, "queues"),
    ioThread: number(own, "iothread"),
    serial: text(own, "serial"),
    readOnly: isFurther ? flag(own, "read_only") : undefined,
    shared: isFurther ? flag(own, "shareable") : undefined,
  };
  return Object.values(made).some((value) => value !== undefined) ? made : undefined;
}
