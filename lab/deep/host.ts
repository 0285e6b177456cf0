import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { run } from "../command";
import { type Fabric, fabricAddress, PREFIX } from "../fabric";
import type { Accelerator, LabHost } from "../fleet";
import { digest } from "../guest/cache";
import type { HostControl } from "../host-control";
import { withLock } from "../lock";
import { type LabPaths, NETNS_DIRECTORY } from "../paths";
import { pollUntil } from "../poll";
import { DEEP, deepFolder } from "./image";
import { createOverlay, hardware, type MachineMemory, type MachineOptions, startMachine } from "./machine";
import { Qmp } from "./qmp";

/** What deep hosts are started from. */
export interface DeepSystem {
  /** The directory with the disk, the kernel and the keys. */
  readonly image: string;
  /** The root file system whose QEMU runs the hosts. */
  readonly qemu: string;
  readonly accelerator: Accelerator;
}

/** How long a host may take from its start until it lets root log in, in milliseconds. A busy machine takes two minutes. */
const LOGIN_DEADLINE = 600_000;

/** How long a host may take to answer one command. */
const COMMAND_DEADLINE = 300_000;

/** The pause between two attempts to log in to a host that boots. */
const LOGIN_INTERVAL = 500;

/** How long QEMU may take to end. */
const END_DEADLINE = 30_000;

const LIBVIRT_SOCKET = "/run/libvirt/libvirt-sock";

/**
 * A host that is a virtual machine: it has its own kernel and systemd, and libvirt as Debian configures it.
 *
 * The host is reached by SSH. The lab forwards its libvirt's socket to this machine, so that it is also reached in the same
 * way as the other hosts.
 */
export class DeepHost implements HostControl {
  readonly kind = DEEP;
  readonly address: string;
  readonly uri: string;

  constructor(
    private readonly paths: LabPaths,
    readonly name: string,
  ) {
    this.address = fabricAddress(name);
    this.uri = `qemu+unix:///system?socket=${paths.hostSocket(name)}`;
  }

  describe(): LabHost {
    const pid = this.pid();
    if (pid === undefined) throw new Error(`host '${this.name}' does not run`);
    const login = new URLSearchParams({ keyfile: this.keyFile, known_hosts: this.knownHosts });
    const sshUri = `qemu+ssh://root@${this.address}/system?${login.toString()}`;
    return {
      ...{ name: this.name, kind: this.kind, uri: this.uri, tcpUri: sshUri, sshUri, address: this.address },
      ...{ netns: this.paths.netns(this.name), pid },
    };
  }

  async answers(): Promise<boolean> {
    return this.virsh(["uri"]).then(
      () => true,
      () => false,
    );
  }

  async domains(): Promise<string[]> {
    return (await this.virsh(["list", "--all", "--name"])).split("\n").filter(Boolean);
  }

  /** Reports whether its QEMU runs. */
  get isRunning(): boolean {
    return this.pid() !== undefined;
  }

  /**
   * Brings it up, in its network namespace. A host that had a disk boots from it. A new one is restored from a snapshot of a
   * booted host where guests are emulated, and boots where KVM makes that quick.
   */
  async bringUp(fabric: Fabric, system: DeepSystem, report: (line: string) => void): Promise<void> {
    const began = Date.now();
    fs.mkdirSync(this.runtime, { recursive: true });
    fs.mkdirSync(this.data, { recursive: true });
    this.writeKeys(system.image);
    await fabric.plugMachine(this.name);
    let how = "booted";
    if (fs.existsSync(this.disk)) {
      await this.start(system, undefined);
    } else if (system.accelerator === "kvm") {
      await createOverlay(this.disk, path.join(system.image, "disk.img"), "raw");
      await this.start(system, undefined);
    } else {
      await this.restore(system, await this.snapshot(system, report));
      how = "restored";
    }
    await this.connect();
    report(`host ${this.name} answers (${how} in ${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }

  /** Makes a running host answer: sets its clock, tells it the names of the other hosts, and forwards its libvirt's socket. */
  async connect(): Promise<void> {
    await this.untilLogin();
    await this.onHost(
      `date --utc --set=@${Math.floor(Date.now() / 1000)} && cat >/etc/hosts`,
      fs.readFileSync(this.paths.hostsFile, "utf8"),
    );
    if (await this.answers()) return;
    await this.forwardSocket();
    await this.virsh(["uri"]);
  }

  private get data(): string {
    return this.paths.hostData(this.name);
  }

  private get runtime(): string {
    return this.paths.hostRuntime(this.name);
  }

  private get disk(): string {
    return path.join(this.data, "disk.qcow2");
  }

  private get pidFile(): string {
    return path.join(this.runtime, "pid");
  }

  private get keyFile(): string {
    return path.join(this.data, "id_ed25519");
  }

  private get knownHosts(): string {
    return path.join(this.data, "known_hosts");
  }

  /** Returns the process id of its QEMU, or undefined if QEMU has ended. */
  private pid(): number | undefined {
    try {
      const pid = Number(fs.readFileSync(this.pidFile, "utf8"));
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.disk) ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  private writeKeys(image: string): void {
    fs.copyFileSync(path.join(image, "id_ed25519"), this.keyFile);
    fs.chmodSync(this.keyFile, 0o600);
    const [type = "", key = ""] = fs.readFileSync(path.join(image, "known_key"), "utf8").split(" ");
    fs.writeFileSync(this.knownHosts, `${this.address} ${type} ${key.trim()}\n`);
  }

  private options(system: DeepSystem, memory: MachineMemory, disk = this.disk, spare = this.data): MachineOptions {
    const hex = createHash("sha256").update(`${DEEP} ${this.name}`).digest("hex");
    return {
      qemu: system.qemu,
      accelerator: system.accelerator,
      name: this.name,
      uuid: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
      address: `${this.address}/${PREFIX}`,
      mac: `52:54:00:de:${hex.slice(0, 2)}:${hex.slice(2, 4)}`,
      netns: this.paths.netns(this.name),
      files: { image: system.image, disk, spare, runtime: this.runtime },
      memory,
      incoming: false,
    };
  }

  private async start(system: DeepSystem, memory: MachineMemory, disk = this.disk, spare = this.data): Promise<string> {
    return startMachine(this.options(system, memory, disk, spare));
  }

  private async restore(system: DeepSystem, snapshot: string): Promise<void> {
    await createOverlay(this.disk, path.join(snapshot, "disk.qcow2"), "qcow2");
    const memory = { folder: snapshot, writable: false };
    const qmp = await Qmp.connect(await startMachine({ ...this.options(system, memory), incoming: true }));
    await qmp.migrate("migrate-incoming", `file:${path.join(snapshot, "state")}`);
    await qmp.execute("cont");
    qmp.close();
  }

  /**
   * Returns the directory with the snapshot of a booted host of this name. Boots one if there is none.
   *
   * A host's name and address are in its memory, so each name has a snapshot of its own.
   */
  private async snapshot(system: DeepSystem, report: (line: string) => void): Promise<string> {
    const placeholder = this.options(system, { folder: "", writable: false }, "", "");
    const key = digest([system.image, system.qemu, hardware(placeholder).join("\n")]).slice(0, 12);
    const snapshot = path.join(deepFolder(), `snapshot-${this.name}-${key}`);
    const waiting = () => {
      report(`waiting for another command to boot ${this.name}`);
    };
    await withLock(`deep/${path.basename(snapshot)}`, waiting, async () => {
      if (!fs.existsSync(snapshot)) await this.takeSnapshot(system, snapshot, report);
    });
    return snapshot;
  }

  private async takeSnapshot(system: DeepSystem, snapshot: string, report: (line: string) => void) {
    report(`booting ${this.name} for a snapshot (once, 1 to 3 minutes)`);
    const began = Date.now();
    const draft = `${snapshot}.new`;
    fs.rmSync(draft, { recursive: true, force: true });
    fs.mkdirSync(draft, { recursive: true });
    const disk = path.join(draft, "disk.qcow2");
    await createOverlay(disk, path.join(system.image, "disk.img"), "raw");
    const qmp = await Qmp.connect(await this.start(system, { folder: draft, writable: true }, disk, draft));
    try {
      await this.untilLogin();
      // libvirt probes QEMU once. The host then has its findings, and the programs in memory.
      await this.onHost("virsh --quiet capabilities >/dev/null && virsh --quiet domcapabilities >/dev/null && sync");
      await qmp.execute("stop");
      await qmp.migrate("migrate", `file:${path.join(draft, "state")}`);
    } finally {
      await qmp.execute("quit").catch(() => undefined);
      qmp.close();
      await pollUntil(`the QEMU of '${this.name}' to end`, END_DEADLINE, () => !fs.existsSync(this.pidFile));
    }
    for (const name of ["spare.img", "multipath.img"]) fs.rmSync(path.join(draft, name));
    fs.renameSync(draft, snapshot);
    report(`booted ${this.name} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
  }

  private get sshOptions(): string[] {
    return [
      ...["-F", "none", "-i", this.keyFile, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"],
      ...["-o", `UserKnownHostsFile=${this.knownHosts}`, "-o", "GlobalKnownHostsFile=/dev/null"],
      ...["-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15"],
    ];
  }

  /** Runs a shell command on the host. */
  private onHost(command: string, input = ""): Promise<string> {
    const args = [`--net=${this.netnsFile}`, "ssh", ...this.sshOptions, `root@${this.address}`, command];
    return run("nsenter", args, { input, deadline: COMMAND_DEADLINE });
  }

  private get netnsFile(): string {
    return path.join(NETNS_DIRECTORY, this.paths.netns(this.name));
  }

  private async untilLogin(): Promise<void> {
    const end = Date.now() + LOGIN_DEADLINE;
    for (;;) {
      try {
        await this.onHost("true");
        return;
      } catch (error) {
        const reason = (error as Error).message;
        if (Date.now() > end || !fs.existsSync(this.pidFile)) {
          throw new Error(`unable to log in to '${this.name}': ${reason}\n${this.endOfConsole()}`, { cause: error });
        }
      }
      await pause(LOGIN_INTERVAL);
    }
  }

  private endOfConsole(): string {
    const file = path.join(this.runtime, "console.log");
    if (!fs.existsSync(file)) return "its console is empty";
    return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  }

  /** Starts the process that forwards the socket. It ends with the processes in the host's network namespace. */
  private async forwardSocket(): Promise<void> {
    const socket = this.paths.hostSocket(this.name);
    const args = [...this.sshOptions, "-N", "-o", "ExitOnForwardFailure=yes", "-o", "StreamLocalBindUnlink=yes"];
    const log = fs.openSync(path.join(this.runtime, "ssh.log"), "w");
    const child = spawn(
      "nsenter",
      [`--net=${this.netnsFile}`, "ssh", ...args, "-L", `${socket}:${LIBVIRT_SOCKET}`, `root@${this.address}`],
      { cwd: "/", detached: true, stdio: ["ignore", log, log] },
    );
    fs.closeSync(log);
    child.unref();
    const ended = () => child.exitCode !== null || child.signalCode !== null;
    const end = Date.now() + COMMAND_DEADLINE;
    fs.rmSync(socket, { force: true });
    while (!ended() && !fs.existsSync(socket) && Date.now() < end) await pause(50);
    if (!fs.existsSync(socket)) {
      throw new Error(
        `unable to forward the socket of '${this.name}': ${fs.readFileSync(path.join(this.runtime, "ssh.log"), "utf8").trim()}`,
      );
    }
  }

  private virsh(args: readonly string[]): Promise<string> {
    return run("virsh", ["--quiet", "--connect", this.uri, ...args], { deadline: COMMAND_DEADLINE });
  }
}
