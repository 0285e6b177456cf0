import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { kvmDevice } from "./accelerator";
import { digest } from "./guest/cache";
import type { Host } from "./host";
import type { HostSystem } from "./host-system";
import { DATA_ROOT } from "./paths";

/** The directory in which libvirt caches the capabilities of each QEMU binary on a host. */
const LIBVIRT_CACHE = "/var/cache/libvirt/qemu/capabilities";

/** The programs that libvirt's findings depend on. The findings also depend on the kernel and on /dev/kvm. */
const BINARIES = ["/usr/bin/qemu-system-x86_64", "/usr/bin/qemu-system-aarch64", "/usr/sbin/libvirtd"];

/**
 * The capabilities that libvirt found for the QEMU binaries of a kind of host. One host of the kind probes them, and the
 * others copy its findings.
 *
 * A probe uses 4 to 8 seconds of a core in libvirtd, on the first call that needs it. libvirt itself checks whether a
 * cached finding is out of date, so an old finding costs time but does no harm.
 */
export class Capabilities {
  private constructor(private readonly store: string) {}

  /** Returns the findings for these programs on this machine in its current state. They can still be unknown. */
  static async of({ root }: HostSystem): Promise<Capabilities> {
    const binaries = BINARIES.map((it) => root + it).filter((it) => fs.existsSync(it));
    const changed = binaries.map((it) => fs.statSync(it).ctimeMs);
    const key = digest([root, JSON.stringify([changed, os.release(), os.version(), await kvmDevice()])]).slice(0, 16);
    return new Capabilities(path.join(DATA_ROOT, ".cache", "libvirt-capabilities", key));
  }

  get known(): boolean {
    return fs.existsSync(this.store);
  }

  /** Copies the findings, if there are any, to a host whose libvirtd has not started. */
  copyTo(hostData: string): void {
    if (this.known) fs.cpSync(this.store, path.join(hostData, LIBVIRT_CACHE), { recursive: true, force: false });
  }

  /** Lets a host probe, and stores its findings for all hosts. */
  async learnFrom(host: Host, hostData: string): Promise<void> {
    await host.probeEmulators();
    const draft = `${this.store}.${process.pid}`;
    fs.cpSync(path.join(hostData, LIBVIRT_CACHE), draft, { recursive: true });
    fs.renameSync(draft, this.store);
  }
}
