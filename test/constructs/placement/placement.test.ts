import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import {
  Affinity,
  AntiAffinity,
  Cidr,
  Fleet,
  Host,
  NatNetwork,
  Size,
  Spread,
  StoragePool,
  VirtualMachine,
  type VirtualMachineProps,
} from "../../../constructs";
import { type DeclaredModel, formatDecisions, LOCK_FILE } from "../../../placement";
import { errorsOf, newStack, synthesize } from "../synthesis";

const before = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "placement-"));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
  delete process.env.KVM_FLEET_PLACEMENT_FILE;
  rmSync(folder, { recursive: true });
});

/** Writes decisions to the lock file: the host of each path. */
function decide(hosts: Readonly<Record<string, string>>): void {
  writeFileSync(LOCK_FILE, formatDecisions(new Map(Object.entries(hosts).map(([path, host]) => [path, { host }]))));
}

/** A fleet of three hosts in two racks. Only alpha and beta have the network. */
class Site {
  public readonly stack: TerraformStack;
  public readonly hosts: readonly Host[];
  public readonly fleet: Fleet;
  public readonly pools;
  public readonly networks;

  constructor(maintenance?: string) {
    this.stack = newStack("shop");
    this.hosts = ["alpha", "beta", "gamma"].map(
      (name) =>
        new Host(this.stack, name, {
          uri: `qemu+tcp://${name}/system`,
          labels: { rack: name === "gamma" ? "r2" : "r1" },
          maintenance: maintenance === name,
        }),
    );
    this.fleet = new Fleet(this.stack, "fleet", { hosts: this.hosts });
    const path = "/var/lib/libvirt/vms";
    this.pools = this.fleet.onEachHost((host) => new StoragePool(host, "vms", { host, path }));
    this.networks = this.fleet.onEachHost((host) =>
      host.hostName === "gamma" ? undefined : new NatNetwork(host, "lan", { host, cidr: Cidr.parse("10.1.0.0/24") }),
    );
  }

  public machine(id: string, props: Partial<VirtualMachineProps> = {}): VirtualMachine {
    return new VirtualMachine(this.stack, id, { host: this.fleet, memory: Size.gibibytes(1), ...props });
  }
}

/** What the app tells `kvm-fleet place`. */
function declaredBy(stack: TerraformStack): DeclaredModel {
  synthesize(stack);
  return JSON.parse(readFileSync(join(folder, "needs.json"), "utf8")) as DeclaredModel;
}

function ask(): void {
  process.env.KVM_FLEET_PLACEMENT_FILE = join(folder, "needs.json");
}

const fix = "run 'kvm-fleet place', and commit kvm-fleet.lock.json (at shop/web)";

describe("a machine on a fleet", () => {
  it("is on the decided host, with its disk in the pool and its interface in the network there", () => {
    decide({ "shop/web": "beta" });
    const site = new Site();
    const { stack, pools, networks } = site;
    const vm = site.machine("web", { pool: pools, diskSize: Size.gibibytes(2), network: networks });
    expect(vm.host.hostName).toBe("beta");
    expect(errorsOf(stack)).toEqual([]);
    const { libvirt_domain: domains, libvirt_volume: volumes } = synthesize(stack).resource ?? {};
    expect(domains?.web).toMatchObject({
      host: "beta",
      interfaces: { lan: { network: expect.stringMatching(/network[.]beta_lan_/) as string } },
    });
    expect(Object.values(volumes ?? {})).toMatchObject([
      { host: "beta", pool: expect.stringMatching(/pool[.]beta_vms_/) as string },
    ]);
  });

  it("has its address reserved on the networks of all hosts", () => {
    decide({ "shop/web": "alpha" });
    const site = new Site();
    site.machine("web", { networks: [{ network: site.networks, address: "10.1.0.10" }] });
    const all = Object.values(synthesize(site.stack).resource?.libvirt_network ?? {});
    expect(all).toHaveLength(2);
    for (const network of all) expect(JSON.stringify(network)).toContain('"ip":"10.1.0.10"');
  });

  it.each<[string, Readonly<Record<string, string>>, string | undefined, string]>([
    ["nothing", {}, undefined, "'host' is a fleet, and no host is decided for the machine"],
    [
      "a host that is gone",
      { "shop/web": "delta" },
      undefined,
      "'delta', the decided host, is not in fleet 'shop/fleet'",
    ],
    [
      "a host without the network",
      { "shop/web": "gamma" },
      undefined,
      "'gamma', the decided host, does not suit the machine: it lacks a network of the machine",
    ],
    ["a host in maintenance", { "shop/web": "beta" }, "beta", "'beta', the decided host, is in maintenance"],
  ])("fails with the command to run if %s is decided", (_, hosts, maintenance, problem) => {
    if (Object.keys(hosts).length > 0) decide(hosts);
    const site = new Site(maintenance);
    site.machine("web", { network: site.networks });
    expect(errorsOf(site.stack)).toEqual([`${problem}; ${fix}`]);
  });

  it("keeps its decision when its path changes", () => {
    decide({ "shop/web": "gamma" });
    const site = new Site();
    expect(site.machine("frontend", { formerly: "web" }).host.hostName).toBe("gamma");
  });

  it("needs a host that has all that it uses", () => {
    const site = new Site();
    site.machine("web", { network: site.networks, placement: { pinnedTo: site.hosts[2] } });
    expect(errorsOf(site.stack)).toEqual([
      "'host' must have a host with all that the machine uses, got none in fleet 'shop/fleet' ('alpha': the machine is pinned to 'gamma'; " +
        "'beta': the machine is pinned to 'gamma'; 'gamma': it lacks a network of the machine); create it with 'onEachHost' of the fleet (at shop/web)",
    ]);
  });

  it("can be without a decision when the app is asked what it needs, and tells that", () => {
    ask();
    const site = new Site();
    const web = site.machine("web", { network: site.networks, placement: { requires: { rack: "r1" } } });
    const db = site.machine("db", { placement: { pinnedTo: site.hosts[1], mustSurvive: false } });
    new AntiAffinity(site.stack, "apart", { machines: [web, db], domain: "rack", preferred: true });
    expect(errorsOf(site.stack)).toEqual([]);
    const { machines, rules } = declaredBy(site.stack);
    expect(machines).toMatchObject([
      {
        path: "shop/web",
        candidates: ["alpha", "beta"],
        excluded: { gamma: "it lacks a network of the machine" },
        requires: { rack: "r1" },
      },
      { path: "shop/db", candidates: ["beta"], mustSurvive: false },
    ]);
    expect(rules).toEqual([
      { path: "shop/apart", kind: "apart", machines: ["shop/web", "shop/db"], domain: "rack", required: false },
    ]);
  });
});

describe("a rule", () => {
  it.each([
    [Affinity, "together"],
    [AntiAffinity, "apart"],
    [Spread, "spread"],
  ] as const)("is declared: %p", (Rule, kind) => {
    ask();
    const site = new Site();
    new Rule(site.stack, "rule", { machines: [site.machine("a"), site.machine("b")] });
    expect(declaredBy(site.stack).rules).toMatchObject([{ kind, required: true }]);
  });

  it("refuses machines and domains that it cannot mean", () => {
    ask();
    const site = new Site();
    const [a, b] = [site.machine("a"), site.machine("b")];
    const other = VirtualMachine.fromVirtualMachineAttributes(site.stack, "other", { host: a.host, vmName: "other" });
    new Spread(site.stack, "one", { machines: [a] });
    new Spread(site.stack, "twice", { machines: [a, a] });
    new Spread(site.stack, "power", { machines: [a, b], domain: "power" });
    new Spread(site.stack, "existing", { machines: [a, other] });
    expect(errorsOf(site.stack)).toEqual([
      "'machines' must have at least two machines, got 1; add others, or remove the rule (at shop/one)",
      "'machines' must be unique, shop/a is listed twice; remove one of them (at shop/twice)",
      "'domain' must be a label of all hosts of the machines, 'power' is not one of 'alpha'; add it to 'labels' of the host (at shop/power)",
      "'machines' must be VirtualMachines that this app manages, got shop/other; remove it (at shop/existing)",
    ]);
  });
});

describe("properties of placement", () => {
  it("are refused for a machine whose host is stated", () => {
    const site = new Site();
    const [host] = site.hosts;
    site.machine("web", { host, placement: { mustSurvive: false } });
    expect(errorsOf(site.stack)).toEqual([
      "'placement' requires a Fleet as 'host'; remove 'placement', or name the fleet (at shop/web)",
    ]);
  });

  it("are refused with a lock file that another program wrote", () => {
    writeFileSync(LOCK_FILE, "{}");
    const site = new Site();
    site.machine("web");
    expect(errorsOf(site.stack)[0]).toBe(
      "kvm-fleet.lock.json must be a file of 'kvm-fleet place': 'version' must be 1, got undefined; use the version of kvm-fleet that wrote it (at shop/web)",
    );
  });
});
