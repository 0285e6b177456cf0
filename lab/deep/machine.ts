import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { run } from "../command";
import { MACHINE_INTERFACE } from "../fabric";
import type { Accelerator } from "../fleet";
import { NETNS_DIRECTORY } from "../paths";
import { pollUntil } from "../poll";

/** The memory of each of the two NUMA cells. */
const CELL_MEMORY = "1280M";

/** The size of each spare disk. The files are sparse. */
const SPARE_DISK = "2G";

/** How long QEMU may take to listen on its control socket, in milliseconds. */
const START_DEADLINE = 30_000;

/** The files that a machine is started from. */
export interface MachineFiles {
  /** The directory with the kernel and its initial file system. */
  readonly image: string;
  /** The disk of its root file system, a qcow2 file. */
  readonly disk: string;
  /** The directory for the spare disks. They are created if they are missing. */
  readonly spare: string;
  /** The directory for the process id, the control socket, the console and the errors of QEMU. */
  readonly runtime: string;
}

/** The memory of a machine: of this process only, or files that a snapshot shares with the machines restored from it. */
export type MachineMemory = { readonly folder: string; readonly writable: boolean } | undefined;

export interface MachineOptions {
  readonly qemu: string;
  readonly accelerator: Accelerator;
  readonly name: string;
  readonly uuid: string;
  /** The address of its first interface, with the length of the prefix. */
  readonly address: string;
  readonly mac: string;
  readonly netns: string;
  readonly files: MachineFiles;
  readonly memory: MachineMemory;
  /** Whether the machine waits for the state of a snapshot. */
  readonly incoming: boolean;
}

/** Returns the command that runs QEMU out of a root file system, with the libraries there. */
function qemuCommand(root: string): { command: string[]; variables: Readonly<Record<string, string>> } {
  const libraries = path.join(root, "usr/lib/x86_64-linux-gnu");
  const data = ["usr/share/qemu", "usr/share/seabios", "usr/lib/ipxe/qemu"].flatMap((it) => [
    "-L",
    path.join(root, it),
  ]);
  return {
    command: [
      path.join(root, "usr/lib64/ld-linux-x86-64.so.2"),
      ...["--library-path", libraries, path.join(root, "usr/bin/qemu-system-x86_64"), ...data],
    ],
    variables: { QEMU_MODULE_DIR: path.join(libraries, "qemu") },
  };
}

/**
 * Returns QEMU's arguments that a snapshot depends on: a machine can only be restored with the devices that it was saved
 * with.
 */
export function hardware({ name, uuid, address, mac, accelerator, files, memory }: MachineOptions): string[] {
  const { image, disk, spare } = files;
  const backend = (cell: number) =>
    memory === undefined
      ? `memory-backend-ram,id=cell${cell},size=${CELL_MEMORY}`
      : `memory-backend-file,id=cell${cell},size=${CELL_MEMORY},mem-path=${path.join(memory.folder, `cell${cell}`)},` +
        `share=${memory.writable ? "on" : "off"}`;
  const blockdev = (id: string, driver: string, filename: string) => {
    const file = { driver: "file", filename, locking: "off" };
    return [
      "-blockdev",
      JSON.stringify({ driver, "node-name": id, cache: { "no-flush": true }, discard: "unmap", file }),
    ];
  };
  const kernel = [
    ...["root=/dev/vda", "rw", "console=ttyS0", "quiet", "mitigations=off", "net.ifnames=0"],
    ...["random.trust_cpu=on", "cryptomgr.notests", "intel_iommu=on", "iommu=pt"],
    ...[`systemd.hostname=${name}`, `ip=${address.split("/")[0] ?? ""}:::${netmask(address)}:${name}:eth0:off`],
  ];
  return [
    ...["-name", name, "-uuid", uuid, "-nodefaults", "-display", "none", "-machine", "q35"],
    ...(accelerator === "kvm"
      ? ["-accel", "kvm", "-cpu", "host"]
      : ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max"]),
    ...["-smp", "2,sockets=2,cores=1", "-m", "2560M", "-object", backend(0), "-object", backend(1)],
    ...["-numa", "node,nodeid=0,cpus=0,memdev=cell0", "-numa", "node,nodeid=1,cpus=1,memdev=cell1"],
    ...["-kernel", path.join(image, "vmlinuz"), "-initrd", path.join(image, "initrd.img"), "-append", kernel.join(" ")],
    // An SR-IOV device requires an IOMMU, so that the host can pass a virtual function to a guest.
    ...["-device", "intel-iommu,intremap=off,device-iotlb=on"],
    ...blockdev("root", "qcow2", disk),
    ...["-device", "virtio-blk-pci,drive=root"],
    ...blockdev("spare", "raw", path.join(spare, "spare.img")),
    ...["-device", "virtio-blk-pci,drive=spare,serial=spare"],
    // One disk behind two controllers, for multipath.
    ...["-device", "virtio-scsi-pci,id=scsi0", "-device", "virtio-scsi-pci,id=scsi1"],
    ...[0, 1].flatMap((it) => [
      ...blockdev(`path${it}`, "raw", path.join(spare, "multipath.img")),
      ...["-device", `scsi-hd,bus=scsi${it}.0,drive=path${it},serial=multipath,wwn=0x5000c50015ea71aa,share-rw=on`],
    ]),
    ...["-netdev", `tap,id=fabric,ifname=${MACHINE_INTERFACE},script=no,downscript=no`],
    ...["-device", `virtio-net-pci,netdev=fabric,mac=${mac},romfile=`],
    ...["-device", "pcie-root-port,id=port1,chassis=1,slot=1", "-netdev", "hubport,id=sriov,hubid=1"],
    ...["-device", "igb,bus=port1,netdev=sriov,mac=52:54:00:11:22:33,romfile="],
    ...["-device", "virtio-rng-pci"],
  ];
}

function netmask(address: string): string {
  const length = Number(address.split("/")[1]);
  const bits = (0xffff_ffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** Starts QEMU, and resolves to the path of its control socket when QEMU listens there. */
export async function startMachine(options: MachineOptions): Promise<string> {
  const { runtime, spare } = options.files;
  fs.mkdirSync(runtime, { recursive: true });
  await createSpareDisks(spare);
  const socket = path.join(runtime, "qmp");
  const errors = path.join(runtime, "qemu.log");
  fs.rmSync(socket, { force: true });
  const { command, variables } = qemuCommand(options.qemu);
  const args = [
    ...hardware(options),
    ...["-pidfile", path.join(runtime, "pid"), "-qmp", `unix:${socket},server=on,wait=off`],
    ...["-serial", `file:${path.join(runtime, "console.log")}`],
    ...(options.incoming ? ["-incoming", "defer"] : []),
  ];
  const log = fs.openSync(errors, "w");
  const child = spawn("nsenter", [`--net=${path.join(NETNS_DIRECTORY, options.netns)}`, ...command, ...args], {
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", ...variables },
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
  });
  fs.closeSync(log);
  child.unref();
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  await pollUntil(`the QEMU of '${options.name}'`, START_DEADLINE, () => ended() || fs.existsSync(socket));
  if (ended()) throw new Error(`the QEMU of '${options.name}' failed: ${fs.readFileSync(errors, "utf8").trim()}`);
  return socket;
}

async function createSpareDisks(folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ["spare.img", "multipath.img"]) {
    const file = path.join(folder, name);
    if (!fs.existsSync(file)) await run("truncate", ["--size", SPARE_DISK, file]);
  }
}

/** Creates a disk that stores its differences from another one. */
export async function createOverlay(disk: string, base: string, format: "qcow2" | "raw"): Promise<void> {
  fs.mkdirSync(path.dirname(disk), { recursive: true });
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", format, "-b", base, disk]);
}
