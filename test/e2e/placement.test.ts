import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Lab, status, up } from "../../lab";
import { down } from "../../lab/down";
import { EditableCheckout } from "./editable-checkout";
import { Newcomer, type Ran } from "./newcomer";
import { SerialLog, uninterrupted } from "./serial-log";

/** Time limits for what hangs: two guests can boot at the same time, without hardware acceleration. */
const BOOT_DEADLINE = 600_000;

jest.setTimeout(1_800_000);

const labName = process.env.KVM_FLEET_LAB_NAME ?? "test";
const report = (): undefined => undefined;
const names = ["placed-1", "placed-2"] as const;

/** Two machines that should not be on the same host. */
const app = `
import { App, LocalBackend, TerraformStack } from "cdktf";
import { AntiAffinity, BaseImage, Cidr, Fleet, Host, IsolatedNetwork, Size, StoragePool, VirtualMachine } from "../constructs";
import { load } from "../lab";

const { accelerator, hosts, image } = load("${labName}");
if (image === undefined) throw new Error("the lab has no image");
const { path: source, sha256 } = image;
const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, "placed");
new LocalBackend(stack, { path: "../../../placed.tfstate" });
const leaving: readonly string[] = [];
const fleet = new Fleet(stack, "fleet", {
  hosts: hosts.map(
    ({ name, uri, tcpUri }) =>
      new Host(stack, name, { uri, accelerator, migrationUri: tcpUri, maintenance: leaving.includes(name) }),
  ),
});
const pools = fleet.onEachHost((host) => new StoragePool(host, "vms", { host, path: "/var/lib/libvirt/placed" }));
const images = fleet.onEachHost((host) => {
  const pool = pools.on(host);
  return pool && new BaseImage(host, "guest", { pool, source, sha256 });
});
const networks = fleet.onEachHost((host) => new IsolatedNetwork(host, "lan", { host, cidr: Cidr.parse("10.40.0.0/24") }));
const machines = ["placed-1", "placed-2"].map(
  (name) =>
    new VirtualMachine(stack, name, {
      host: fleet,
      image: images,
      network: networks,
      memory: Size.mebibytes(192),
      serialLog: \`/var/log/libvirt/qemu/\${name}-serial.log\`,
      serialLogAppend: true,
    }),
);
new AntiAffinity(stack, "apart", { machines, preferred: true });
app.synth();
`;

let lab: Lab;
let broughtUp: boolean;
let checkout: EditableCheckout;
let newcomer: Newcomer;

beforeAll(async () => {
  broughtUp = !(await status(labName)).up;
  lab = await up({ name: labName, hosts: 2, report });
  checkout = new EditableCheckout();
  checkout.write("stacks/main.ts", app);
  newcomer = new Newcomer(labName, checkout.folder);
  for (const name of names) {
    for (const host of lab.hosts) new SerialLog(labName, name).clear(host.name);
  }
});

afterAll(async () => {
  newcomer.kvmFleet("destroy", "--auto-approve");
  newcomer.leave();
  checkout.remove();
  if (broughtUp) await down({ name: labName, report });
});

function run(code: number, ...args: readonly string[]): Ran {
  const ran = newcomer.kvmFleet(...args);
  if (ran.code !== code) {
    throw new Error(`it ended with exit code ${String(ran.code)}, not ${code}:\n${ran.stdout}\n${ran.stderr}`);
  }
  return ran;
}

/** The machines that run on a host. */
function on(host: string): readonly string[] {
  const { uri } = lab.hosts.find(({ name }) => name === host) ?? { uri: "" };
  return execFileSync("virsh", ["--quiet", "--connect", uri, "list", "--name"], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}

/** The hosts that the lock file has for the two machines. */
function decisions(): readonly (string | undefined)[] {
  const file = path.join(checkout.folder, "kvm-fleet.lock.json");
  const { machines } = JSON.parse(fs.readFileSync(file, "utf8")) as { machines: Record<string, { host: string }> };
  return names.map((name) => machines[`placed/${name}`]?.host);
}

/** Waits until the guest has counted on, on the host where it is now. */
async function counting(log: SerialLog, host: string): Promise<void> {
  log.read(host);
  const before = log.counts().length;
  for (const end = Date.now() + BOOT_DEADLINE; log.counts().length <= before + 1;) {
    if (Date.now() > end) throw new Error(`waited ${BOOT_DEADLINE / 1000} s for the guest to count on ${host}`);
    await pause(200);
    log.read(host);
  }
}

describe("machines on a fleet", () => {
  test("are not synthesized without decisions, and the message names the command", () => {
    expect(run(1, "plan").stderr).toContain("run 'kvm-fleet place'");
  });

  test("are placed apart, by what the hosts have", () => {
    run(0, "hosts", "--write");
    run(0, "place");

    expect([...decisions()].sort()).toEqual(["alpha", "beta"]);
    expect(run(0, "place", "--check").stdout).toContain("all 2 decisions hold");
  });

  test("run where the lock file says", () => {
    run(0, "deploy", "--auto-approve");

    expect(decisions().map((host) => on(host ?? ""))).toEqual(names.map((name) => [name]));
  });

  test("leave a host in maintenance without an interruption, and come back", async () => {
    const [home = ""] = decisions();
    const [, other = ""] = decisions();
    const log = new SerialLog(labName, names[0]);
    await counting(log, home);
    checkout.edit("stacks/main.ts", "leaving: readonly string[] = [];", `leaving: readonly string[] = ["${home}"];`);

    expect(run(1, "place", "--check").stderr).toContain(`'${home}' is in maintenance`);
    run(0, "place");
    expect(decisions()).toEqual([other, other]);
    expect(run(0, "deploy", "--auto-approve").stdout).toContain(`${names[0]} migrates live from ${home} to ${other}`);
    expect([on(home), [...on(other)].sort()]).toEqual([[], names]);
    log.read(home);
    await counting(log, other);
    expect(log.counts()).toEqual(uninterrupted(log.counts()));

    checkout.edit("stacks/main.ts", `leaving: readonly string[] = ["${home}"];`, "leaving: readonly string[] = [];");
    run(0, "place");
    expect(decisions()).toEqual([other, other]);
    run(0, "place", "--rebalance");
    expect([...decisions()].sort()).toEqual(["alpha", "beta"]);
  });
});
