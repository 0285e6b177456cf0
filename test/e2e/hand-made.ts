import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Objects of a host that no code describes: made with virsh, as virt-install and virt-manager make them. */
export class HandMade {
  private readonly machines: string[] = [];
  private readonly transient: string[] = [];

  /** @param uri the URI of the host */
  constructor(private readonly uri: string) {}

  /** Makes a pool and a network that are called `default`, as those of virt-manager. */
  public makeSurroundings(image: string, capacity: number): void {
    this.virsh("pool-define-as", "default", "dir", "--target", POOL);
    for (const command of ["pool-build", "pool-start", "pool-autostart"]) this.virsh(command, "default");
    this.define("net-define", NETWORK);
    for (const command of ["net-start", "net-autostart"]) this.virsh(command, "default");
    this.virsh("vol-create-as", "default", "debian-12.qcow2", String(capacity), "--format", "qcow2");
    this.virsh("vol-upload", "--pool", "default", "debian-12.qcow2", image);
    this.virsh("vol-create-as", "default", "web-1-seed.iso", "1M", "--format", "raw");
  }

  /** Defines a machine with a disk of its own, which is a clone of the image. */
  public makeMachine(name: string, xml: string): void {
    this.machines.push(name);
    const backing = ["--backing-vol", "debian-12.qcow2", "--backing-vol-format", "qcow2"];
    this.virsh("vol-create-as", "default", `${name}.qcow2`, "1G", "--format", "qcow2", ...backing);
    this.define("define", xml);
  }

  /** Starts a machine, paused, and removes its definition: it is gone when it stops. */
  public makeTransient(name: string): void {
    this.virsh("start", name, "--paused");
    this.virsh("undefine", name);
    this.transient.push(name);
  }

  /** Runs a command of virsh that takes a file of XML. */
  public define(command: string, xml: string, ...options: readonly string[]): void {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hand-made-"));
    const file = path.join(folder, "it.xml");
    fs.writeFileSync(file, xml);
    try {
      this.virsh(command, file, ...options);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }

  public virsh(...args: readonly string[]): string {
    return execFileSync("virsh", ["--quiet", "--connect", this.uri, ...args], { encoding: "utf8" }).trim();
  }

  /** Removes what was made. */
  public remove(): void {
    const [running, defined] = [
      ["list", "--name"],
      ["list", "--all", "--name"],
    ].map((args) => this.virsh(...args).split("\n"));
    for (const name of this.machines) {
      if (running?.includes(name) === true) this.virsh("destroy", name);
      if (defined?.includes(name) === true && !this.transient.includes(name)) this.virsh("undefine", name, "--nvram");
    }
    for (const line of this.virsh("vol-list", "default").split("\n")) {
      const [volume] = line.trim().split(/\s+/);
      if (volume !== undefined && volume !== "") this.virsh("vol-delete", "--pool", "default", volume);
    }
    for (const command of ["pool-destroy", "pool-undefine", "net-destroy", "net-undefine"])
      this.virsh(command, "default");
  }
}

const POOL = "/var/lib/libvirt/images";

/** libvirt's own network, which every installation has. */
const NETWORK = `<network>
  <name>default</name>
  <forward mode="nat"/>
  <bridge name="virbr0" stp="on" delay="0"/>
  <ip address="192.168.122.1" netmask="255.255.255.0">
    <dhcp>
      <range start="192.168.122.2" end="192.168.122.254"/>
      <host mac="52:54:00:aa:00:01" name="web-1" ip="192.168.122.11"/>
      <host mac="52:54:00:aa:00:99" name="printer" ip="192.168.122.99"/>
    </dhcp>
  </ip>
</network>`;

/** What virt-install defines for `--osinfo debian12 --disk backing_store=... --network default --graphics vnc`. */
export function virtInstall(name: string, mac: string, more = ""): string {
  return `<domain type="qemu">
  <name>${name}</name>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/12"/>
    </libosinfo:libosinfo>
  </metadata>
  <memory>131072</memory>
  <currentMemory>131072</currentMemory>
  <vcpu>1</vcpu>
  <os><type arch="x86_64" machine="q35">hvm</type><boot dev="hd"/></os>
  <features><acpi/><apic/><vmport state="off"/></features>
  <clock offset="utc">
    <timer name="rtc" tickpolicy="catchup"/>
    <timer name="pit" tickpolicy="delay"/>
    <timer name="hpet" present="no"/>
  </clock>
  <pm><suspend-to-mem enabled="no"/><suspend-to-disk enabled="no"/></pm>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2" discard="unmap"/>
      <source file="${POOL}/${name}.qcow2"/>
      <target dev="vda" bus="virtio"/>
    </disk>
    <controller type="usb" model="qemu-xhci" ports="15"/>
    <controller type="pci" model="pcie-root"/>
    <interface type="network">
      <source network="default"/>
      <mac address="${mac}"/>
      <model type="virtio"/>
    </interface>
    <console type="pty"/>
    <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
    <input type="tablet" bus="usb"/>
    <graphics type="vnc" port="-1"/>
    <video><model type="virtio"/></video>
    <memballoon model="virtio"/>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
${more}  </devices>
</domain>`;
}

/** The drive with the cloud-init data that virt-install makes. */
export const SEED_DRIVE = `    <disk type="file" device="cdrom">
      <driver name="qemu" type="raw"/>
      <source file="${POOL}/web-1-seed.iso"/>
      <target dev="sda" bus="sata"/>
      <readonly/>
    </disk>
`;

/** What virt-manager defines for a machine with UEFI. */
export function withUefi(name: string): string {
  return virtInstall(name, "52:54:00:aa:00:21").replace("<os>", '<os firmware="efi">');
}

/** A machine of an old virt-manager: on a board with PCI and IDE, with a parallel port, for which there is no attribute. */
export function onOldBoard(name: string): string {
  return `<domain type="qemu">
  <name>${name}</name>
  <title>the old one</title>
  <memory unit="MiB">64</memory>
  <vcpu>1</vcpu>
  <os><type arch="x86_64" machine="pc">hvm</type><boot dev="hd"/></os>
  <features><acpi/><apic/></features>
  <clock offset="localtime"/>
  <devices>
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2"/>
      <source file="${POOL}/${name}.qcow2"/>
      <target dev="hda" bus="ide"/>
    </disk>
    <interface type="bridge">
      <source bridge="virbr0"/>
      <mac address="52:54:00:aa:00:31"/>
      <model type="e1000"/>
    </interface>
    <parallel type="null"/>
    <graphics type="vnc" port="-1" listen="0.0.0.0"/>
  </devices>
</domain>`;
}
