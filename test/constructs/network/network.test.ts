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

/** What leaves a host goes after the machines that use it. */
const lifecycle = { create_before_destroy: true };

describe("IsolatedNetwork", () => {
  it("needs no addresses", () => {
    const { stack } = addNetwork({});
    expect(attributesOf(stack, "libvirt_network.lan")).toEqual({ host: "alpha", name: "lan", lifecycle });
  });

  it("gives all addresses after the gateway's by DHCP", () => {
    const { stack } = addNetwork({ cidr: Cidr.parse("10.1.0.0/24") });
    expect(attributesOf(stack, "libvirt_network.lan")).toEqual({
      host: "alpha",
      lifecycle,
      name: "lan",
      ipv4: { address: "10.1.0.1", prefix: 24, dhcp: { start: "10.1.0.2", end: "10.1.0.254" } },
    });
  });

  it("takes every property", () => {
    const { stack } = addNetwork({
      cidr: Cidr.parse("10.1.0.0/24"),
      networkName: "office",
      gateway: "10.1.0.254",
      dhcpRange: { start: "10.1.0.100", end: "10.1.0.199" },
      dnsDomain: "office.internal",
      bridge: "br-office",
      autostart: false,
    });
    expect(attributesOf(stack, "libvirt_network.lan")).toEqual({
      host: "alpha",
      lifecycle,
      name: "office",
      domain: { name: "office.internal" },
      bridge: "br-office",
      autostart: false,
      ipv4: { address: "10.1.0.254", prefix: 24, dhcp: { start: "10.1.0.100", end: "10.1.0.199" } },
    });
  });

  it("can do without DHCP", () => {
    const { stack } = addNetwork({ cidr: Cidr.parse("10.1.0.0/24"), dhcp: false });
    expect(attributesOf(stack, "libvirt_network.lan")?.ipv4).toEqual({ address: "10.1.0.1", prefix: 24 });
  });

  it.each([
    ["10.0.0.0/8", undefined, { start: "10.0.0.2", end: "10.0.255.255" }],
    ["10.1.0.0/30", undefined, { start: "10.1.0.2", end: "10.1.0.2" }],
    ["10.1.0.0/30", "10.1.0.2", { start: "10.1.0.1", end: "10.1.0.1" }],
    ["10.1.0.0/24", "10.1.0.254", { start: "10.1.0.1", end: "10.1.0.253" }],
  ])("chooses a range that libvirt takes in %s with gateway %s", (cidr, gateway, dhcp) => {
    const { stack } = addNetwork({ cidr: Cidr.parse(cidr), gateway });
    expect(attributesOf(stack, "libvirt_network.lan")?.ipv4).toMatchObject({ dhcp });
  });

  it.each([
    [
      { cidr: Cidr.parse("10.1.0.0/31") },
      "'cidr' must have room for the host and a guest, a prefix of at most 30, got 10.1.0.0/31; choose a larger network (at lab/lan)",
    ],
    [
      { gateway: "10.1.0.1" },
      "'gateway' must be left out for a network without a 'cidr', got one; give the network a 'cidr' (at lab/lan)",
    ],
    [
      { cidr: Cidr.parse("10.1.0.0/24"), gateway: "10.2.0.1" },
      "'gateway' must be in network 'lan' (10.1.0.0/24), got 10.2.0.1; choose one from 10.1.0.1 to 10.1.0.254 (at lab/lan)",
    ],
    [
      { cidr: Cidr.parse("10.1.0.0/24"), gateway: "10.1.0.255" },
      "'gateway' must be free in network 'lan', got 10.1.0.255, which is taken by the network's broadcast address; choose another (at lab/lan)",
    ],
    [
      { cidr: Cidr.parse("10.1.0.0/24"), bridge: "a-bridge-too-far" },
      "'bridge' must be 1 to 15 characters without spaces, '/' or ':', got 'a-bridge-too-far'; choose a name that Linux takes (at lab/lan)",
    ],
    [
      { networkName: " " },
      "'networkName' must not be empty, got ' '; leave it out to use the construct's id (at lab/lan)",
    ],
  ])("refuses %j", (props, message) => {
    expect(errorsOf(addNetwork(props).stack)).toEqual([message]);
  });

  it.each([
    ["x", "10.1.0.9", "must be two IPv4 addresses", "choose from 10.1.0.1 to 10.1.0.254"],
    ["10.1.0.9", "10.1.0.5", "must end after its start", "swap them"],
    ["10.1.0.9", "10.1.1.5", "must be in network 'lan' (10.1.0.0/24)", "choose from 10.1.0.1 to 10.1.0.254"],
    [
      "10.1.0.0",
      "10.1.0.9",
      "must leave out the network's own and broadcast address",
      "choose from 10.1.0.1 to 10.1.0.254",
    ],
  ])("refuses a DHCP range from %s to %s", (start, end, rule, fix) => {
    const { stack } = addNetwork({ cidr: Cidr.parse("10.1.0.0/24"), dhcpRange: { start, end } });
    expect(errorsOf(stack)).toEqual([`'dhcpRange' ${rule}, got ${start} to ${end}; ${fix} (at lab/lan)`]);
  });

  it("refuses a DHCP range that libvirt finds too large", () => {
    const { stack } = addNetwork({
      cidr: Cidr.parse("10.0.0.0/8"),
      dhcpRange: { start: "10.0.255.255", end: "10.1.0.0" },
    });
    expect(errorsOf(stack)).toEqual([
      "'dhcpRange' must have the same first two octets throughout, got 10.0.255.255 to 10.1.0.0; make it shorter (at lab/lan)",
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
  it("have names, bridges and addresses of their own", () => {
    const { stack, host } = addNetwork({ cidr: Cidr.parse("10.1.0.0/16"), bridge: "br0" });
    new IsolatedNetwork(stack, "inner", { host, cidr: Cidr.parse("10.1.7.0/24"), bridge: "br0" });
    new NatNetwork(stack, "nat", { host, cidr: Cidr.parse("10.1.9.0/24"), networkName: "lan" });
    new NatNetwork(stack, "apart", { host, cidr: Cidr.parse("10.2.0.0/16") });
    Network.fromNetworkAttributes(stack, "default", { host, networkName: "default", cidr: Cidr.parse("10.2.1.0/24") });
    const rule = "'cidr' must be apart from those of other networks on host 'alpha'";
    const fix = "choose other addresses for one of them";
    expect(errorsOf(stack)).toEqual([
      "bridge 'br0' is taken already on host 'alpha' by lab/lan; give one of them another (at lab/inner)",
      "network name 'lan' is taken already on host 'alpha' by lab/lan; give one of them another name (at lab/nat)",
      `${rule}, got 10.1.7.0/24, which overlaps 10.1.0.0/16 of lab/lan; ${fix} (at lab/inner)`,
      `${rule}, got 10.1.9.0/24, which overlaps 10.1.0.0/16 of lab/lan; ${fix} (at lab/nat)`,
      `${rule}, got 10.2.1.0/24, which overlaps 10.2.0.0/16 of lab/apart; ${fix} (at lab/default)`,
    ]);
  });

  it("are compared across stacks, and not across hosts", () => {
    const app = Testing.app();
    const stack = newStack("lab", app);
    new Site(stack, "alpha", "10.1.0.0/24");
    new Site(stack, "beta", "10.1.0.0/24");
    const other = newStack("other", app);
    const host = new Host(other, "alpha", { uri: "qemu+tcp://alpha/system" });
    new IsolatedNetwork(other, "dmz", { host, cidr: Cidr.parse("10.1.0.0/25") });
    expect(errorsOf(stack)).toEqual([
      "'cidr' must be apart from those of other networks on host 'alpha', got 10.1.0.0/25, which overlaps 10.1.0.0/24 of lab/alpha/lan; choose other addresses for one of them (at other/dmz)",
    ]);
  });
});

describe("an address in a network", () => {
  it("becomes a reservation for the interface that asks for it", () => {
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
    ["web", "must be an IPv4 address, got 'web'; choose one from 10.1.0.1 to 10.1.0.254"],
    ["10.2.0.5", "must be in network 'lan' (10.1.0.0/24), got 10.2.0.5; choose one from 10.1.0.1 to 10.1.0.254"],
    [
      "10.1.0.0",
      "must be free in network 'lan', got 10.1.0.0, which is taken by the network's own address; choose another",
    ],
    [
      "10.1.0.255",
      "must be free in network 'lan', got 10.1.0.255, which is taken by the network's broadcast address; choose another",
    ],
    ["10.1.0.1", "must be free in network 'lan', got 10.1.0.1, which is taken by the gateway; choose another"],
    ["10.1.0.10", "must be free in network 'lan', got 10.1.0.10, which is taken by lab/first; choose another"],
  ])("can't be %s", (address, message) => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    new VirtualMachine(stack, "first", { host, memory, networks: [{ network: lan, address: "10.1.0.10" }] });
    new VirtualMachine(stack, "web-1", { host, memory, networks: [{ network: lan, address }] });
    expect(errorsOf(stack)).toEqual([`'address' ${message} (at lab/web-1)`]);
  });

  it("needs DHCP, and a network of this app", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const bare = new IsolatedNetwork(stack, "bare", { host });
    const still = new IsolatedNetwork(stack, "still", { host, cidr: Cidr.parse("10.3.0.0/24"), dhcp: false });
    const existing = Network.fromNetworkAttributes(stack, "default", { host, networkName: "default" });
    const networks = [bare, still, existing].map((network) => ({ network, address: "10.3.0.5" }));
    new VirtualMachine(stack, "web-1", { host, memory, networks });
    expect(errorsOf(stack)).toEqual([
      "'address' must be left out for network 'bare', which has no 'cidr', got 10.3.0.5; give it one (at lab/web-1)",
      "'address' must be left out for network 'still', which has no DHCP, got 10.3.0.5; turn 'dhcp' on there (at lab/web-1)",
      "'address' must be left out for network 'default', which is not of this app, got 10.3.0.5; reserve it where the network is defined (at lab/web-1)",
    ]);
  });

  it("is taken as it is when Terraform is to fill it in", () => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    const address = new TerraformVariable(stack, "address", { type: "string" }).stringValue;
    new VirtualMachine(stack, "web-1", { host, memory, networks: [{ network: lan, address }] });
    expect(errorsOf(stack)).toEqual([]);
  });
});
