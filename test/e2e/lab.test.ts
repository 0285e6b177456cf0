import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { down, type Lab, type LabHost, load, status, up, type UpOptions } from "../../lab";
import { Authority, QEMU_NAMES } from "../../lab/certificates";
import { ownKind } from "../../lab/host-kind";
import { LabPaths } from "../../lab/paths";
import { countingDomain, countsIn, writeCountingFirmware } from "./counting-guest";
import { fabricProcesses, stillAlive, tracesOf } from "./machine";

const CHECKOUT = path.dirname(path.dirname(__dirname));
const LAB = "labtest";
const OTHER_LAB = "labtest-other";
const GUEST_LOG = "/var/lib/libvirt/counter.log";
const FIRMWARE = "/var/lib/libvirt/counter.rom";

/** The time limit for what hangs, in milliseconds. */
const HANG = 120_000;

jest.setTimeout(600_000);

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "lab-test-"));

function report(): void {
  // These tests do not look at the progress.
}

async function bringUp(name: string, hosts: UpOptions["hosts"], options: { shared?: boolean } = {}): Promise<Lab> {
  const lab = await up({ name, hosts, image: false, report, ...options });
  for (const host of lab.hosts) writeCountingFirmware(path.join(CHECKOUT, ".lab", name, host.name, FIRMWARE));
  return lab;
}

function virsh(host: LabHost, ...args: string[]): string {
  return execFileSync("virsh", ["--quiet", "--connect", host.uri, ...args], { encoding: "utf8" }).trim();
}

function hostOf(lab: Lab, name: string): LabHost {
  const host = lab.hosts.find((it) => it.name === name);
  if (!host) throw new Error(`lab '${lab.name}' has no host '${name}'`);
  return host;
}

/** The guest's 16-bit code runs under KVM also on machines where Linux does not: what counts is what the host offers. */
function acceleratorOf(host: LabHost): "kvm" | "qemu" {
  try {
    virsh(host, "domcapabilities", "--virttype", "kvm");
    return "kvm";
  } catch {
    return "qemu";
  }
}

function startGuest(host: LabHost, name: string, disk?: string): void {
  const definition = path.join(scratch, `${name}.xml`);
  const accelerator = acceleratorOf(host);
  fs.writeFileSync(definition, countingDomain({ name, firmware: FIRMWARE, accelerator, log: GUEST_LOG, disk }));
  virsh(host, "define", definition);
  virsh(host, "start", name);
}

function startSharedPool(host: LabHost, { shared }: Lab): void {
  const definition = path.join(scratch, "pool.xml");
  fs.writeFileSync(
    definition,
    `<pool type='netfs'><name>shared</name>
      <source><host name='${shared?.host ?? ""}'/><dir path='${shared?.volume ?? ""}'/><format type='glusterfs'/></source>
      <target><path>/var/lib/libvirt/shared</path></target></pool>`,
  );
  virsh(host, "pool-define", definition);
  virsh(host, "pool-build", "shared");
  virsh(host, "pool-start", "shared");
}

function serverNamed(name: string, processes: readonly number[]): number {
  const found = processes.find((pid) => fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim() === name);
  if (found === undefined) throw new Error(`no ${name} runs`);
  return found;
}

function counts(host: LabHost): number[] {
  return countsIn(path.join(CHECKOUT, ".lab", LAB, host.name, GUEST_LOG));
}

async function until(what: string, deadline: number, condition: () => boolean): Promise<void> {
  const end = Date.now() + deadline;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${deadline} ms for ${what}`);
    await pause(50);
  }
}

beforeAll(async () => {
  await down({ name: LAB, report });
  await down({ name: OTHER_LAB, report });
});

afterAll(async () => {
  await down({ name: LAB, report });
  await down({ name: OTHER_LAB, report });
  fs.rmSync(scratch, { recursive: true });
});

describe("a lab", () => {
  test("comes up, and its hosts answer by socket and by TCP on the fabric", async () => {
    const lab = await bringUp(LAB, 2);
    expect(lab.hosts.map((host) => host.name)).toEqual(["alpha", "beta"]);
    for (const host of lab.hosts) {
      expect(virsh(host, "hostname")).toBe(host.name);
      const onFabric = ["netns", "exec", `kf-${LAB}-fabric`, "virsh", "--connect", host.tcpUri, "hostname"];
      expect(execFileSync("ip", onFabric, { encoding: "utf8" }).trim()).toBe(host.name);
    }
    const uuids = lab.hosts.map((host) => /<uuid>(.*)<\/uuid>/.exec(virsh(host, "capabilities"))?.[1]);
    expect(new Set(uuids).size).toBe(2);
    expect(lab.hosts.map((host) => virsh(host, "list", "--all", "--name"))).toEqual(["", ""]);
    expect(load(LAB)).toEqual(lab);
  });

  test("is left as it is by a second up", async () => {
    const before = load(LAB);
    const began = Date.now();
    expect(await bringUp(LAB, 2)).toEqual(before);
    expect(Date.now() - began).toBeLessThan(2000);
  });

  test("grows, and keeps its hosts when fewer are asked for", async () => {
    const before = load(LAB);
    const grown = await bringUp(LAB, 3);
    expect(grown.hosts.map((host) => host.name)).toEqual(["alpha", "beta", "gamma"]);
    expect(grown.hosts.slice(0, 2)).toEqual(before.hosts);
    expect(await bringUp(LAB, 2)).toEqual(grown);
  });

  test("has a killed libvirtd repaired by up, while its guest runs on", async () => {
    const alpha = hostOf(load(LAB), "alpha");
    startGuest(alpha, "counter");
    await until("the guest's first counts", HANG, () => counts(alpha).length > 3);
    process.kill(alpha.pid, "SIGKILL");
    await until("libvirtd to end", HANG, () => stillAlive([alpha.pid]).length === 0);
    const dead = (await status(LAB)).hosts.find((host) => host.name === "alpha");
    expect(dead).toEqual({ name: "alpha", kind: ownKind(), uri: alpha.uri, alive: false });

    const repaired = hostOf(await bringUp(LAB, 2), "alpha");
    expect(repaired.pid).not.toBe(alpha.pid);
    expect(virsh(repaired, "domstate", "counter")).toBe("running");
    const seen = counts(alpha);
    await until("the guest to count on", HANG, () => counts(alpha).length > seen.length);
    expect(counts(alpha)).toEqual(counts(alpha).map((_, index) => index));
    expect((await status(LAB)).hosts[0]).toEqual({
      name: "alpha",
      kind: ownKind(),
      uri: alpha.uri,
      alive: true,
      domains: 1,
    });
  });

  test("migrates a running guest from host to host without losing a count", async () => {
    const lab = load(LAB);
    const [alpha, beta] = [hostOf(lab, "alpha"), hostOf(lab, "beta")];
    virsh(alpha, "migrate", "--live", "--p2p", "--persistent", "--undefinesource", "counter", "qemu+tcp://beta/system");
    expect(virsh(alpha, "list", "--all", "--name")).toBe("");
    expect(virsh(beta, "domstate", "counter")).toBe("running");
    await until("counts on the new host", HANG, () => counts(beta).length > 3);
    const all = [...counts(alpha), ...counts(beta)];
    expect(all).toEqual(all.map((_, index) => index));
  });

  test("migrates a running guest over TLS", async () => {
    const lab = load(LAB);
    const [alpha, beta] = [hostOf(lab, "alpha"), hostOf(lab, "beta")];
    const tls = ["migrate", "--live", "--p2p", "--persistent", "--undefinesource", "--tls", "counter"];
    virsh(beta, ...tls, "qemu+tcp://alpha/system");
    virsh(alpha, ...tls, "qemu+tcp://beta/system");
    expect(virsh(beta, "domstate", "counter")).toBe("running");
    const seen = counts(beta).length;
    await until("the guest to count on", HANG, () => counts(beta).length > seen);
    // Of another authority, the other host knows nothing.
    const known = path.join(CHECKOUT, ".lab", LAB, "alpha/etc/libvirt/pki-qemu/ca-cert.pem");
    const rightful = fs.readFileSync(known);
    const stranger = new Authority(new LabPaths(LAB, scratch));
    await stranger.up();
    await stranger.equip(alpha, path.dirname(known), QEMU_NAMES);
    expect(() => virsh(beta, ...tls, "qemu+tcp://alpha/system")).toThrow(/certificate/);
    expect(virsh(beta, "domstate", "counter")).toBe("running");
    await new Authority(new LabPaths(LAB)).equip(alpha, path.dirname(known), QEMU_NAMES);
    expect(fs.readFileSync(known)).toEqual(rightful);
  });

  test("runs a guest network with DHCP, and puts guests into the host's own control groups", () => {
    const beta = hostOf(load(LAB), "beta");
    const definition = path.join(scratch, "net.xml");
    fs.writeFileSync(
      definition,
      `<network><name>lan</name><bridge name='virbr7'/><forward mode='nat'/>
        <ip address='10.99.0.1' prefix='24'><dhcp><range start='10.99.0.2' end='10.99.0.9'/></dhcp></ip></network>`,
    );
    virsh(beta, "net-define", definition);
    virsh(beta, "net-start", "lan");
    expect(tracesOf(LAB, CHECKOUT).links).not.toContain("virbr7");
    virsh(beta, "schedinfo", "counter", "--set", "cpu_shares=512", "--live");
    expect(virsh(beta, "schedinfo", "counter")).toMatch(/cpu_shares\s*: 512/);
    const machines = tracesOf(LAB, CHECKOUT).cgroups.filter((group) => group.includes("counter"));
    expect(machines.length).toBeGreaterThan(0);
    expect(machines.every((group) => group.includes(`/kvm-fleet/${LAB}/beta/`))).toBe(true);
  });

  test("gets shared storage without a change to its hosts, and has it repaired", async () => {
    const before = load(LAB);
    const lab = await bringUp(LAB, 2, { shared: true });
    expect(lab).toEqual({ ...before, shared: { host: "198.18.0.1", volume: "shared" } });
    expect(await bringUp(LAB, 2)).toEqual(lab);
    const server = fabricProcesses(LAB);
    process.kill(serverNamed("glusterd", server), "SIGKILL");
    expect(await bringUp(LAB, 2)).toEqual(lab);
    expect(fabricProcesses(LAB).filter((pid) => server.includes(pid))).toEqual([]);
  });

  test("migrates a guest with a disk on shared storage without copying the disk", () => {
    const lab = load(LAB);
    const [alpha, beta] = [hostOf(lab, "alpha"), hostOf(lab, "beta")];
    for (const host of [alpha, beta]) startSharedPool(host, lab);
    virsh(alpha, "vol-create-as", "shared", "disk", "1M");
    virsh(beta, "pool-refresh", "shared");
    expect(virsh(beta, "vol-list", "shared")).toMatch(/^ *disk /);
    startGuest(alpha, "on-shared", "/var/lib/libvirt/shared/disk");
    virsh(
      alpha,
      "migrate",
      "--live",
      "--p2p",
      "--persistent",
      "--undefinesource",
      "on-shared",
      "qemu+tcp://beta/system",
    );
    expect(virsh(beta, "domstate", "on-shared")).toBe("running");
    expect(virsh(alpha, "list", "--all", "--name")).toBe("");
  });

  test("has hosts of Debian 12 and 13, and a guest migrates between them", async () => {
    const lab = await bringUp(OTHER_LAB, [
      { name: "alpha", kind: "debian12" },
      { name: "beta", kind: "debian13" },
    ]);
    expect((await status(OTHER_LAB)).hosts.map(({ name, kind }) => [name, kind])).toEqual([
      ["alpha", "debian12"],
      ["beta", "debian13"],
    ]);
    const [alpha, beta] = [hostOf(lab, "alpha"), hostOf(lab, "beta")];
    const running = (host: LabHost) => Number(/hypervisor: QEMU ([0-9]+)/.exec(virsh(host, "version"))?.[1]);
    expect([running(alpha), running(beta)]).toEqual([7, 10]);
    startGuest(alpha, "counter");
    const move = ["migrate", "--live", "--p2p", "--persistent", "--undefinesource", "counter"];
    virsh(alpha, ...move, "qemu+tcp://beta/system");
    expect(virsh(beta, "domstate", "counter")).toBe("running");
    virsh(beta, ...move, "qemu+tcp://alpha/system");
    expect(virsh(alpha, "domstate", "counter")).toBe("running");
    await expect(bringUp(OTHER_LAB, [{ name: "beta", kind: "debian12" }])).rejects.toThrow("is debian13, got debian12");
    await down({ name: OTHER_LAB, report });
    expect(tracesOf(OTHER_LAB, CHECKOUT)).toMatchObject({ namespaces: [], mounts: [], cgroups: [], directories: [] });
  });

  test("does not meet another lab", async () => {
    const other = await bringUp(OTHER_LAB, 2, { shared: true });
    startSharedPool(hostOf(other, "beta"), other);
    expect(virsh(hostOf(other, "beta"), "vol-list", "shared")).toBe("");
    const lab = load(LAB);
    expect(other.hosts.map((host) => host.address)).toEqual(lab.hosts.slice(0, 2).map((host) => host.address));
    startGuest(hostOf(other, "beta"), "counter");
    expect(virsh(hostOf(other, "beta"), "domuuid", "counter")).not.toBe(
      virsh(hostOf(lab, "beta"), "domuuid", "counter"),
    );
    await down({ name: OTHER_LAB, report });
    expect(virsh(hostOf(lab, "beta"), "domstate", "counter")).toBe("running");
  });

  test("is refused to another checkout", async () => {
    const owner = `/run/kvm-fleet/${LAB}/owner`;
    const rightful = fs.readFileSync(owner, "utf8");
    fs.writeFileSync(owner, `${scratch}\n`);
    try {
      const message = `lab '${LAB}' belongs to the checkout at ${scratch}`;
      await expect(bringUp(LAB, 2)).rejects.toThrow(message);
      await expect(down({ name: LAB, report })).rejects.toThrow(message);
      await expect(status(LAB)).rejects.toThrow(message);
    } finally {
      fs.writeFileSync(owner, rightful);
    }
  });

  test("leaves nothing behind when it is down", async () => {
    const before = tracesOf(LAB, CHECKOUT);
    // Two guests, a network's dnsmasq, three libvirtd, two mounts of shared storage, and its server's two processes.
    expect(new Set(before.processes).size).toBeGreaterThanOrEqual(10);
    await down({ name: LAB, report });
    const nothing = { namespaces: [], mounts: [], cgroups: [], processes: [], directories: [] };
    expect(tracesOf(LAB, CHECKOUT)).toEqual({ ...nothing, links: before.links });
    expect(stillAlive(before.processes)).toEqual([]);
    await down({ name: LAB, report });
    expect(() => load(LAB)).toThrow(`lab '${LAB}' is not up`);
    expect(await status(LAB)).toEqual({ name: LAB, up: false, hosts: [] });
  });

  test("leaves nothing behind after an up that failed half-way", async () => {
    const nothing = tracesOf(LAB, CHECKOUT);
    await bringUp(LAB, 1);
    // libvirtd can't start when its configuration is a directory's.
    const configuration = path.join(CHECKOUT, ".lab", LAB, "beta/etc/libvirt/libvirtd.conf");
    fs.mkdirSync(configuration, { recursive: true });
    await expect(bringUp(LAB, 2)).rejects.toThrow();
    await down({ name: LAB, report });
    expect(tracesOf(LAB, CHECKOUT)).toEqual(nothing);
  });
});
