import { TerraformVariable, Testing } from "cdktf";
import {
  Cidr,
  Host,
  IsolatedNetwork,
  type IsolatedNetworkProps,
  NatNetwork,
  Network,
  Size,
  VirtualMachine,
} from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

function addNetwork(props: Omit<IsolatedNetworkProps, "host">) {
  const stack = newStack();
  const host = new Host(stack, "alpha", { uri: "qemu:///system" });
  return { stack, host, network: new IsolatedNetwork(stack, "lan", { host, ...props }) };
}

/** Terraform deletes a network of a host only after the machines that use it. */
const lifecycle = { create_before_destroy: true };

describe("IsolatedNetwork", () => {
  it("does not require addresses", () => {
    const { stack } = addNetwork({});
    expect(attributesOf(stack, "libvirt_network.lan")).toEqual({ host: "alpha", name: "lan", lifecycle });
  });

  it("assigns all addresses after the gateway's by DHCP", () => {
    const { stack } = addNetwork({ cidr: Cidr.parse("10.1.0.0/24") });
    expect(attributesOf(stack, "libvirt_network.lan")).toEqual({
      host: "alpha",
      lifecycle,
      name: "lan",
      ipv4: { address: "10.1.0.1", prefix: 24, dhcp: { start: "10.1.0.2", end: "10.1.0.254" } },
    });
  });

  it("renders every property", () => {
    const { stack } = addNetwork({
      cidr: Cidr.parse("10.1.0.0/24"),
      networkName: "office",
      gateway: "10.1.0.254",
      dhcpRange: { start: "10.1.0.100", end: "10.1.0.199" },
      dnsDomain: "office.internal",
      bridge: "br-office",
      autostart: false,
      xml: { second: { element: '<ip address="10.9.0.1" prefix="24"/>' } },
    });
    expect(attributesOf(stack, "libvirt_network.lan")).toEqual({
      host: "alpha",
      lifecycle,
      name: "office",
      domain: { name: "office.internal" },
      bridge: "br-office",
      autostart: false,
      ipv4: { address: "10.1.0.254", prefix: 24, dhcp: { start: "10.1.0.100", end: "10.1.0.199" } },
      xml: { second: { element: '<ip address="10.9.0.1" prefix="24"/>' } },
    });
  });

  it("adds XML elements", () => {
    const { stack, network } = addNetwork({ cidr: Cidr.parse("10.1.0.0/24") });
    network.addXml("more", { under: "ip/dhcp", element: '<range start="10.1.0.7" end="10.1.0.9"/>' });
    expect(attributesOf(stack, "libvirt_network.lan")?.xml).toEqual({
      more: { under: "ip/dhcp", element: '<range start="10.1.0.7" end="10.1.0.9"/>' },
    });
    network.addXml("more", { element: "<a/>" });
    expect(errorsOf(stack)).toEqual([
      "names in 'xml' must be unique, 'more' is already used; choose another name (at lab/lan)",
    ]);
  });

  it("can disable DHCP", () => {
    const { stack } = addNetwork({ cidr: Cidr.parse("10.1.0.0/24"), dhcp: false });
    expect(attributesOf(stack, "libvirt_network.lan")?.ipv4).toEqual({ address: "10.1.0.1", prefix: 24 });
  });

  it.each([
    ["10.0.0.0/8", undefined, { start: "10.0.0.2", end: "10.0.255.255" }],
    ["10.1.0.0/30", undefined, { start: "10.1.0.2", end: "10.1.0.2" }],
    ["10.1.0.0/30", "10.1.0.2", { start: "10.1.0.1", end: "10.1.0.1" }],
    ["10.1.0.0/24", "10.1.0.254", { start: "10.1.0.1", end: "10.1.0.253" }],
  ])("chooses a DHCP range that libvirt accepts in %s with gateway %s", (cidr, gateway, dhcp) => {
    const { stack } = addNetwork({ cidr: Cidr.parse(cidr), gateway });
    expect(attributesOf(stack, "libvirt_network.lan")?.ipv4).toMatchObject({ dhcp });
  });

  it.each([
    [
      { cidr: Cidr.parse("10.1.0.0/31") },
      "'cidr' must have a prefix of at most 30, which has addresses for the host and a guest, got 10.1.0.0/31; choose a larger network (at lab/lan)",
    ],
    [{ gateway: "10.1.0.1" }, "'gateway' requires 'cidr'; set the network's 'cidr', or remove 'gateway' (at lab/lan)"],
    [
      { cidr: Cidr.parse("10.1.0.0/24"), gateway: "10.2.0.1" },
      "'gateway' must be in network 'lan' (10.1.0.0/24), got 10.2.0.1; choose an address from 10.1.0.1 to 10.1.0.254 (at lab/lan)",
    ],
    [
      { cidr: Cidr.parse("10.1.0.0/24"), gateway: "10.1.0.255" },
      "'gateway' must be unique in network 'lan', 10.1.0.255 is already used by the network's broadcast address; choose another address (at lab/lan)",
    ],
    [
      { cidr: Cidr.parse("10.1.0.0/24"), bridge: "a-bridge-too-far" },
      "'bridge' must be 1 to 15 characters without spaces, '/' and ':', got 'a-bridge-too-far'; choose another name (at lab/lan)",
    ],
    [
      { xml: { second: { element: "10.9.0.1" } } },
      "'xml.second.element' must be an XML element, got '10.9.0.1'; write it like '<NAME/>' (at lab/lan)",
    ],
    [
      { networkName: " " },
      "'networkName' must not be empty, got ' '; remove it to use the construct's id (at lab/lan)",
    ],
  ])("rejects %j", (props, message) => {
    expect(errorsOf(addNetwork(props).stack)).toEqual([message]);
  });

  it.each([
    ["x", "10.1.0.9", "must be two IPv4 addresses", "choose addresses from 10.1.0.1 to 10.1.0.254"],
    ["10.1.0.9", "10.1.0.5", "must not end before its start", "swap them"],
    ["10.1.0.9", "10.1.1.5", "must be in network 'lan' (10.1.0.0/24)", "choose addresses from 10.1.0.1 to 10.1.0.254"],
    [
      "10.1.0.0",
      "10.1.0.9",
      "must not contain the network address or the broadcast address",
      "choose addresses from 10.1.0.1 to 10.1.0.254",
    ],
  ])("rejects a DHCP range from %s to %s", (start, end, rule, fix) => {
    const { stack } = addNetwork({ cidr: Cidr.parse("10.1.0.0/24"), dhcpRange: { start, end } });
    expect(errorsOf(stack)).toEqual([`'dhcpRange' ${rule}, got ${start} to ${end}; ${fix} (at lab/lan)`]);
  });

  it("rejects a DHCP range that is too large for libvirt", () => {
    const { stack } = addNetwork({
      cidr: Cidr.parse("10.0.0.0/8"),
      dhcpRange: { start: "10.0.255.255", end: "10.1.0.0" },
    });
    expect(errorsOf(stack)).toEqual([
      "'dhcpRange' must be within one /16, got 10.0.255.255 to 10.1.0.0; shorten it (at lab/lan)",
    ]);
  });
});

describe("NatNetwork", () => {
  it("forwards by address translation", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    new NatNetwork(stack, "nat", { host, cidr: Cidr.parse("10.2.0.0/16") });
    expect(attributesOf(stack, "libvirt_network.nat")).toEqual({
      host: "alpha",
      lifecycle,
      name: "nat",
      forward: { mode: "nat" },
      ipv4: { address: "10.2.0.1", prefix: 16, dhcp: { start: "10.2.0.2", end: "10.2.255.254" } },
    });
  });
});

describe("networks of one host", () => {
  it("must have unique names and bridges and distinct addresses", () => {
    const { stack, host } = addNetwork({ cidr: Cidr.parse("10.1.0.0/16"), bridge: "br0" });
    new IsolatedNetwork(stack, "inner", { host, cidr: Cidr.parse("10.1.7.0/24"), bridge: "br0" });
    new NatNetwork(stack, "nat", { host, cidr: Cidr.parse("10.1.9.0/24"), networkName: "lan" });
    new NatNetwork(stack, "apart", { host, cidr: Cidr.parse("10.2.0.0/16") });
    Network.fromNetworkAttributes(stack, "default", { host, networkName: "default", cidr: Cidr.parse("10.2.1.0/24") });
    const rule = "'cidr' must not overlap that of another network on host 'alpha'";
    const fix = "change one of them";
    expect(errorsOf(stack)).toEqual([
      "'bridge' must be unique on host 'alpha', 'br0' is already used by lab/lan; rename one of them (at lab/inner)",
      "network name must be unique on host 'alpha', 'lan' is already used by lab/lan; rename one of them (at lab/nat)",
      `${rule}, got 10.1.7.0/24, which overlaps 10.1.0.0/16 of lab/lan; ${fix} (at lab/inner)`,
      `${rule}, got 10.1.9.0/24, which overlaps 10.1.0.0/16 of lab/lan; ${fix} (at lab/nat)`,
      `${rule}, got 10.2.1.0/24, which overlaps 10.2.0.0/16 of lab/apart; ${fix} (at lab/default)`,
    ]);
  });

  it("are compared across stacks, but not across hosts", () => {
    const app = Testing.app();
    const stack = newStack("lab", app);
    new Site(stack, "alpha", "10.1.0.0/24");
    new Site(stack, "beta", "10.1.0.0/24");
    const other = newStack("other", app);
    const host = new Host(other, "alpha", { uri: "qemu+tcp://alpha/system" });
    new IsolatedNetwork(other, "dmz", { host, cidr: Cidr.parse("10.1.0.0/25") });
    expect(errorsOf(stack)).toEqual([
      "'cidr' must not overlap that of another network on host 'alpha', got 10.1.0.0/25, which overlaps 10.1.0.0/24 of lab/alpha/lan; change one of them (at other/dmz)",
    ]);
  });
});

describe("an address in a network", () => {
  it("is reserved for the interface that requests it", () => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    const mac = "52:54:00:00:00:01";
    new VirtualMachine(stack, "web-1", { host, memory, networks: [{ network: lan, address: "10.1.0.10", mac }] });
    expect(attributesOf(stack, "libvirt_network.alpha_lan_B08007EB")?.ipv4).toEqual({
      address: "10.1.0.1",
      prefix: 24,
      dhcp: { start: "10.1.0.2", end: "10.1.0.254", hosts: { [mac]: { ip: "10.1.0.10", name: "web-1" } } },
    });
  });

  it.each([
    ["web", "must be an IPv4 address, got 'web'; choose an address from 10.1.0.1 to 10.1.0.254"],
    ["10.2.0.5", "must be in network 'lan' (10.1.0.0/24), got 10.2.0.5; choose an address from 10.1.0.1 to 10.1.0.254"],
    [
      "10.1.0.0",
      "must be unique in network 'lan', 10.1.0.0 is already used by the network's own address; choose another address",
    ],
    [
      "10.1.0.255",
      "must be unique in network 'lan', 10.1.0.255 is already used by the network's broadcast address; choose another address",
    ],
    ["10.1.0.1", "must be unique in network 'lan', 10.1.0.1 is already used by the gateway; choose another address"],
    ["10.1.0.10", "must be unique in network 'lan', 10.1.0.10 is already used by lab/first; choose another address"],
  ])("cannot be %s", (address, message) => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    new VirtualMachine(stack, "first", { host, memory, networks: [{ network: lan, address: "10.1.0.10" }] });
    new VirtualMachine(stack, "web-1", { host, memory, networks: [{ network: lan, address }] });
    expect(errorsOf(stack)).toEqual([`'address' ${message} (at lab/web-1)`]);
  });

  it("requires DHCP and a network that this app manages", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const bare = new IsolatedNetwork(stack, "bare", { host });
    const still = new IsolatedNetwork(stack, "still", { host, cidr: Cidr.parse("10.3.0.0/24"), dhcp: false });
    const existing = Network.fromNetworkAttributes(stack, "default", { host, networkName: "default" });
    const networks = [bare, still, existing].map((network) => ({ network, address: "10.3.0.5" }));
    new VirtualMachine(stack, "web-1", { host, memory, networks });
    expect(errorsOf(stack)).toEqual([
      "'address' is not supported on network 'bare', which has no 'cidr', got 10.3.0.5; set its 'cidr' (at lab/web-1)",
      "'address' is not supported on network 'still', which has no DHCP, got 10.3.0.5; turn on its 'dhcp' (at lab/web-1)",
      "'address' is not supported on network 'default', which this app does not manage, got 10.3.0.5; reserve it where the network is managed (at lab/web-1)",
    ]);
  });

  it("is accepted unchecked when Terraform resolves it", () => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    const address = new TerraformVariable(stack, "address", { type: "string" }).stringValue;
    new VirtualMachine(stack, "web-1", { host, memory, networks: [{ network: lan, address }] });
    expect(errorsOf(stack)).toEqual([]);
  });
});
