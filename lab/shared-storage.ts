import fs from "node:fs";
import path from "node:path";
import { run } from "./command";
import { endProcesses } from "./end-processes";
import { FABRIC_ADDRESS } from "./fabric";
import type { LabShared } from "./fleet";
import { processesInNetns } from "./netns";
import { type LabPaths, NETNS_DIRECTORY } from "./paths";

const VOLUME = "shared";

/** The processes of a working server: the management daemon and the process that serves the volume. */
const DAEMONS = ["glusterd", "glusterfsd"];

/**
 * Storage that every host of a lab can mount: a GlusterFS server on the fabric.
 *
 * GlusterFS is the only kind of shared storage that needs only FUSE from the kernel and that libvirt treats as shared: a
 * migration of its guests copies only their memory.
 */
export class SharedStorage {
  constructor(private readonly paths: LabPaths) {}

  /** Whether the lab has had shared storage since it was last taken down. */
  get isThere(): boolean {
    return fs.existsSync(this.paths.sharedData);
  }

  /** Returns its entry in the lab's file. */
  describe(): LabShared {
    return { host: FABRIC_ADDRESS, volume: VOLUME };
  }

  /** Starts the server and creates its volume. The fabric must be up. @returns false if both already exist */
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
