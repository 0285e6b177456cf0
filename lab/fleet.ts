import fs from "node:fs";
import path from "node:path";
import { hostIndex } from "./names";
import type { LabPaths } from "./paths";

/** How guests of a lab run: on the processor itself, or emulated. */
export type Accelerator = "kvm" | "qemu";

/** The guest image that a lab offers. */
export interface LabImage {
  readonly path: string;
  readonly sha256: string;
  readonly format: "qcow2";
  /** Bytes that the guest sees. */
  readonly virtualSize: number;
}

/** Storage that every host can mount: a volume of a GlusterFS server. */
export interface LabShared {
  /** The server's address on the fabric. */
  readonly host: string;
  readonly volume: string;
}

export interface LabHost {
  readonly name: string;
  /** How this machine reaches it. */
  readonly uri: string;
  /** How the other hosts reach it. */
  readonly tcpUri: string;
  /** On the fabric. */
  readonly address: string;
  readonly netns: string;
  /** libvirtd's. */
  readonly pid: number;
}

/** A lab that is up. */
export interface Lab {
  readonly name: string;
  readonly accelerator: Accelerator;
  /** Unset when the lab was brought up without one. */
  readonly image?: LabImage;
  /** Unset when the lab has none. */
  readonly shared?: LabShared;
  readonly hosts: readonly LabHost[];
}

/** What the lab's file says, if the lab is up: the file outlives a reboot, and the lab doesn't. */
export function readFleet(paths: LabPaths): Lab | undefined {
  if (!fs.existsSync(paths.ownerFile) || !fs.existsSync(paths.fleetFile)) return undefined;
  return JSON.parse(fs.readFileSync(paths.fleetFile, "utf8")) as Lab;
}

/** The hosts that the lab has had since it was last taken down, whether or not they are up, in their order. */
export function hostsWithData(paths: LabPaths): string[] {
  if (!fs.existsSync(paths.data)) return [];
  const hosts = fs.readdirSync(paths.data).map((name) => ({ name, index: hostIndex(name) ?? -1 }));
  const known = hosts.filter(({ index }) => index >= 0);
  return known.sort((one, other) => one.index - other.index).map(({ name }) => name);
}

/** Writes the lab's file as a whole or not at all. */
export function writeFleet(paths: LabPaths, lab: Lab): void {
  const draft = path.join(paths.data, `.fleet.json.${process.pid}`);
  fs.writeFileSync(draft, `${JSON.stringify(lab, undefined, 2)}\n`);
  fs.renameSync(draft, paths.fleetFile);
}
