import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Inventory } from "../../bin/pipeline/inventory";
import { type Lab, status, up } from "../../lab";
import { down } from "../../lab/down";
import { Newcomer, type Ran } from "./newcomer";
import { SerialLog } from "./serial-log";

/** The time limit for what hangs: two guests can boot at the same time, without hardware acceleration. */
const BOOT_DEADLINE = 600_000;

/** How many lines of a command's output are shown when it fails. */
const LINES_SHOWN = 60;

jest.setTimeout(1_800_000);

const labName = process.env.KVM_FLEET_LAB_NAME ?? "test";
const report = (): undefined => undefined;
let newcomer: Newcomer;
let lab: Lab;
let broughtUp: boolean;

beforeAll(async () => {
  broughtUp = !(await status(labName)).up;
  lab = await up({ name: labName, hosts: 2, report });
  newcomer = new Newcomer(labName);
  clearConsoles();
});

afterAll(async () => {
  newcomer.kvmFleet("destroy", "--auto-approve");
  newcomer.leave();
  if (broughtUp) await down({ name: labName, report });
});

function virsh(host: string, ...args: readonly string[]): string {
  const { uri } = lab.hosts.find(({ name }) => name === host) ?? { uri: "" };
  return execFileSync("virsh", ["--quiet", "--connect", uri, ...args], { encoding: "utf8" }).trim();
}

function consoleOf(host: string, vm: string): readonly string[] {
  return new SerialLog(labName, vm).on(host).split(/\r?\n/);
}

/** Empties the machines' logs. A new machine appends to the log of an earlier one with the same name. */
function clearConsoles(): void {
  for (const { name } of lab.hosts) {
    for (const vm of ["web-1", "web-2"]) new SerialLog(labName, vm).clear(name);
  }
}

function inventory(): Inventory {
  return JSON.parse(successful(newcomer.kvmFleet("status", "--json")).stdout) as Inventory;
}

/** Everything of the stack that the hosts report. */
function leftovers(): readonly string[] {
  return ["list --all --name", "net-list --all --name", "pool-list --all --name"].flatMap((query) =>
    lab.hosts.flatMap(({ name }) =>
      virsh(name, ...query.split(" "))
        .split("\n")
        .filter(Boolean),
    ),
  );
}

/** Fails with the output of a command that ended with another exit code. */
function ending(code: number, ran: Ran): Ran {
  if (ran.code !== code) {
    // cdktf repeats its output with every state that it shows: the reason is at the end.
    const output = [ran.stdout, ran.stderr].map((text) => text.split("\n").slice(-LINES_SHOWN).join("\n"));
    throw new Error(`it ended with exit code ${String(ran.code)}, not ${code}:\n${output.join("\n")}`);
  }
  return ran;
}

function successful(ran: Ran): Ran {
  return ending(0, ran);
}

async function until(what: string, deadline: number, condition: () => boolean): Promise<void> {
  const end = Date.now() + deadline;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${deadline / 1000} s for ${what}`);
    await pause(500);
  }
}

/** The guest's last word on having applied all its first-boot data is that it begins to count. */
function booted(host: string, vm: string): Promise<void> {
  const counts = (): boolean => consoleOf(host, vm).some((line) => line.startsWith("count "));
  return until(`${vm} to count`, BOOT_DEADLINE, counts);
}

describe("kvm-fleet", () => {
  test("plans to create everything", () => {
    expect(newcomer.kvmFleet("plan")).toMatchObject({ code: 2, stderr: "" });
  });

  test("deploys the stack", () => {
    successful(newcomer.kvmFleet("deploy", "quickstart", "--auto-approve"));

    expect(virsh("alpha", "list", "--name")).toBe("web-1");
    expect(virsh("beta", "list", "--name")).toBe("web-2");
  });

  test("has nothing to change after that", () => {
    expect(successful(newcomer.kvmFleet("plan")).stdout).toContain("No changes.");
    expect(successful(newcomer.kvmFleet("drift")).stdout).toMatch(/^No drift: \d+ objects compared\.$/m);
  });

  test.each([
    ["alpha", "web-1"],
    ["beta", "web-2"],
  ])("has booted the guest on %s, and given it its first-boot data", async (host, vm) => {
    await booted(host, vm);

    expect(consoleOf(host, vm)).toContain(`cloud-init hostname ${vm}`);
    expect(consoleOf(host, vm)).toContain("cloud-init file /etc/motd");
    expect(consoleOf(host, vm)).toContainEqual(expect.stringMatching(/^cloud-init ssh-key \S+ SHA256:/));
  });

  test("shows what runs where, with the addresses that the guests got by DHCP", async () => {
    const domains = (): readonly { host: string; name: string; state: string; addresses: readonly string[] }[] =>
      inventory().hosts.flatMap(({ name: host, domains: all }) => all.map((domain) => ({ host, ...domain })));
    await until("addresses", BOOT_DEADLINE, () => domains().every(({ addresses }) => addresses.length > 0));

    expect(domains()).toEqual([
      expect.objectContaining({ host: "alpha", name: "web-1", state: "running", vcpu: 1, memory: 262144 }),
      expect.objectContaining({ host: "beta", name: "web-2", state: "running", vcpu: 1, memory: 262144 }),
    ]);
    for (const { host, name, addresses } of domains()) {
      expect(consoleOf(host, name)).toContainEqual(
        expect.stringMatching(new RegExp(`^address \\S+ ${addresses[0] ?? ""}`)),
      );
    }
    expect(successful(newcomer.kvmFleet("status")).stdout).toMatch(/^alpha +web-1 +running +1 +256 MiB +10\.10\.0\./m);
  });

  test("reboots, stops and starts a machine", async () => {
    const counts = (): number[] => new SerialLog(labName, "web-1").all("alpha");
    const last = counts().length;
    const rebooted = (): boolean =>
      counts().some((count, index) => index >= last && count < (counts()[index - 1] ?? 0));

    expect(successful(newcomer.kvmFleet("reboot", "web-1", "--auto-approve")).stdout).toContain(
      "quickstart/web-1 on alpha: asked to reboot\n",
    );
    await until("web-1 to boot again", BOOT_DEADLINE, rebooted);
    expect(successful(newcomer.kvmFleet("stop", "quickstart/web-1", "--auto-approve")).stdout).toContain(
      "quickstart/web-1 on alpha: stopped; it is declared as running, so the next deployment changes that\n",
    );
    expect(virsh("alpha", "domstate", "web-1")).toBe("shut off");
    expect(successful(newcomer.kvmFleet("start", "web-1")).stdout).toContain("quickstart/web-1 on alpha: running\n");
    expect(virsh("alpha", "domstate", "web-1")).toBe("running");
    expect(ending(1, newcomer.kvmFleet("start", "web-9")).stderr).toContain(
      "no machine is named 'web-9'; the machines are web-1, web-2",
    );
  });

  test("shows the log of a machine", () => {
    expect(successful(newcomer.kvmFleet("logs", "web-1")).stdout).toContain("starting up libvirt version");
    expect(
      successful(newcomer.kvmFleet("logs", "web-1", "--lines", "1"))
        .stdout.trimEnd()
        .split("\n"),
    ).toHaveLength(1);
    expect(ending(64, newcomer.kvmFleet("logs", "web-1", "--lines", "few")).stderr).toContain(
      "must be a whole number from 0 on, got 'few'",
    );
  });

  test("takes a snapshot that no plan changes", () => {
    expect(successful(newcomer.kvmFleet("snapshot", "web-2", "--name", "before")).stdout).toContain(
      "quickstart/web-2 on beta: has the snapshot before; no deployment changes that. To revert to it or remove it, " +
        "declare a Snapshot and import beta/web-2/before\n",
    );
    expect(virsh("beta", "snapshot-list", "web-2", "--name")).toBe("before");
    expect(successful(newcomer.kvmFleet("plan")).stdout).toContain("No changes.");
    expect(ending(1, newcomer.kvmFleet("snapshot", "web-2", "--name", "before")).stderr).toContain(
      "kvm-fleet: unable to take a snapshot of quickstart/web-2 on beta: ",
    );
    virsh("beta", "snapshot-delete", "web-2", "before");
  });

  test("shows the console of a machine until it is interrupted", async () => {
    let shown = "";
    const console = newcomer.begin((text) => (shown += text), "console", "web-2");
    await until("counts on the console", BOOT_DEADLINE, () => /^count \d+\r?$/m.test(shown));
    console.interrupt();

    expect(await console.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("sees a VM that was stopped behind its back, and starts it again", () => {
    virsh("beta", "destroy", "web-2");

    const saved = mkdtempSync(join(tmpdir(), "reviewed-"));
    const file = (name: string): string => join(saved, name);
    const content = (name: string): string => readFileSync(file(name), "utf8");
    const outputs = ["json", "markdown", "gitlab"].flatMap((it) => [`--${it}`, file(it)]);
    const planned = ending(2, newcomer.kvmFleet("plan", "--summary", "--out", saved, ...outputs));

    expect(planned.stdout).toContain("Found otherwise than the state said:\n  web-2 (stacks/quickstart.ts:");
    const drifted = [{ object: "web-2", source: expect.stringMatching(/^stacks\/quickstart\.ts:\d+$/) as string }];
    expect(JSON.parse(content("json"))).toMatchObject({
      stacks: [{ stack: "quickstart", counts: { add: 0, change: 1, destroy: 0 }, interrupted: [], drifted }],
    });
    expect(content("markdown")).toContain("| quickstart | 0 | 1 | 0 | 0 | 0 | 0 |");
    expect(content("markdown")).toContain("~ state");
    expect(content("gitlab")).toBe('{"create":0,"update":1,"delete":0}\n');

    successful(newcomer.kvmFleet("map", "--mermaid", file("fleet.mmd"), "--plan", saved));
    expect(content("fleet.mmd")).toContain('["machine web-2, 256 MiB (changed)"]:::changed');

    successful(newcomer.kvmFleet("deploy", "--plan", saved));
    expect(virsh("beta", "domstate", "web-2")).toBe("running");
    successful(newcomer.kvmFleet("plan"));

    // What was reviewed is applied once: the state has changed since.
    expect(ending(1, newcomer.kvmFleet("deploy", "--plan", saved)).stderr).toContain("stale");
    rmSync(saved, { recursive: true });
  });

  test("tells drift without a plan, and accepts it", () => {
    const folder = mkdtempSync(join(tmpdir(), "drift-"));
    const file = (name: string): string => join(folder, name);
    virsh("beta", "setmaxmem", "web-2", "524288", "--config");
    writeFileSync(file("network.xml"), "<network><name>stray</name></network>");
    virsh("alpha", "net-define", file("network.xml"));

    const told = ending(2, newcomer.kvmFleet("drift", "--json", file("drift.json"), "--markdown", file("drift.md")));
    expect(told.stdout).toMatch(/^quickstart +web-2 +beta +maximum\.memory +unset +524288$/m);
    expect(told.stdout).toContain("On the hosts, and not declared there:\n  network stray on alpha, inactive\n");
    expect(told.stdout).toMatch(
      /^1 object is otherwise than the state says, 1 is not declared: \d+ objects compared\.$/m,
    );
    expect(JSON.parse(readFileSync(file("drift.json"), "utf8"))).toMatchObject({
      findings: [
        { kind: "changed", object: "web-2", attribute: "maximum.memory", is: 524288 },
        { kind: "undeclared", type: "libvirt_network", name: "stray" },
      ],
      failed: [],
    });
    expect(readFileSync(file("drift.md"), "utf8")).toContain(
      "| quickstart | web-2 | beta | maximum.memory | unset | 524288 |",
    );

    successful(newcomer.kvmFleet("drift", "--accept", file("accepted.json")));
    virsh("alpha", "net-undefine", "stray");
    const later = successful(newcomer.kvmFleet("drift", "--accepted", file("accepted.json")));
    expect(later.stdout).toContain("Accepted, but not found any more:\n  network stray on alpha\n");
    expect(later.stdout).toMatch(/^No drift: \d+ objects compared, 1 finding accepted\.$/m);

    successful(newcomer.kvmFleet("deploy", "--auto-approve"));
    expect(successful(newcomer.kvmFleet("drift")).stdout).toContain("No drift: ");
    rmSync(folder, { recursive: true });
  });

  test("refuses to deploy plans that were not saved", () => {
    expect(newcomer.kvmFleet("deploy", "--plan", "/nowhere")).toMatchObject({
      code: 1,
      stderr:
        "kvm-fleet: /nowhere has no plan of quickstart; save one with 'kvm-fleet plan --out /nowhere', or name the stacks to deploy\n",
    });
  });

  test("asks before it changes anything, and refuses where it can't", () => {
    expect(newcomer.kvmFleet("destroy")).toMatchObject({
      code: 64,
      stderr: "kvm-fleet: 'destroy' requires approval, but there is no terminal to ask on; add '--auto-approve'\n",
    });
    expect(virsh("alpha", "list", "--name")).toBe("web-1");
  });

  test("destroys the stack, and leaves nothing on the hosts", async () => {
    await booted("beta", "web-2");
    successful(newcomer.kvmFleet("destroy", "--auto-approve"));

    expect(leftovers()).toEqual([]);
  });
});

describe("cdktf", () => {
  let another: Newcomer;

  beforeAll(() => {
    another = new Newcomer(labName);
    clearConsoles();
  });

  afterAll(() => {
    another.leave();
  });

  test("deploys the stack at its first run, with nothing to be remembered", () => {
    successful(another.cdktf("deploy", "--auto-approve"));

    expect(virsh("alpha", "list", "--name")).toBe("web-1");
    expect(virsh("beta", "list", "--name")).toBe("web-2");
  });

  test("leaves nothing to change for kvm-fleet", () => {
    successful(another.kvmFleet("plan"));
  });

  test("sees nothing to change itself", () => {
    expect(successful(another.cdktf("diff")).stdout).toContain("No changes.");
  });

  test("destroys the stack, and leaves nothing on the hosts", async () => {
    await Promise.all([booted("alpha", "web-1"), booted("beta", "web-2")]);
    successful(another.cdktf("destroy", "--auto-approve"));

    expect(leftovers()).toEqual([]);
  });
});
