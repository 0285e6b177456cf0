import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Lab, type LabImage, status, up } from "../../lab";
import { down } from "../../lab/down";
import { EditableCheckout } from "./editable-checkout";
import { HandMade, onOldBoard, SEED_DRIVE, virtInstall, withUefi } from "./hand-made";
import { Newcomer, type Ran } from "./newcomer";

jest.setTimeout(1_800_000);

const labName = process.env.KVM_FLEET_LAB_NAME ?? "test";
const report = (): undefined => undefined;
/** What is adopted, in the order in which it is made. */
const machines = ["web-1", "web-2", "web-3", "secure", "old"];

let lab: Lab & { readonly image: LabImage };
let broughtUp: boolean;
let checkout: EditableCheckout;
let newcomer: Newcomer;
let host: HandMade;
let uri: string;

beforeAll(async () => {
  broughtUp = !(await status(labName)).up;
  lab = (await up({ name: labName, hosts: 1, report })) as typeof lab;
  uri = lab.hosts[0]?.uri ?? "";
  host = new HandMade(uri);
  host.makeSurroundings(lab.image.path, lab.image.virtualSize);
  host.makeMachine("web-1", virtInstall("web-1", "52:54:00:aa:00:01", SEED_DRIVE));
  host.makeMachine("web-2", virtInstall("web-2", "52:54:00:aa:00:02"));
  host.makeMachine("web-3", virtInstall("web-3", "52:54:00:aa:00:03"));
  host.makeMachine("secure", withUefi("secure"));
  host.makeMachine("old", onOldBoard("old"));
  host.makeMachine("passing", virtInstall("passing", "52:54:00:aa:00:41"));
  host.virsh("start", "web-1");
  host.virsh("start", "old", "--paused");
  host.makeTransient("passing");

  checkout = new EditableCheckout();
  checkout.edit("cdktf.json", "stacks/main.ts", "main.ts");
  checkout.write(
    "main.ts",
    'import { App } from "cdktf";\n\nconst app = new App({ stackTraces: false });\napp.synth();\n',
  );
  newcomer = new Newcomer(labName, checkout.folder);
});

afterAll(async () => {
  newcomer.leave();
  checkout.remove();
  host.remove();
  if (broughtUp) await down({ name: labName, report });
});

function successful(ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`exit code ${String(ran.code)}:\n${ran.stdout}\n${ran.stderr}`);
  return ran;
}

function read(file: string): string {
  return readFileSync(join(checkout.folder, file), "utf8");
}

/** libvirt's ids of the running guests. A guest that was started again has another one. */
function runs(): readonly string[] {
  return ["web-1", "old"].map((name) => host.virsh("domid", name));
}

/** What the machines are, without what a guest changes by itself: whether its agent is connected. */
function definitions(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    machines.map((name) => [name, host.virsh("dumpxml", name).replace(/ state='(dis)?connected'/g, "")]),
  );
}

describe("kvm-fleet adopt, on a host with machines of virt-install and virt-manager", () => {
  let before: Readonly<Record<string, string>>;
  let running: readonly string[];

  beforeAll(() => {
    [before, running] = [definitions(), runs()];
  });

  test("writes nothing if a host does not answer, and says so", () => {
    const gone = "qemu+unix:///system?socket=/nonexistent/sock";
    const ran = newcomer.kvmFleet("adopt", uri, gone);

    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/host \S+ can't be reached, so nothing was written: .*\/nonexistent\/sock/);
    expect(readdirSync(join(checkout.folder, "stacks"))).not.toContain("fleet.ts");
  });

  test("writes code whose plan imports everything and changes nothing", () => {
    const { stdout } = successful(newcomer.kvmFleet("adopt", uri, "--into", "stacks"));

    expect(stdout).toContain("adopted 13 (5 machines, 1 network, 1 pool, 6 volumes), with notes 2, left alone 1");
    expect(stdout).toMatch(/machine local\/old: .*parallel port 0/);
    expect(stdout).toMatch(/machine local\/passing: libvirt keeps no definition of it.*; define it/);
    const code = read("stacks/local.ts");
    expect(code).toMatch(/for \(const \{ name, mac \} of webMachines\)/);
    expect(code).toContain('address: "192.168.122.11"');
    expect(code).toContain("image: debian12");
    expect(read("stacks/local.imports.ts").match(/ id: /g)).toHaveLength(13);
    expect(runs()).toEqual(running);
  });

  test("a deployment of it changes nothing on the host, and the next plan is empty", () => {
    const { stdout } = successful(newcomer.kvmFleet("deploy", "--auto-approve", "local"));

    expect(stdout).toContain("13 imported, 0 added, 0 changed, 0 destroyed");
    expect(definitions()).toEqual(before);
    expect(runs()).toEqual(running);
    expect(newcomer.kvmFleet("plan").code).toBe(0);
  });

  test("a change of the code changes that alone", () => {
    checkout.edit("stacks/local.ts", 'title: "the old one"', 'title: "an older one"');

    successful(newcomer.kvmFleet("deploy", "--auto-approve", "local"));

    const title = (xml: string | undefined) => xml?.replace("the old one", "an older one");
    expect(definitions()).toEqual({ ...before, old: title(before.old) });
    expect(runs()).toEqual(running);
  });

  test("takes over only what is new when it runs again", () => {
    host.makeMachine("late", virtInstall("late", "52:54:00:aa:00:51"));

    const { stdout } = successful(newcomer.kvmFleet("adopt", "local"));

    expect(stdout).toContain("adopted 2 (1 machine, 1 volume)");
    expect(stdout).toContain("stacks/local-2.ts");
    expect(read("stacks/local-2.ts")).toContain('StoragePool.fromStoragePoolAttributes(local, "default"');
    expect(successful(newcomer.kvmFleet("adopt", "local")).stdout).toContain("nothing to adopt");
  });
});
