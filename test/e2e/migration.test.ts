import { execFileSync, spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { type Lab, type LabHost, status, up } from "../../lab";
import { down } from "../../lab/down";
import { EditableCheckout } from "./editable-checkout";
import { Newcomer, type Ran } from "./newcomer";
import { SerialLog, uninterrupted } from "./serial-log";

/** Time limits for what hangs: two guests can boot at the same time, without hardware acceleration. */
const BOOT_DEADLINE = 600_000;
const COUNT_DEADLINE = 120_000;
const ANSWER_DEADLINE = 120_000;

jest.setTimeout(1_800_000);

const labName = process.env.KVM_FLEET_LAB_NAME ?? "test";
const report = (): undefined => undefined;
const stack = "stacks/quickstart.ts";
const address = "10.10.0.11";

let lab: Lab;
let broughtUp: boolean;
let checkout: EditableCheckout;
let newcomer: Newcomer;
let log: SerialLog;
let identity: string;

beforeAll(async () => {
  broughtUp = !(await status(labName)).up;
  lab = await up({ name: labName, hosts: 2, report });
  checkout = new EditableCheckout();
  newcomer = new Newcomer(labName, checkout.folder);
  log = new SerialLog(labName, "web-1");
  for (const { name } of lab.hosts) log.clear(name);
});

afterAll(async () => {
  newcomer.kvmFleet("destroy", "--auto-approve");
  newcomer.leave();
  checkout.remove();
  if (broughtUp) await down({ name: labName, report });
});

function hostOf(name: string): LabHost {
  const host = lab.hosts.find((it) => it.name === name);
  if (host === undefined) throw new Error(`lab '${labName}' has no host '${name}'`);
  return host;
}

function virsh(host: string, ...args: readonly string[]): string {
  return execFileSync("virsh", ["--quiet", "--connect", hostOf(host).uri, ...args], { encoding: "utf8" }).trim();
}

/** The key that the guest's sshd answers with, asked from the host that it is on. */
async function answerOn(host: string): Promise<string> {
  const ask = ["ssh-keyscan", "-t", "ed25519", address];
  for (const end = Date.now() + ANSWER_DEADLINE; Date.now() < end;) {
    // Its exit code tells the same: newer versions end with 1 while nothing listens.
    const { stdout } = spawnSync("ip", ["netns", "exec", hostOf(host).netns, ...ask], { encoding: "utf8" });
    if (stdout !== "") return stdout;
    await pause(500);
  }
  throw new Error(`waited ${ANSWER_DEADLINE / 1000} s for web-1 to answer at ${address} on ${host}`);
}

/** The one line that moves web-1. */
function move(from: string, to: string): void {
  checkout.edit(stack, `{ name: "web-1", on: "${from}",`, `{ name: "web-1", on: "${to}",`);
}

function deploy(): string {
  return ending(0, newcomer.kvmFleet("deploy", "--auto-approve")).stdout;
}

function ending(code: number, ran: Ran): Ran {
  if (ran.code !== code) {
    throw new Error(`it ended with exit code ${String(ran.code)}, not ${code}:\n${ran.stdout}\n${ran.stderr}`);
  }
  return ran;
}

/** Waits until the guest has counted on, on the host where it is now. */
async function counting(host: string, deadline = COUNT_DEADLINE): Promise<void> {
  log.read(host);
  const before = log.counts().length;
  for (const end = Date.now() + deadline; log.counts().length === before;) {
    if (Date.now() > end) throw new Error(`waited ${deadline / 1000} s for the guest to count on ${host}`);
    await pause(200);
    log.read(host);
  }
}

/** On storage that both hosts mount, where the image and a volume are made on alpha, and the machine on beta. */
const onSharedStorage = `
import { App, LocalBackend, TerraformStack } from "cdktf";
import { BaseImage, Cidr, Host, IsolatedNetwork, Size, StoragePool, VirtualMachine, Volume } from "../constructs";
import { load } from "../lab";

const { accelerator, hosts, image, shared } = load("${labName}");
if (image === undefined || shared === undefined) throw new Error("the lab has no image, or no shared storage");
const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, "shared");
new LocalBackend(stack, { path: "../../../shared.tfstate" });
const on: string = "beta";
for (const { name, uri, tcpUri } of hosts) {
  const host = new Host(stack, name, { uri, accelerator, migrationUri: tcpUri });
  const pool = StoragePool.gluster(host, "vms", { host, server: shared.host, volume: shared.volume, path: "/var/lib/libvirt/shared" });
  const network = new IsolatedNetwork(host, "shared", { host, cidr: Cidr.parse("10.30.0.0/16") });
  if (name === "alpha") {
    new BaseImage(stack, "guest", { pool, source: image.path, sha256: image.sha256 });
    new Volume(stack, "data", { pool, size: Size.mebibytes(64) });
  }
  if (name === on) {
    new VirtualMachine(stack, "shared-1", {
      host,
      network,
      image: stack.node.findChild("guest") as BaseImage,
      disks: [{ volume: stack.node.findChild("data") as Volume }],
      memory: Size.mebibytes(192),
      serialLog: "/var/log/libvirt/qemu/shared-1-serial.log",
      serialLogAppend: true,
    });
  }
}
app.synth();
`;

describe("a machine that moves by one edited line", () => {
  test("counts and answers where it was made", async () => {
    deploy();
    await counting("alpha", BOOT_DEADLINE);

    identity = await answerOn("alpha");
    expect(identity).toMatch(/^10\.10\.0\.11 ssh-ed25519 \S+$/m);
  });

  test("is one change in the plan, with the way it moves", () => {
    move("alpha", "beta");
    const { stdout } = ending(2, newcomer.kvmFleet("plan"));

    expect(stdout).toContain('~ host        = "alpha" -> "beta"');
    expect(stdout).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    expect(stdout).toContain("Warning: web-1 migrates live from alpha to beta\n");
  });

  test.each([
    ["there", "alpha", "beta"],
    ["and back again", "beta", "alpha"],
  ])("keeps counting %s", async (_where, from, to) => {
    const kept = log.on(to);
    if (from === "beta") move("beta", "alpha");
    expect(deploy()).toContain("Apply complete! Resources: 0 added, 1 changed, 0 destroyed.");
    log.read(from);
    await counting(to);

    expect(virsh(to, "domstate", "web-1")).toBe("running");
    expect(virsh(from, "list", "--all", "--name").split("\n")).not.toContain("web-1");
    expect(log.on(to).startsWith(kept)).toBe(true);
    expect(log.counts()).toEqual(uninterrupted(log.counts()));
    expect(log.counts()[0]).toBe(1);
    expect(await answerOn(to)).toBe(identity);
    expect(ending(0, newcomer.kvmFleet("plan")).stdout).toContain("No changes.");
    expect(newcomer.kvmFleet("status").stdout).toMatch(new RegExp(`^${to} +web-1 +running .* ${address}$`, "m"));
  });

  test("leaves the host before the pool, the network and the image that it used there, in one apply", async () => {
    move("alpha", "beta");
    checkout.edit(
      stack,
      "lab.hosts.map((host, index) => new Site(this, lab, host, index))",
      `lab.hosts.flatMap((host, index) => {
        if (host.name !== "alpha") return [new Site(this, lab, host, index)];
        new Host(this, "alpha", { uri: host.uri, accelerator: lab.accelerator, migrationUri: host.tcpUri });
        return [];
      })`,
    );
    expect(deploy()).toContain("Apply complete! Resources: 0 added, 1 changed, 3 destroyed.");
    log.read("alpha");
    await counting("beta");

    const left = ["list --all --name", "net-list --all --name", "pool-list --all --name"];
    expect(left.map((query) => virsh("alpha", ...query.split(" ")))).toEqual(["", "", ""]);
    expect(log.counts()).toEqual(uninterrupted(log.counts()));
    expect(ending(0, newcomer.kvmFleet("plan")).stdout).toContain("No changes.");
  });
});

describe("a machine on storage that its hosts share", () => {
  let other: EditableCheckout;
  let another: Newcomer;

  beforeAll(async () => {
    await up({ name: labName, hosts: 2, shared: true, report });
    other = new EditableCheckout();
    other.write("stacks/main.ts", onSharedStorage);
    another = new Newcomer(labName, other.folder);
    log = new SerialLog(labName, "shared-1");
    for (const { name } of lab.hosts) log.clear(name);
  });

  afterAll(() => {
    another.kvmFleet("destroy", "--auto-approve");
    another.leave();
    other.remove();
  });

  test("is made of what another host has made there", async () => {
    ending(0, another.kvmFleet("deploy", "--auto-approve"));
    await counting("beta", BOOT_DEADLINE);
  });

  test("moves, and its disks stay where they are", async () => {
    other.edit("stacks/main.ts", 'const on: string = "beta";', 'const on: string = "alpha";');
    const { stdout } = ending(0, another.kvmFleet("deploy", "--auto-approve"));
    log.read("beta");
    await counting("alpha");

    expect(stdout).toContain("Warning: shared-1 migrates live from beta to alpha\n");
    expect(stdout).not.toContain("Copied to");
    expect(log.counts()).toEqual(uninterrupted(log.counts()));
    expect(ending(0, another.kvmFleet("plan")).stdout).toContain("No changes.");
  });
});
