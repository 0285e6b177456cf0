import { execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { type Lab, status, up } from "../../lab";
import { down } from "../../lab/down";
import { EditableCheckout } from "./editable-checkout";
import { Newcomer, type Ran } from "./newcomer";
import { SerialLog, uninterrupted } from "./serial-log";

/** Time limits for what hangs: a guest boots without hardware acceleration. */
const BOOT_DEADLINE = 600_000;
const COUNT_DEADLINE = 120_000;

jest.setTimeout(1_800_000);

const labName = process.env.KVM_FLEET_LAB_NAME ?? "test";
const report = (): undefined => undefined;
const main = "stacks/main.ts";

let lab: Lab;
let broughtUp: boolean;
let checkout: EditableCheckout;
let newcomer: Newcomer;
let log: SerialLog;
let identity: readonly string[];

/** A machine, a data volume and a snapshot. Each edit below moves them in the code. */
const program = `
import { App, LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { BaseImage, Cidr, CloudInit, Host, IsolatedNetwork, movedFrom, Size, StoragePool, VirtualMachine, Volume } from "../constructs";
import { load } from "../lab";

const { accelerator, hosts, image } = load("${labName}");
if (image === undefined || hosts[0] === undefined) throw new Error("the lab has no image, or no host");
const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, "moving");
new LocalBackend(stack, { path: "../../../moving.tfstate" });
const host = new Host(stack, "alpha", { uri: hosts[0].uri, accelerator });
const pool = new StoragePool(stack, "moving-pool", { host, path: "/var/lib/libvirt/images/moving" });
const guest = new BaseImage(stack, "guest", { pool, source: image.path, sha256: image.sha256 });
const network = new IsolatedNetwork(stack, "moving", { host, cidr: Cidr.parse("10.40.0.0/24") });

export class Tier extends Construct {
  constructor(scope: Construct, id: string, formerly?: string) {
    super(scope, id);
    movedFrom(this, formerly);
  }
}
const scope: Construct = stack;
new VirtualMachine(scope, "mover-1", {
  host,
  image: guest,
  memory: Size.mebibytes(192),
  networks: [{ network, address: "10.40.0.10" }],
  disks: [{ volume: new Volume(scope, "mover-data", { pool, size: Size.mebibytes(64) }) }],
  cloudInit: new CloudInit({ files: [{ path: "/etc/motd", content: "moved" }] }),
  serialLog: "/var/log/libvirt/qemu/mover-1-serial.log",
  serialLogAppend: true,
  shutdown: { timeout: 0 },
});
app.synth();
`;

beforeAll(async () => {
  broughtUp = !(await status(labName)).up;
  lab = await up({ name: labName, hosts: 2, report });
  checkout = new EditableCheckout();
  checkout.write(main, program);
  newcomer = new Newcomer(labName, checkout.folder);
  log = new SerialLog(labName, "mover-1");
  log.clear("alpha");
});

afterAll(async () => {
  newcomer.kvmFleet("destroy", "--auto-approve");
  newcomer.leave();
  checkout.remove();
  if (broughtUp) await down({ name: labName, report });
});

function virsh(...args: readonly string[]): string {
  const uri = lab.hosts.find(({ name }) => name === "alpha")?.uri ?? "";
  return execFileSync("virsh", ["--quiet", "--connect", uri, ...args], { encoding: "utf8" }).trim();
}

function ending(code: number, ran: Ran): string {
  if (ran.code !== code) {
    throw new Error(`it ended with exit code ${String(ran.code)}, not ${code}:\n${ran.stdout}\n${ran.stderr}`);
  }
  return ran.stdout;
}

/** Waits until the guest has counted on. */
async function counting(deadline = COUNT_DEADLINE): Promise<void> {
  log.read("alpha");
  const before = log.counts().length;
  for (const end = Date.now() + deadline; log.counts().length === before;) {
    if (Date.now() > end) throw new Error(`waited ${deadline / 1000} s for the guest to count`);
    await pause(200);
    log.read("alpha");
  }
}

/** What must be the same after each move: the UUID, the process of the guest, the volumes, the MAC address and its reservation. */
function identityOf(): readonly string[] {
  return [
    virsh("domuuid", "mover-1"),
    virsh("domid", "mover-1"),
    virsh("domiflist", "mover-1"),
    virsh("domblklist", "mover-1"),
    virsh("vol-list", "moving-pool"),
    /<host mac.*/.exec(virsh("net-dumpxml", "moving"))?.[0] ?? "no reservation",
  ];
}

/** Deploys a change that only moves resources, and checks that the guest has not noticed. */
async function moves(...addresses: readonly (readonly [from: string, to: RegExp])[]): Promise<void> {
  const planned = ending(2, newcomer.kvmFleet("plan"));
  expect(planned).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
  for (const [from, to] of addresses) {
    expect(planned).toMatch(new RegExp(`# ${from} has moved to ${to.source}`));
  }
  expect(ending(0, newcomer.kvmFleet("deploy", "--auto-approve"))).toContain(
    "Apply complete! Resources: 0 added, 0 changed, 0 destroyed.",
  );
  expect(identityOf()).toEqual(identity);
  expect(ending(0, newcomer.kvmFleet("plan"))).toContain("No changes.");
  await counting();
  expect(log.counts()).toEqual(uninterrupted(log.counts()));
}

describe("a machine that moves in the code", () => {
  test("runs where it was made", async () => {
    ending(0, newcomer.kvmFleet("deploy", "--auto-approve"));
    await counting(BOOT_DEADLINE);
    identity = identityOf();
  });

  test("keeps everything when it moves into a construct", async () => {
    checkout.edit(main, "const scope: Construct = stack;", 'const scope: Construct = new Tier(stack, "tier");');
    checkout.edit(main, "  serialLogAppend: true,", '  serialLogAppend: true,\n  formerly: "mover-1",');
    checkout.edit(main, "size: Size.mebibytes(64) }", 'size: Size.mebibytes(64), formerly: "mover-data" }');
    await moves(
      ["libvirt_domain.mover-1", /libvirt_domain.tier_mover-1_\w+/],
      ["libvirt_volume.mover-1_root_\\w+", /libvirt_volume.tier_mover-1_root_\w+/],
      ["libvirt_seed.mover-1_cloud-init_\\w+", /libvirt_seed.tier_mover-1_cloud-init_\w+/],
      ["libvirt_volume.mover-data", /libvirt_volume.tier_mover-data_\w+/],
    );
  });

  test("keeps everything when its construct moves", async () => {
    checkout.edit(main, 'new Tier(stack, "tier")', 'new Tier(new Tier(stack, "shop"), "front", "tier")');
    await moves(
      ["libvirt_domain.tier_mover-1_\\w+", /libvirt_domain.shop_front_mover-1_\w+/],
      ["libvirt_volume.tier_mover-data_\\w+", /libvirt_volume.shop_front_mover-data_\w+/],
    );
  });

  test("keeps everything when it moves out again under another id", async () => {
    checkout.edit(main, 'new VirtualMachine(scope, "mover-1"', 'new VirtualMachine(stack, "renamed"');
    checkout.edit(main, 'formerly: "mover-1"', 'formerly: ["mover-1", "tier/mover-1", "shop/front/mover-1"]');
    await moves(["libvirt_domain.shop_front_mover-1_\\w+", /libvirt_domain.renamed/]);
  });
});

describe("a protected machine", () => {
  test("is not destroyed, whatever asks for it", () => {
    checkout.edit(main, "  serialLogAppend: true,", "  serialLogAppend: true,\n  protect: true,");
    ending(0, newcomer.kvmFleet("deploy", "--auto-approve"));
    expect(identityOf()).toEqual(identity);

    const refused = newcomer.kvmFleet("destroy", "--auto-approve");
    expect(refused.code).toBe(1);
    // Terraform does not ask about the volumes, because the machine that uses them is kept.
    expect(refused.stderr).toContain('Error: Unable to destroy domain "mover-1"');
    expect(identityOf()).toEqual(identity);
  });

  test("is destroyed after the protection is lifted", () => {
    checkout.edit(main, "  protect: true,", "  protect: false,");
    ending(0, newcomer.kvmFleet("deploy", "--auto-approve"));
    ending(0, newcomer.kvmFleet("destroy", "--auto-approve"));
    expect(virsh("list", "--all", "--name")).not.toContain("mover-1");
  });
});
