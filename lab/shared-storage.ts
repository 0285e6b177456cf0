import fs from "node:fs";
import path from "node:path";
import { run } from "./command";
import { endProcesses } from "./end-processes";
import { FABRIC_ADDRESS } from "./fabric";
import type { LabShared } from "./fleet";
import { processesInNetns } from "./netns";
import { type LabPaths, NETNS_DIRECTORY } from "./paths";

const VOLUME = "shared";

/** The processes of a working server: the management daemon and the one that serves the volume. */
const DAEMONS = ["glusterd", "glusterfsd"];

/**
 * Storage that every host of a lab can mount: a GlusterFS server on the fabric.
 *
 * Of all kinds of shared storage, only this one needs no part of the kernel but FUSE and is shared storage to libvirt: a
 * migration of its guests copies only their memory.
 */
export class SharedStorage {
  constructor(private readonly paths: LabPaths) {}

  /** Whether the lab has shared storage since it was last taken down. */
  get isThere(): boolean {
    return fs.existsSync(this.paths.sharedData);
  }

  /** Its entry in the lab's file. */
  describe(): LabShared {
    return { host: FABRIC_ADDRESS, volume: VOLUME };
  }

  /** Starts the server and makes its volume. The fabric must be up. @returns false if they exist already */
  async up(): Promise<boolean> {
    if (this.runs()) return false;
    await endProcesses("the shared storage", () => this.processes());
    await run(path.join(__dirname, "shared-storage.sh"), ["create"], {
      variables: {
        DATA: this.paths.sharedData,
        NETNS: path.join(NETNS_DIRECTORY, this.paths.fabricNetns),
        ADDRESS: FABRIC_ADDRESS,
        VOLUME,
      },
    });
    return true;
  }

  private runs(): boolean {
    const running = new Set(this.processes().map(nameOf));
    return DAEMONS.every((name) => running.has(name));
  }

  private processes(): number[] {
    return processesInNetns(this.paths.fabricNetns).filter((pid) => DAEMONS.includes(nameOf(pid)));
  }
}

function nameOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
