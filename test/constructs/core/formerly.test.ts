import { TerraformModule, TerraformResource, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  BaseImage,
  Cidr,
  CloudInit,
  Host,
  IsolatedNetwork,
  movedFrom,
  NetworkZone,
  Peers,
  Secret,
  SeparationPolicy,
  Size,
  Snapshot,
  StoragePool,
  VirtualMachine,
  type VirtualMachineProps,
  Volume,
} from "../../../constructs";
import { errorsOf, newStack, Site, synthesize } from "../synthesis";

interface Move {
  readonly from: string;
  readonly to: string;
}

/** The stack as Terraform would see it after its moves: every resource at the address that it has in the state. */
function afterMoves(stack: TerraformStack): { resources: unknown; moves: readonly Move[] } {
  const { resource, moved = [] } = synthesize(stack) as { resource?: object; moved?: readonly Move[] };
  return { resources: resource, moves: moved };
}

/** Replaces the present addresses of a stack by the former ones, as `moved` blocks do in reverse. */
function withFormerAddresses(stack: TerraformStack): unknown {
  const { resources, moves } = afterMoves(stack);
  // The last step of a chain comes first here.
  return [...moves].reverse().reduce((text, { from, to }) => {
    const name = (address: string): string => address.split(".")[1] ?? "";
    return text
      .replaceAll(`"${name(to)}":{`, `"${name(from)}":{`)
      .replaceAll(`{${to}.`, `{${from}.`)
      .replaceAll(`"${to}.`, `"${from}.`);
  }, JSON.stringify(resources));
}

class Tier extends Construct {
  constructor(scope: Construct, id: string, formerly?: string | readonly string[]) {
    super(scope, id);
    movedFrom(this, formerly);
  }
}

/** A machine with everything that is derived from its id. */
function machine(scope: Construct, id: string, site: Site, props: Partial<VirtualMachineProps> = {}): VirtualMachine {
  return new VirtualMachine(scope, id, {
    host: site.host,
    image: site.image,
    memory: Size.gibibytes(1),
    networks: [{ network: site.lan, address: "10.1.0.10" }],
    cloudInit: new CloudInit({ packages: ["nginx"] }),
    ...props,
  });
}

/** The resources of a stack, as text, with a machine that has not moved. */
function before(id = "web-1", scopes: readonly string[] = []): string {
  const stack = newStack();
  const site = new Site(stack);
  const scope = scopes.reduce<Construct>((each, name) => new Construct(each, name), stack);
  machine(scope, id, site);
  return JSON.stringify(synthesize(stack).resource);
}

function sorted(text: unknown): unknown {
  const sort = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([key, each]) => [key, sort(each)]),
        )
      : value;
  return sort(JSON.parse(String(text)));
}

describe("formerly", () => {
  test.each<[string, (stack: TerraformStack, site: Site) => void, string[]]>([
    [
      "a machine moves into a construct",
      (stack, site) => machine(new Tier(stack, "tier"), "web-1", site, { formerly: "web-1" }),
      [],
    ],
    ["its id changes", (stack, site) => machine(stack, "shop", site, { formerly: "web-1" }), []],
    [
      "it moves out of a construct",
      (stack, site) => machine(stack, "web-1", site, { formerly: "tier/web-1" }),
      ["tier"],
    ],
    [
      "id and scope change",
      (stack, site) => machine(new Tier(stack, "one"), "shop", site, { formerly: "tier/web-1" }),
      ["tier"],
    ],
    ["its construct moves", (stack, site) => machine(new Tier(stack, "one", "tier"), "web-1", site), ["tier"]],
    [
      "its construct moves into another",
      (stack, site) => machine(new Tier(new Tier(stack, "shop"), "one", "tier"), "web-1", site),
      ["tier"],
    ],
    [
      "it is renamed in a construct that moves",
      (stack, site) => machine(new Tier(stack, "one", "tier"), "shop", site, { formerly: "one/web-1" }),
      ["tier"],
    ],
    [
      "it was renamed before its construct moved",
      (stack, site) => machine(new Tier(stack, "one", "tier"), "shop", site, { formerly: "tier/web-1" }),
      ["tier"],
    ],
    [
      "it moves into a construct that moves later",
      (stack, site) => machine(new Tier(stack, "one", "tier"), "web-1", site, { formerly: "web-1" }),
      [],
    ],
    ["it moves twice", (stack, site) => machine(stack, "shop", site, { formerly: ["tier/web-1", "one"] }), ["tier"]],
    [
      "a construct takes its path",
      (stack, site) => machine(new Tier(stack, "web-1"), "vm", site, { formerly: "web-1" }),
      [],
    ],
  ])("keeps all that a machine has when %s", (_, move, scopes) => {
    const stack = newStack();
    move(stack, new Site(stack));
    expect(errorsOf(stack)).toEqual([]);
    expect(sorted(withFormerAddresses(stack))).toEqual(sorted(before("web-1", scopes)));
    expect(afterMoves(stack).moves.length).toBeGreaterThan(0);
  });

  it("keeps all that a machine has when it moves back to its oldest path", () => {
    const stack = newStack();
    machine(stack, "web-1", new Site(stack), { formerly: ["web-1", "tier/web-1"] });
    const { resources, moves } = afterMoves(stack);
    expect(sorted(JSON.stringify(resources))).toEqual(sorted(before()));
    expect(moves).toContainEqual({ from: "libvirt_domain.tier_web-1_789F0BC9", to: "libvirt_domain.web-1" });
    expect(moves).toHaveLength(3);
  });

  it("moves every resource of a machine, by the ids that cdktf had given to them", () => {
    const stack = newStack();
    machine(new Tier(stack, "tier"), "web-1", new Site(stack), { formerly: "web-1" });
    expect(afterMoves(stack).moves).toEqual([
      { from: "libvirt_volume.web-1_root_7AB64D21", to: "libvirt_volume.tier_web-1_root_D46DFAB8" },
      {
        from: "libvirt_seed.web-1_cloud-init_30B54304",
        to: "libvirt_seed.tier_web-1_cloud-init_B6BC866F",
      },
      { from: "libvirt_domain.web-1", to: "libvirt_domain.tier_web-1_789F0BC9" },
    ]);
  });

  it("moves each former address to the next, so that a state of any time finds its way", () => {
    const stack = newStack();
    new Volume(stack, "c", { pool: new Site(stack).pool, size: Size.gibibytes(1), formerly: ["a", "b"] });
    expect(afterMoves(stack).moves).toEqual([
      { from: "libvirt_volume.a", to: "libvirt_volume.b" },
      { from: "libvirt_volume.b", to: "libvirt_volume.c" },
    ]);
  });

  it("keeps every kind of object, with its name", () => {
    const build = (scope: Construct, suffix: string, formerly: (id: string) => string | undefined): void => {
      const host = new Host(scope, `alpha${suffix}`, { uri: "qemu:///system", formerly: formerly("alpha") });
      const props = (id: string): { host: Host; formerly?: string } => ({ host, formerly: formerly(id) });
      const pool = new StoragePool(scope, `pool${suffix}`, { ...props("pool"), path: "/images" });
      StoragePool.lvm(scope, `fast${suffix}`, { ...props("fast"), volumeGroup: "vg0" });
      const sha256 = "0".repeat(64);
      const image = new BaseImage(scope, `debian${suffix}`, {
        pool,
        source: "debian.qcow2",
        sha256,
        formerly: formerly("debian"),
      });
      const volume = new Volume(scope, `data${suffix}`, { pool, size: Size.gibibytes(1), formerly: formerly("data") });
      new Secret(scope, `san${suffix}`, { ...props("san"), usage: "iscsi" });
      const zone = new NetworkZone(scope, `plant${suffix}`, { trust: 90, formerly: formerly("plant") });
      const lan = new IsolatedNetwork(scope, `lan${suffix}`, {
        ...props("lan"),
        zone,
        cidr: Cidr.parse("10.1.0.0/24"),
      });
      const policy = new SeparationPolicy(scope, `policy${suffix}`, { formerly: formerly("policy") });
      policy.allow(Peers.tagged("web"), zone, { protocol: "tcp", ports: [80] });
      const vm = new VirtualMachine(scope, `web${suffix}`, {
        ...props("web"),
        image,
        memory: Size.gibibytes(1),
        tags: ["web"],
        disks: [{ volume }],
        networks: [{ network: lan, address: "10.1.0.10" }],
        cloudInit: new CloudInit(),
      });
      new Snapshot(scope, `before${suffix}`, { vm, formerly: formerly("before") });
    };
    const was = newStack();
    build(was, "", () => undefined);
    const is = newStack();
    build(new Tier(is, "tier"), "-2", (id) => id);
    expect(errorsOf(is)).toEqual([]);
    expect(sorted(withFormerAddresses(is))).toEqual(sorted(JSON.stringify(synthesize(was).resource)));
    expect(JSON.stringify(synthesize(is).provider)).toEqual(JSON.stringify(synthesize(was).provider));
  });

  it("carries resources and modules of any kind with the construct that they are in", () => {
    const stack = newStack();
    const tier = new Tier(stack, "tier", "old");
    new TerraformResource(tier, "note", { terraformResourceType: "terraform_data" });
    new (class extends TerraformModule {
      protected override synthesizeAttributes(): Record<string, unknown> {
        return {};
      }
    })(tier, "part", { source: "example/part/test" });
    expect(afterMoves(stack).moves).toEqual([
      {
        from: expect.stringMatching(/^terraform_data\.old_note_\w+$/) as string,
        to: expect.stringMatching(/^terraform_data\.tier_note_\w+$/) as string,
      },
      {
        from: expect.stringMatching(/^module\.old_part_\w+$/) as string,
        to: expect.stringMatching(/^module\.tier_part_\w+$/) as string,
      },
    ]);
  });

  it("leaves a resource alone whose id or move is set by hand", () => {
    const stack = newStack();
    const tier = new Tier(stack, "tier", "old");
    new TerraformResource(tier, "one", { terraformResourceType: "terraform_data" }).overrideLogicalId("kept");
    new TerraformResource(tier, "two", { terraformResourceType: "terraform_data" }).moveFromId("terraform_data.other");
    expect(afterMoves(stack).moves).toEqual([
      { from: "terraform_data.other", to: expect.stringMatching(/^terraform_data\.tier_two_/) as string },
    ]);
  });

  it("uses the stack's own way of giving ids", () => {
    class Plain extends TerraformStack {
      protected override allocateLogicalId(element: Parameters<TerraformStack["getLogicalId"]>[0]): string {
        const node = "node" in element ? element.node : element;
        return node.scopes
          .slice(node.scopes.indexOf(this) + 1)
          .map((scope) => scope.node.id)
          .join("-");
      }
    }
    const stack = new Plain(Testing.app(), "plain");
    new TerraformResource(new Tier(stack, "tier", "old"), "note", { terraformResourceType: "terraform_data" });
    expect(afterMoves(stack).moves).toEqual([{ from: "terraform_data.old-note", to: "terraform_data.tier-note" }]);
  });

  it("writes moved blocks in HCL, too", () => {
    const stack = newStack();
    new TerraformResource(new Tier(stack, "tier", "old"), "note", { terraformResourceType: "terraform_data" });
    expect(Testing.synthHcl(stack)).toMatch(
      /moved \{\s+from = terraform_data\.old_note_\w+\s+to += terraform_data\.tier_note_\w+\s+\}/,
    );
  });

  it("writes no moved blocks if nothing has moved", () => {
    const stack = newStack();
    machine(stack, "web-1", new Site(stack));
    expect(synthesize(stack)).not.toHaveProperty("moved");
  });

  const form = "write it like 'web-1' or 'tier/web-1', without the stack";
  test.each<[string | readonly string[], string]>([
    ["", `'formerly' must be a path in the stack, got ''; ${form}, or remove it`],
    ["/web-1", `'formerly' must be a path in the stack, got '/web-1'; ${form}, or remove it`],
    ["tier//web-1", `'formerly' must be a path in the stack, got 'tier//web-1'; ${form}, or remove it`],
    [" web-1", `'formerly' must be a path in the stack, got ' web-1'; ${form}, or remove it`],
    [["web-1", ""], `'formerly' must be a path in the stack, got ''; ${form}, or remove it`],
    [[], `'formerly' must be at least one path, got none; ${form}, or remove it`],
    ["${TfToken[TOKEN.0]}", `'formerly' must be known at synthesis, got a token; ${form}`],
    ["data", "'formerly' must differ from the present path, got 'data'; remove it"],
    [["web-1", "data"], "'formerly' must differ from the present path, got 'data'; remove it"],
    [["web-1", "web-1"], "'formerly' must name each path once, got 'web-1' twice; remove one of them"],
  ])("refuses %j", (formerly, message) => {
    const stack = newStack();
    new Volume(stack, "data", { pool: new Site(stack).pool, size: Size.gibibytes(1), formerly });
    expect(errorsOf(stack)).toEqual([`${message} (at lab/data)`]);
  });

  it("refuses the path of a construct that still exists", () => {
    const stack = newStack();
    const site = new Site(stack);
    machine(stack, "web-1", site, { networks: [] });
    machine(stack, "web-2", site, { networks: [], formerly: "web-1", vmName: "web-2" });
    new Volume(stack, "data", { pool: site.pool, size: Size.gibibytes(1), formerly: "alpha/lan" });
    const message = (path: string): string =>
      `'formerly' must not name a construct that still exists, got the path of ${path}; ` +
      "remove 'formerly', or give the other construct another id";
    expect(errorsOf(stack)).toEqual([
      `${message("lab/web-1")} (at lab/web-2)`,
      `${message("lab/alpha/lan")} (at lab/data)`,
    ]);
  });

  it("refuses one former path for two constructs", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const size = Size.gibibytes(1);
    new Volume(stack, "one", { pool, size, formerly: "data" });
    new Volume(stack, "two", { pool, size, formerly: "data" });
    new Volume(new Tier(stack, "tier", "old"), "three", { pool, size, volumeName: "three" });
    new Volume(stack, "four", { pool, size, formerly: "old/three", volumeName: "four" });
    expect(errorsOf(stack)).toEqual([
      "'formerly' must be unique, 'data' is already used by lab/one; remove one of them (at lab/two)",
      expect.stringMatching(
        /^'formerly' must be unique, 'libvirt_volume\.old_three_\w+' is also that of lab\/tier\/three; change one \(at lab\/four\)$/,
      ) as string,
    ]);
  });

  it("refuses to be set late or twice, or for a stack", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    movedFrom(new Volume(stack, "data", { pool, size: Size.gibibytes(1) }), "old");
    movedFrom(new Tier(stack, "tier", "old-tier"), "older-tier");
    movedFrom(stack, "shop");
    expect(errorsOf(stack)).toEqual([
      "'formerly' must be set before anything is created in the construct; call 'movedFrom' first in its constructor, " +
        "or set its property 'formerly' (at lab/data)",
      "'formerly' must be set once; list all former paths in one place, the oldest one first (at lab/tier)",
      "'formerly' is not supported for a stack; set it for the constructs in the stack (at lab)",
    ]);
  });
});
