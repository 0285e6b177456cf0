import path from "node:path";
import type { LabHost, LabShared } from "../lab";
import { virsh } from "./virsh";

/** A pool with one name on several hosts. Each host has its own storage, or all hosts share one storage. */
export class Storage {
  private constructor(
    readonly pool: string,
    private readonly hosts: readonly LabHost[],
    readonly shared: boolean,
  ) {}

  static async of(pool: string, hosts: readonly LabHost[], shared?: LabShared): Promise<Storage> {
    const storage = new Storage(pool, hosts, shared !== undefined);
    const source = shared
      ? ["netfs", "--source-host", shared.host, "--source-path", shared.volume, "--source-format", "glusterfs"]
      : ["dir"];
    for (const host of hosts) {
      await virsh(host, "pool-create-as", pool, ...source, "--build", "--target", storage.folder);
    }
    return storage;
  }

  /** Returns the path of a volume, which is the same on every host. */
  file(volume: string): string {
    return path.join(this.folder, volume);
  }

  /** Creates an empty volume. */
  async make(host: LabHost, volume: string, size: number): Promise<void> {
    await virsh(host, "vol-create-as", this.pool, volume, String(size), "--allocation", "0", "--format", "raw");
  }

  /** Creates a volume with the content of an image. */
  async fill(host: LabHost, volume: string, image: string, size: number): Promise<void> {
    await this.make(host, volume, size);
    await virsh(host, "vol-upload", "--pool", this.pool, volume, image);
  }

  async remove(host: LabHost, volume: string): Promise<void> {
    await virsh(host, "vol-delete", "--pool", this.pool, volume);
  }

  async end(): Promise<void> {
    for (const host of this.hosts) await virsh(host, "pool-destroy", this.pool);
  }

  private get folder(): string {
    return path.join("/var/lib/libvirt", this.pool);
  }
}
