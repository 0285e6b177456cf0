import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Host } from "./host";
import { CHECKOUT } from "./paths";

/** Where libvirt keeps what it found out about each QEMU binary, on a host. */
const LIBVIRT_CACHE = "/var/cache/libvirt/qemu/capabilities";

/** What libvirt's findings depend on, the kernel aside. */
const BINARIES = ["/usr/bin/qemu-system-x86_64", "/usr/bin/qemu-system-aarch64", "/usr/sbin/libvirtd"];

/**
 * What libvirt knows of this machine's QEMU binaries, found out once and given to every host.
 *
 * Finding out takes a libvirtd 4 to 8 seconds of a core, on its first call that asks. libvirt itself checks whether a
 * cached finding still holds, so an old one costs time but does no harm.
 */
export class Capabilities {
  private readonly store = path.join(CHECKOUT, ".cache", "libvirt-capabilities", machineKey());

  get known(): boolean {
    return fs.existsSync(this.store);
  }

  /** Gives a host, whose libvirtd has not started, what is known. */
  copyTo(hostData: string): void {
    if (this.known) fs.cpSync(this.store, path.join(hostData, LIBVIRT_CACHE), { recursive: true, force: false });
  }

  /** Has a host find out, and keeps it for all. */
  async learnFrom(host: Host, hostData: string): Promise<void> {
    await host.probeEmulators();
    const draft = `${this.store}.${process.pid}`;
    fs.cpSync(path.join(hostData, LIBVIRT_CACHE), draft, { recursive: true });
    fs.renameSync(draft, this.store);
  }
}

function machineKey(): string {
  const changed = BINARIES.filter((it) => fs.existsSync(it)).map((it) => fs.statSync(it).ctimeMs);
  return createHash("sha256")
    .update(JSON.stringify([changed, os.release(), os.version()]))
    .digest("hex")
    .slice(0, 16);
}
