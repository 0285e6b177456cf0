import fs from "node:fs";
import path from "node:path";
import type { HostKind } from "./host-kind";
import { hostIndex } from "./names";
import type { LabPaths } from "./paths";

/** How guests of a lab run: on the processor or emulated. */
export type Accelerator = "kvm" | "qemu";

/** The guest image that a lab offers. */
export interface LabImage {
  readonly path: string;
  readonly sha256: string;
  readonly format: "qcow2";
  /** The size of the disk that the guest sees, in bytes. */
  readonly virtualSize: number;
}

/** Storage that every host can mount: a GlusterFS volume. */
export interface LabShared {
  /** The server's address on the fabric. */
  readonly host: string;
  readonly volume: string;
}

export interface LabHost {
  readonly name: string;
  readonly kind: HostKind;
  /** The URI through which this machine reaches it. */
  readonly uri: string;
  /** The URI through which the other hosts reach it. */
  readonly tcpUri: string;
  /** The URI through which everything on the fabric reaches it by SSH. Unset unless it is a virtual machine. */
  readonly sshUri?: string;
  /** Its address on the fabric. */
  readonly address: string;
  readonly netns: string;
  /** The process id of its libvirtd, or of its QEMU if it is a virtual machine. */
  readonly pid: number;
}

/** A lab that is up. */
export interface Lab {
  readonly name: string;
  readonly accelerator: Accelerator;
  /** Unset if the lab was brought up without an image. */
  readonly image?: LabImage;
  /** Unset if the lab has no shared storage. */
  readonly shared?: LabShared;
  readonly hosts: readonly LabHost[];
}

/** Reads the lab's file, if the lab is up. The file survives a reboot, but the lab does not. */
export function readFleet(paths: LabPaths): Lab | undefined {
  if (!fs.existsSync(paths.ownerFile) || !fs.existsSync(paths.fleetFile)) return undefined;
  return JSON.parse(fs.readFileSync(paths.fleetFile, "utf8")) as Lab;
}

/** Returns all hosts that the lab has had since it was last taken down, whether up or not, in their order. */
export function hostsWithData(paths: LabPaths): string[] {
  if (!fs.existsSync(paths.data)) return [];
  const hosts = fs.readdirSync(paths.data).map((name) => ({ name, index: hostIndex(name) ?? -1 }));
  const known = hosts.filter(({ index }) => index >= 0);
  return known.sort((one, other) => one.index - other.index).map(({ name }) => name);
}

/** Writes the lab's file atomically. */
export function writeFleet(paths: LabPaths, lab: Lab): void {
  const draft = path.join(paths.data, `.fleet.json.${process.pid}`);
  fs.writeFileSync(draft, `${JSON.stringify(lab, undefined, 2)}\n`);
  fs.renameSync(draft, paths.fleetFile);
}
