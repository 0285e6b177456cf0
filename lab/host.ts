import fs from "node:fs";
import path from "node:path";
import { Authority, LIBVIRT_NAMES, QEMU_NAMES } from "./certificates";
import { HostCgroups } from "./cgroups";
import { run } from "./command";
import { fabricAddress } from "./fabric";
import type { LabHost } from "./fleet";
import type { HostControl } from "./host-control";
import { type HostKind, kindOf, ownKind } from "./host-kind";
import type { HostSystem } from "./host-system";
import { hostUuid, LIBVIRT_CERTIFICATES, libvirtdConf, MIGRATION_CERTIFICATES, qemuConf } from "./libvirtd-config";
import { unmountBelow } from "./mounts";
import { type LabPaths, NETNS_DIRECTORY } from "./paths";

/** A directory that belongs to the user of QEMU's TPM processes. */
const SWTPM_AUTHORITY = "/var/lib/swtpm-localca";

/** The directories of libvirt and of the programs that it starts. Each host has its own. */
const PRIVATE_DIRECTORIES = [
  "/etc/libvirt",
  "/var/lib/libvirt",
  "/var/log/libvirt",
  "/var/cache/libvirt",
  // The logs of shared storage mounts.
  "/var/log/glusterfs",
  // The logs of emulated TPMs, and the authority that signs their certificates.
  "/var/log/swtpm",
  SWTPM_AUTHORITY,
];

/** The directories that libvirt expects below the private directories. */
const EXPECTED_DIRECTORIES = ["/var/lib/libvirt/images", "/var/lib/libvirt/qemu", "/var/log/libvirt/qemu", "/run"];

/** The mounts of a root file system, in the directory of a host's files. */
const ROOT_DIRECTORY = ".root";

/** The filters that every libvirt installation has. */
const NWFILTERS = "/etc/libvirt/nwfilter";

const PID_FILE = "libvirtd.pid";

/** The time limit for libvirtd's first answer, on a machine that starts other hosts at the same time. */
const ANSWER_DEADLINE = 60_000;

/** The time limit for libvirt's probe of all QEMU binaries, on a machine that is itself emulated. */
const PROBE_DEADLINE = 600_000;

/** One KVM host of a lab: libvirtd in its own namespaces. */
export class Host implements HostControl {
  readonly address: string;
  readonly uri: string;
  readonly cgroups: HostCgroups;

  constructor(
    private readonly paths: LabPaths,
    readonly name: string,
  ) {
    this.address = fabricAddress(name);
    this.uri = `qemu+unix:///system?socket=${paths.hostSocket(name)}`;
    this.cgroups = new HostCgroups(paths.lab, name);
  }

  get kind(): HostKind {
    return kindOf(this.paths, this.name) ?? ownKind();
  }

  describe(): LabHost {
    const pid = this.libvirtdPid();
    if (pid === undefined) throw new Error(`host '${this.name}' has no libvirtd`);
    return {
      name: this.name,
      kind: this.kind,
      uri: this.uri,
      tcpUri: `qemu+tcp://${this.address}/system`,
      address: this.address,
      netns: this.paths.netns(this.name),
      pid,
    };
  }

  /** Returns the process id of its libvirtd, or undefined if libvirtd has ended. */
  libvirtdPid(): number | undefined {
    try {
      const pid = Number(fs.readFileSync(path.join(this.paths.hostRuntime(this.name), PID_FILE), "utf8"));
      return fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "libvirtd" ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  async answers(): Promise<boolean> {
    return (
      this.libvirtdPid() !== undefined &&
      (await this.virsh(["uri"]).then(
        () => true,
        () => false,
      ))
    );
  }

  async domains(): Promise<string[]> {
    return (await this.virsh(["list", "--all", "--name"])).split("\n").filter(Boolean);
  }

  /** Lets its libvirtd probe each QEMU binary. */
  async probeEmulators(): Promise<void> {
    await this.virsh(["capabilities"], PROBE_DEADLINE);
  }

  /** Reports whether all its namespaces exist. */
  isFurnished(): boolean {
    return fs.existsSync(this.furnishedMark);
  }

  /** Creates its namespaces with the programs of a kind. Its network namespace and the lab's authority must exist. */
  async furnish(system: HostSystem): Promise<void> {
    this.writeFiles(system.root);
    const authority = new Authority(this.paths);
    const data = this.paths.hostData(this.name);
    await authority.equip(this, path.join(data, MIGRATION_CERTIFICATES), QEMU_NAMES);
    await authority.equip(this, path.join(data, LIBVIRT_CERTIFICATES), LIBVIRT_NAMES);
    this.cgroups.create();
    fs.mkdirSync(this.paths.hostNamespaces(this.name), { recursive: true });
    await this.namespaces(this.cgroups.roots, "create", { ROOT: system.root });
    this.cgroups.createLeaves();
    fs.writeFileSync(this.furnishedMark, "");
  }

  /** Releases its namespaces, which end with the last process in them. */
  async unfurnish(): Promise<void> {
    fs.rmSync(this.furnishedMark, { force: true });
    await unmountBelow(this.paths.hostNamespaces(this.name));
    fs.rmSync(this.paths.hostNamespaces(this.name), { recursive: true, force: true });
    fs.rmSync(this.paths.hostRuntime(this.name), { recursive: true, force: true });
  }

  /** Starts its libvirtd, and waits for its first answer. */
  async start(): Promise<void> {
    const command = ["libvirtd", "--daemon", "--listen", "--pid-file", `/run/libvirt/${PID_FILE}`];
    await this.namespaces(this.cgroups.leaves, "enter", {}, command);
    try {
      await this.virsh(["uri"]);
    } catch (error) {
      const reason = (error as Error).message;
      throw new Error(`libvirtd on '${this.name}' does not answer: ${reason}\n${this.endOfLog()}`, { cause: error });
    }
  }

  private get furnishedMark(): string {
    return path.join(this.paths.hostNamespaces(this.name), "furnished");
  }

  private virsh(args: readonly string[], deadline = ANSWER_DEADLINE): Promise<string> {
    return run("virsh", ["--quiet", "--connect", this.uri, ...args], { deadline });
  }

  /** @param root where the files of the host's programs are on this machine */
  private writeFiles(root: string): void {
    const data = this.paths.hostData(this.name);
    for (const directory of [...PRIVATE_DIRECTORIES, ...EXPECTED_DIRECTORIES]) {
      fs.mkdirSync(path.join(data, directory), { recursive: true });
    }
    const { uid, gid, mode } = fs.statSync(root + SWTPM_AUTHORITY);
    fs.chownSync(path.join(data, SWTPM_AUTHORITY), uid, gid);
    fs.chmodSync(path.join(data, SWTPM_AUTHORITY), mode);
    fs.mkdirSync(this.paths.hostRuntime(this.name), { recursive: true });
    const config = {
      hostUuid: hostUuid(this.paths.checkout, this.paths.lab, this.name),
      fabricAddress: this.address,
    };
    fs.writeFileSync(path.join(data, "etc/libvirt/libvirtd.conf"), libvirtdConf(config));
    fs.writeFileSync(path.join(data, "etc/libvirt/qemu.conf"), qemuConf(config));
    const filters = root + NWFILTERS;
    if (fs.existsSync(filters)) fs.cpSync(filters, path.join(data, NWFILTERS), { recursive: true, force: false });
  }

  private namespaces(
    groups: readonly string[],
    verb: "create" | "enter",
    variables: Readonly<Record<string, string>>,
    command: readonly string[] = [],
  ) {
    const { hierarchies } = this.cgroups;
    return run(path.join(__dirname, "host-namespaces.sh"), [verb, ...command], {
      variables: {
        HOST: this.name,
        DATA: this.paths.hostData(this.name),
        RUNTIME: this.paths.hostRuntime(this.name),
        HOSTS_FILE: this.paths.hostsFile,
        NETNS: path.join(NETNS_DIRECTORY, this.paths.netns(this.name)),
        NAMESPACES: this.paths.hostNamespaces(this.name),
        CGROUPS: groups.join("\n"),
        HIERARCHIES: hierarchies.map((it) => `${it.version} ${it.mountOptions} ${it.mountPoint}`).join("\n"),
        PRIVATE: PRIVATE_DIRECTORIES.join("\n"),
        OVERLAY: path.join(this.paths.hostData(this.name), ROOT_DIRECTORY),
        ...variables,
      },
    });
  }

  private endOfLog(): string {
    const log = path.join(this.paths.hostData(this.name), "var/log/libvirt/libvirtd.log");
    if (!fs.existsSync(log)) return "its log is empty";
    return fs.readFileSync(log, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  }
}
