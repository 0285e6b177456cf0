import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { kvmDevice } from "./accelerator";
import { digest } from "./guest/cache";
import type { Host } from "./host";
import { CHECKOUT } from "./paths";

/** Where libvirt keeps what it found out about each QEMU binary, on a host. */
const LIBVIRT_CACHE = "/var/cache/libvirt/qemu/capabilities";

/** The programs that libvirt's findings depend on. They also depend on the kernel and on /dev/kvm. */
const BINARIES = ["/usr/bin/qemu-system-x86_64", "/usr/bin/qemu-system-aarch64", "/usr/sbin/libvirtd"];

/**
 * What libvirt knows about this machine's QEMU binaries. One host probes them, and the others get its findings.
 *
 * A probe takes libvirtd 4 to 8 seconds of a core, on the first call that needs it. libvirt checks by itself whether a
 * cached finding is out of date, so an old one costs time but does no harm.
 */
export class Capabilities {
  private constructor(private readonly store: string) {}

  /** The findings for this machine as it is now, known or not. */
  static async ofThisMachine(): Promise<Capabilities> {
    const changed = BINARIES.filter((it) => fs.existsSync(it)).map((it) => fs.statSync(it).ctimeMs);
    const key = digest([JSON.stringify([changed, os.release(), os.version(), await kvmDevice()])]).slice(0, 16);
    return new Capabilities(path.join(CHECKOUT, ".cache", "libvirt-capabilities", key));
  }

  get known(): boolean {
    return fs.existsSync(this.store);
  }

  /** Copies the findings, if there are any, to a host whose libvirtd has not started. */
  copyTo(hostData: string): void {
    if (this.known) fs.cpSync(this.store, path.join(hostData, LIBVIRT_CACHE), { recursive: true, force: false });
  }

  /** Lets a host probe, and keeps its findings for all. */
  async learnFrom(host: Host, hostData: string): Promise<void> {
    await host.probeEmulators();
    const draft = `${this.store}.${process.pid}`;
    fs.cpSync(path.join(hostData, LIBVIRT_CACHE), draft, { recursive: true });
    fs.renameSync(draft, this.store);
  }
}
