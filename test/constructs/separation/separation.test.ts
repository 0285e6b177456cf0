import { TerraformStack, Testing } from "cdktf";
import {
  BridgedNetwork,
  Cidr,
  Gateway,
  Host,
  IsolatedNetwork,
  NatNetwork,
  NetworkZone,
  Peers,
  RoutedNetwork,
  SeparationPolicy,
  Size,
  SriovNetwork,
  VirtualMachine,
} from "../../../constructs";
import { modelOf } from "../../../constructs/separation/model-of";
import { analyze, canonicalAddress, compile, eui64, isAddressOrCidr } from "../../../separation";
import { blockText, overlaps, smallestBlocks } from "../../../separation/policy/ip-addresses";
import { attributesOf, errorsOf, newStack, synthesize } from "../synthesis";

const memory = Size.mebibytes(64);

/** The rules of a filter in the order of their priorities, one per line. */
function rulesOf(stack: TerraformStack, name: string): string[] {
  const filters = Object.values(synthesize(stack).resource?.libvirt_nwfilter ?? {});
  const filter = filters.find((each) => each.name === name) as
    | {
        rules: Record<
          string,
          { action: string; direction: string; protocol: string; match?: string[]; priority: number }
        >;
      }
    | undefined;
  return Object.entries(filter?.rules ?? {})
    .sort(([one, a], [other, b]) => a.priority - b.priority || (one < other ? -1 : 1))
    .map(([, { action, direction, protocol, match = [] }]) => [action, direction, protocol, ...match].join(" "));
}

describe("filters of a SeparationPolicy", () => {
  /** Two machines on one network with IPv4 and IPv6. */
  function pair(): { stack: TerraformStack; policy: SeparationPolicy } {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu+tcp://alpha/system", addresses: ["192.0.2.1", "2001:db8::1"] });
    const zone = new NetworkZone(stack, "inner", { trust: 50 });
    const cidr = Cidr.parse("10.1.0.0/24");
    const network = new IsolatedNetwork(stack, "lan", { host, zone, cidr, ipv6: { address: "fd00:1::1" } });
    const policy = new SeparationPolicy(stack, "policy");
    for (const [index, name] of ["web", "db"].entries()) {
      const address = cidr.nth(10 + index);
      const mac = `52:54:00:00:00:0${index + 1}`;
      new VirtualMachine(stack, name, { host, memory, tags: [name], networks: [{ network, address, mac }] });
    }
    return { stack, policy };
  }

  it("accept exactly what is allowed, over IPv4 and IPv6", () => {
    const { stack, policy } = pair();
    policy.allow(Peers.tagged("web"), Peers.tagged("db"), {
      protocol: "tcp",
      ports: [5432, { start: 6000, end: 6010 }],
    });
    expect(rulesOf(stack, "policy-inner-web-ipv6")).toEqual([
      "accept out ip dstipaddr=10.1.0.11 srcipaddr=$IP",
      "accept out ipv6 dstipaddr=fd00:1::5054:ff:fe00:2 srcipaddr=$IPV6",
      "accept out tcp dstipaddr=10.1.0.11 dstportstart=5432",
      "accept in ip dstipaddr=$IP protocol=tcp srcipaddr=10.1.0.11 srcportstart=5432",
      "accept out tcp-ipv6 dstipaddr=fd00:1::5054:ff:fe00:2 dstportstart=5432",
      "accept in ipv6 dstipaddr=$IPV6 protocol=tcp srcipaddr=fd00:1::5054:ff:fe00:2 srcportstart=5432",
      "accept out tcp dstipaddr=10.1.0.11 dstportend=6010 dstportstart=6000",
      "accept in ip dstipaddr=$IP protocol=tcp srcipaddr=10.1.0.11 srcportend=6010 srcportstart=6000",
      "accept out tcp-ipv6 dstipaddr=fd00:1::5054:ff:fe00:2 dstportend=6010 dstportstart=6000",
      "accept in ipv6 dstipaddr=$IPV6 protocol=tcp srcipaddr=fd00:1::5054:ff:fe00:2 srcportend=6010 srcportstart=6000",
      "drop inout all-ipv6",
      "drop inout all",
    ]);
    expect(rulesOf(stack, "policy-inner-db-ipv6").slice(2, 4)).toEqual([
      "accept in tcp dstportstart=5432 srcipaddr=10.1.0.10",
      "accept in ip dstipaddr=$IP dstportstart=5432 protocol=tcp srcipaddr=10.1.0.10",
    ]);
  });

  it("differ between machines of a role only in parameters", () => {
    const { stack, policy } = pair();
    policy.allow(Peers.tagged("web"), Peers.tagged("db"), { protocol: "icmp" });
    expect(attributesOf(stack, "libvirt_domain.web")?.interfaces).toMatchObject({
      lan: {
        filter: expect.stringMatching(
          /^\$\{libvirt_nwfilter\.alpha_policy-inner-web-ipv6_[0-9A-F]+\.name\}$/,
        ) as string,
        filter_parameters: {
          IP: { values: ["10.1.0.10"] },
          IPV6: { values: ["fd00:1::5054:ff:fe00:1", "fe80::5054:ff:fe00:1"] },
          SERVER: { values: ["10.1.0.1"] },
          SERVER6: { values: ["fd00:1::1"] },
        },
      },
    });
  });

  it("block spoofed addresses, router advertisements and servers", () => {
    const { stack, policy } = pair();
    policy.allow(Peers.tagged("web"), Peers.tagged("db"), { protocol: "icmp" });
    expect(rulesOf(stack, "policy-all-frames")).toEqual([
      "drop out mac match=no srcmacaddr=$MAC",
      "accept out rarp arpdstmacaddr=$MAC arpsrcmacaddr=$MAC opcode=Request_Reverse",
      "drop inout mac",
    ]);
    expect(rulesOf(stack, "policy-all-arp")).toEqual([
      "drop out arp arpsrcmacaddr=$MAC match=no",
      "accept in arp arpdstipaddr=$IP",
      "accept out arp arpsrcipaddr=$IP",
      "accept out arp arpsrcipaddr=0.0.0.0",
      "accept in arp arpdstmacaddr=$MAC opcode=Reply",
    ]);
    for (const role of ["policy-inner-web-ipv6", "policy-inner-db-ipv6", "policy-all-dns", "policy-all-dns6"]) {
      const sent = rulesOf(stack, role).filter((rule) => /^accept out ip(v6)? /.test(rule));
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.filter((rule) => !/srcipaddr=\$IP(V6)?$|srcipaddr=\$IP(V6)? /.test(rule))).toEqual([]);
    }
    expect(rulesOf(stack, "policy-all-neighbours")).toContain("drop out ipv6 protocol=icmpv6 type=134");
    expect(rulesOf(stack, "policy-all-dhcp")).toContain(
      "accept in ip dstportstart=68 protocol=udp srcipaddr=$SERVER[0] srcportstart=67",
    );
  });

  it("have rule names that libvirt accepts, and sorted conditions", () => {
    const { stack, policy } = pair();
    const reason = "x".repeat(100);
    policy.allow(Peers.tagged("web"), Peers.tagged("db"), {
      protocol: "tcp",
      ports: [5432],
      name: "n".repeat(120),
      reason,
    });
    const filters = Object.values(synthesize(stack).resource?.libvirt_nwfilter ?? {});
    const rules = filters.flatMap((filter) => Object.entries(filter.rules as Record<string, { match?: string[] }>));
    for (const [name, { match = [] }] of rules) {
      expect(name).toMatch(/^[^"'`\\$]{1,255}$/);
      expect(match).toEqual([...match].sort());
    }
    expect(rules.length).toBeGreaterThan(50);
  });

  it("accept ICMPv6 messages of the link, with one rule for each direction", () => {
    const { stack, policy } = pair();
    policy.allow(Peers.tagged("web"), Peers.tagged("db"), { protocol: "icmp" });
    const rules = rulesOf(stack, "policy-all-neighbours").filter((rule) => rule.includes("icmpv6 type="));
    expect(rules.filter((rule) => / icmpv6 /.test(rule)).sort()).toEqual([
      "accept in icmpv6 type=130",
      "accept in icmpv6 type=134",
      "accept in icmpv6 type=135",
      "accept in icmpv6 type=136",
      "accept out icmpv6 type=133",
      "accept out icmpv6 type=135",
      "accept out icmpv6 type=136",
      "accept out icmpv6 type=143",
    ]);
  });

  it("block every known address of the host", () => {
    const { stack, policy } = pair();
    policy.allow(Peers.tagged("web"), Peers.tagged("db"), { protocol: "icmp" });
    expect(rulesOf(stack, "policy-all-host")).toEqual([
      "drop in ip srcipaddr=10.1.0.1",
      "drop in ip srcipaddr=192.0.2.1",
      "drop in ipv6 srcipaddr=2001:db8::1",
      "drop in ipv6 srcipaddr=fd00:1::1",
      "drop out ip dstipaddr=10.1.0.1",
      "drop out ip dstipaddr=192.0.2.1",
      "drop out ipv6 dstipaddr=2001:db8::1",
      "drop out ipv6 dstipaddr=fd00:1::1",
    ]);
  });

  it("do not depend on the order in which machines are created", () => {
    const names = (reverse: boolean) => {
      const stack = newStack();
      const host = new Host(stack, "alpha", { uri: "qemu+tcp://192.0.2.1/system" });
      const zone = new NetworkZone(stack, "inner", { trust: 50 });
      const network = new IsolatedNetwork(stack, "lan", { host, zone, cidr: Cidr.parse("10.1.0.0/24") });
      const machines = [1, 2, 3, 4].map((index) => ({ name: `vm-${index}`, address: `10.1.0.${10 + index}` }));
      for (const { name, address } of reverse ? machines.reverse() : machines) {
        new VirtualMachine(stack, name, { host, memory, tags: ["all"], networks: [{ network, address }] });
      }
      const all = Peers.tagged("all");
      new SeparationPolicy(stack, "policy").allow(all, all, { protocol: "any" });
      return compile(modelOf(stack)).filters;
    };
    expect(names(true)).toEqual(names(false));
  });

  it("apply in every stack of the app, with different names if stacks share a host", () => {
    const app = Testing.app();
    const [one, two] = ["one", "two"].map((id) => newStack(id, app)) as [TerraformStack, TerraformStack];
    const zone = new NetworkZone(one, "inner", { trust: 50 });
    new SeparationPolicy(one, "policy").allow(zone, zone, { protocol: "icmp" });
    for (const [index, stack] of [one, two].entries()) {
      const host = new Host(stack, "alpha", { uri: "qemu+tcp://192.0.2.1/system" });
      const cidr = Cidr.parse(`10.${index + 1}.0.0/24`);
      const network = new IsolatedNetwork(stack, `lan-${stack.node.id}`, { host, zone, cidr });
      new VirtualMachine(stack, `vm-${stack.node.id}`, {
        host,
        memory,
        networks: [{ network, address: cidr.nth(10) }],
      });
    }
    expect(errorsOf(one)).toEqual([]);
    expect(rulesOf(one, "policy-one-inner")).toEqual([
      "accept out ip dstipaddr=10.1.0.0 dstipmask=24 srcipaddr=$IP",
      "accept out ip dstipaddr=10.2.0.0 dstipmask=24 srcipaddr=$IP",
      "accept in icmp srcipaddr=10.1.0.0 srcipmask=24",
      "accept in ip dstipaddr=$IP protocol=icmp srcipaddr=10.1.0.0 srcipmask=24",
      "accept in icmp srcipaddr=10.2.0.0 srcipmask=24",
      "accept in ip dstipaddr=$IP protocol=icmp srcipaddr=10.2.0.0 srcipmask=24",
      "accept out icmp dstipaddr=10.1.0.0 dstipmask=24",
      "accept in ip dstipaddr=$IP protocol=icmp srcipaddr=10.1.0.0 srcipmask=24",
      "accept out icmp dstipaddr=10.2.0.0 dstipmask=24",
      "accept in ip dstipaddr=$IP protocol=icmp srcipaddr=10.2.0.0 srcipmask=24",
      "drop inout all",
    ]);
    expect(rulesOf(two, "policy-two-inner")).toHaveLength(rulesOf(one, "policy-one-inner").length);
  });

  it("do not treat networks of the app as outside addresses", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu+tcp://192.0.2.1/system" });
    const outer = new NetworkZone(stack, "outer", { trust: 10, internet: true });
    const inner = new NetworkZone(stack, "inner", { trust: 90 });
    const network = new NatNetwork(stack, "nat", { host, zone: outer, cidr: Cidr.parse("10.2.0.0/24") });
    new IsolatedNetwork(stack, "lan", { host, zone: inner, cidr: Cidr.parse("10.1.0.0/24") });
    new VirtualMachine(stack, "web", { host, memory, networks: [{ network, address: "10.2.0.10" }] });
    new SeparationPolicy(stack, "policy").allow(outer, Peers.external(), { protocol: "tcp", ports: [443] });
    expect(rulesOf(stack, "policy-outer")).toEqual([
      "drop in ip srcipaddr=10.1.0.0 srcipmask=24",
      "drop in ip srcipaddr=10.2.0.0 srcipmask=24",
      "drop out ip dstipaddr=10.1.0.0 dstipmask=24",
      "drop out ip dstipaddr=10.2.0.0 dstipmask=24",
      "accept out ip srcipaddr=$IP",
      "accept out tcp dstportstart=443",
      "accept in ip dstipaddr=$IP protocol=tcp srcportstart=443",
      "drop inout all",
    ]);
  });
});

describe("routes between networks", () => {
  it("are found over bridges of the same name, routing hosts, uplinks and gateways", () => {
    const stack = newStack();
    const [alpha, beta] = ["1", "2"].map(
      (index) => new Host(stack, `host-${index}`, { uri: `qemu+tcp://192.0.2.${index}/system` }),
    ) as [Host, Host];
    const plant = new NetworkZone(stack, "plant", { trust: 90, uplinks: ["br-plant", "eth7"] });
    const open = new NetworkZone(stack, "open", { trust: 10, internet: true });
    const policy = new SeparationPolicy(stack, "policy");
    const make = (name: string, host: Host, network: BridgedNetwork | RoutedNetwork, address: string) =>
      new VirtualMachine(stack, name, { host, memory, networks: [{ network, guestAddresses: [address] }] });
    const plc = make(
      "plc",
      alpha,
      new BridgedNetwork(alpha, "plant", { host: alpha, zone: plant, bridge: "br-plant" }),
      "10.9.0.1",
    );
    const hmi = make(
      "hmi",
      beta,
      new BridgedNetwork(beta, "plant", { host: beta, zone: plant, bridge: "br-plant" }),
      "10.9.0.2",
    );
    const routed = (id: string, cidr: string) =>
      new RoutedNetwork(alpha, id, { host: alpha, zone: open, cidr: Cidr.parse(cidr) });
    const web = make("web", alpha, routed("front", "10.2.0.0/24"), "10.2.0.10");
    const api = make("api", alpha, routed("back", "10.3.0.0/24"), "10.3.0.10");
    for (const [from, to] of [
      [hmi, plc],
      [web, api],
    ] as const) {
      policy.allow(from, to, { protocol: "tcp", ports: [502] });
    }
    policy.allow(Peers.external(), web, { protocol: "tcp", ports: [443], reason: "public" });
    expect(errorsOf(stack)).toEqual([]);
    const { cells } = analyze(modelOf(stack));
    expect(Object.fromEntries(cells.flatMap(({ flows }) => flows.map(({ rule, route }) => [rule, route])))).toEqual({
      "hmi-to-plc-tcp-502": ["bridge or device br-plant"],
      "web-to-api-tcp-502": [
        "network 'front' on host 'host-1'",
        "host 'host-1', which routes between 'front' and 'back'",
        "network 'back' on host 'host-1'",
      ],
      "outside-to-web-tcp-443": [
        "outside addresses",
        "the routing (route) of host 'host-1'",
        "network 'front' on host 'host-1'",
      ],
    });
  });
});

describe("traffic that no filter sees", () => {
  it("is allowed on uplinks of the zone, and reported", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu+tcp://192.0.2.1/system" });
    const zone = new NetworkZone(stack, "field", { trust: 80, uplinks: ["eth3"] });
    const network = new SriovNetwork(stack, "bus", { host, zone, device: "eth3" });
    new VirtualMachine(stack, "rtu", { host, memory, networks: [{ network }] });
    new SeparationPolicy(stack, "policy");
    expect(errorsOf(stack)).toEqual([]);
    const model = modelOf(stack);
    expect(analyze(model).unfiltered).toEqual([
      "guests of network 'bus' on host 'alpha' in zone 'field' by 'eth3' (sriov)",
    ]);
    expect(compile(model)).toEqual({ filters: [], assignments: [] });
  });
});

describe("a machine that migrates", () => {
  it("has a filter of the same name on its new host before it arrives", () => {
    const on = (name: "alpha" | "beta") => {
      const stack = newStack();
      const [alpha, beta] = ["alpha", "beta"].map(
        (id, index) => new Host(stack, id, { uri: `qemu+tcp://192.0.2.${index + 1}/system` }),
      ) as [Host, Host];
      const zone = new NetworkZone(stack, "plant", { trust: 80, uplinks: ["br-plant"] });
      const networks = { alpha, beta };
      const bridged = (host: Host) => new BridgedNetwork(host, "plant", { host, zone, bridge: "br-plant" });
      const by = { alpha: bridged(alpha), beta: bridged(beta) };
      const attachment = { network: by[name], guestAddresses: ["10.9.0.1"] };
      new VirtualMachine(stack, "plc", { host: networks[name], memory, networks: [attachment] });
      new SeparationPolicy(stack, "policy").allow(zone, zone, { protocol: "tcp", ports: [502] });
      const filters = Object.values(synthesize(stack).resource?.libvirt_nwfilter ?? {});
      return filters.map(({ host, name: filter, lifecycle }) => ({ host, filter, lifecycle }));
    };
    const [before, after] = [on("alpha"), on("beta")];
    expect(before).toHaveLength(4);
    expect(before.map(({ filter }) => filter)).toEqual(after.map(({ filter }) => filter));
    expect(new Set(after.map(({ host }) => host))).toEqual(new Set(["beta"]));
    expect(after.every(({ lifecycle }) => JSON.stringify(lifecycle) === '{"create_before_destroy":true}')).toBe(true);
  });
});

describe("a fleet of 1,000 machines, 100 networks and 10 zones", () => {
  it("has one filter for each role on a host, and not for each machine", () => {
    const stack = newStack();
    const hosts = Array.from(
      { length: 10 },
      (_, index) => new Host(stack, `host-${index}`, { uri: `qemu+tcp://192.0.2.${index + 1}/system` }),
    );
    const zones = Array.from({ length: 10 }, (_, index) => new NetworkZone(stack, `zone-${index}`, { trust: 50 }));
    const policy = new SeparationPolicy(stack, "policy");
    for (const zone of zones) policy.allow(zone, zone, { protocol: "tcp", ports: [22] });
    for (const [h, host] of hosts.entries()) {
      for (const [z, zone] of zones.entries()) {
        const cidr = Cidr.parse(`10.${z}.${h}.0/24`);
        const network = new IsolatedNetwork(stack, `net-${h}-${z}`, { host, zone, cidr });
        for (let index = 0; index < 10; index++) {
          new VirtualMachine(stack, `vm-${h}-${z}-${index}`, {
            host,
            memory,
            networks: [{ network, address: cidr.nth(10 + index) }],
          });
        }
      }
    }
    const { filters, assignments } = compile(modelOf(stack));
    expect(assignments).toHaveLength(1000);
    // Each of ten hosts has ten roles and the five filters that they share: frames, ARP, DHCP, DNS, the host.
    expect(filters).toHaveLength(10 * (10 + 5));
  }, 60_000);
});

describe("addresses", () => {
  it("are merged into the smallest number of blocks", () => {
    const blocks = (texts: readonly string[], family: 4 | 6) => smallestBlocks(texts, family).map(blockText);
    expect(blocks(["10.0.0.3", "10.0.0.0", "10.0.0.2", "10.0.0.1", "10.0.0.4"], 4)).toEqual([
      "10.0.0.0/30",
      "10.0.0.4",
    ]);
    expect(blocks(["10.0.0.0/24", "10.0.0.7", "10.0.1.0/24"], 4)).toEqual(["10.0.0.0/23"]);
    expect(blocks(["fd00::1", "fd00::"], 6)).toEqual(["fd00::/127"]);
    expect(blocks([], 4)).toEqual([]);
  });

  it("are compared by value, not by notation", () => {
    expect(overlaps("10.0.0.0/8", "10.9.0.0/24")).toBe(true);
    expect(overlaps("10.0.0.0/24", "10.0.1.0/24")).toBe(false);
    expect(overlaps("10.0.0.0/8", "fd00::/8")).toBe(false);
    expect(canonicalAddress("FD00:0:0:1::0001")).toBe("fd00:0:0:1::1");
    expect(canonicalAddress("::ffff:10.0.0.1")).toBe("::ffff:a00:1");
    expect(["10.0.0.0/8", "fd00::/64", "10.0.0.1"].every(isAddressOrCidr)).toBe(true);
    expect(["10.0.0.0/33", "fd00::/x", "a/8", "10.0.0.0/8/8"].some(isAddressOrCidr)).toBe(false);
  });

  it("are derived from a MAC address as the kernel does it", () => {
    expect(eui64("fe80::", "52:54:00:12:34:56")).toBe("fe80::5054:ff:fe12:3456");
    expect(eui64("fd00:1::1", "52:54:00:12:34:56")).toBe("fd00:1::5054:ff:fe12:3456");
  });
});

describe("Gateway", () => {
  it("lets through only what it forwards, on each side", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu+tcp://192.0.2.1/system" });
    const [a, b] = ["a", "b"].map((id, index) => new NetworkZone(stack, id, { trust: 50 - index })) as [
      NetworkZone,
      NetworkZone,
    ];
    const network = (zone: NetworkZone, cidr: string) =>
      new IsolatedNetwork(stack, `net-${zone.zoneName}`, { host, zone, cidr: Cidr.parse(cidr), dhcp: true });
    const [left, right] = [network(a, "10.1.0.0/24"), network(b, "10.2.0.0/24")];
    const machine = new VirtualMachine(stack, "gate", {
      host,
      memory,
      networks: [
        { network: left, address: "10.1.0.2" },
        { network: right, address: "10.2.0.2" },
      ],
    });
    const rule = new SeparationPolicy(stack, "policy").allow(a, b, { protocol: "udp", ports: [514], name: "logs" });
    new Gateway(stack, "gateway", { vm: machine, zones: [a, b], forwards: [rule] });
    expect(errorsOf(stack)).toEqual([]);
    expect(rulesOf(stack, "policy-gateway-gate-net-b")).toEqual([
      "accept out ip dstipaddr=10.2.0.0 dstipmask=24 srcipaddr=10.1.0.0 srcipmask=24",
      "accept out ip dstipaddr=10.1.0.0 dstipmask=24 srcipaddr=$IP",
      "accept out udp dstipaddr=10.2.0.0 dstipmask=24 dstportstart=514 srcipaddr=10.1.0.0 srcipmask=24",
      "accept in ip dstipaddr=10.1.0.0 dstipmask=24 protocol=udp srcipaddr=10.2.0.0 srcipmask=24 srcportstart=514",
      "accept in udp dstportstart=514 srcipaddr=10.1.0.0 srcipmask=24",
      "accept in ip dstipaddr=$IP dstportstart=514 protocol=udp srcipaddr=10.1.0.0 srcipmask=24",
      "drop inout all",
    ]);
  });
});
