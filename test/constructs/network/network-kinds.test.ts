import {
  BridgedNetwork,
  type BridgedNetworkProps,
  Cidr,
  DirectNetwork,
  Host,
  type INetwork,
  IsolatedNetwork,
  type IsolatedNetworkProps,
  NatNetwork,
  type NatNetworkProps,
  Network,
  type NetworkAttachment,
  RoutedNetwork,
  type RoutedNetworkProps,
  Size,
  SriovNetwork,
  VirtualMachine,
} from "../../../constructs";
import { attributesOf, errorsOf, newStack } from "../synthesis";

const lifecycle = { create_before_destroy: true };
const cidr = Cidr.parse("10.1.0.0/24");
const ipv4 = { address: "10.1.0.1", prefix: 24, dhcp: { start: "10.1.0.2", end: "10.1.0.254" } };

function newSite() {
  const stack = newStack();
  return { stack, host: new Host(stack, "alpha", { uri: "qemu:///system" }) };
}

function errorsWith(add: (site: ReturnType<typeof newSite>) => void): string[] {
  const site = newSite();
  add(site);
  return errorsOf(site.stack);
}

describe("a network with a bridge of its own", () => {
  it("takes IPv6, DNS, routes, groups and limits", () => {
    const { stack, host } = newSite();
    new IsolatedNetwork(stack, "lan", {
      host,
      cidr,
      dhcpLeaseSeconds: 600,
      ipv6: {
        address: "fd00:1::1",
        dhcpRange: { start: "fd00:1::10", end: "fd00:1::20" },
        reservations: { "web-1": "fd00:1::50" },
      },
      dns: {
        forwarders: ["10.0.0.53", "/example.org/10.0.0.54", "/lab.internal/"],
        hosts: { "10.1.0.60": ["db", "db.lab"] },
      },
      routes: [{ destination: "10.9.0.0/16", gateway: "10.1.0.50", metric: 2 }],
      mtu: 9000,
      isolatedGuests: true,
      bandwidth: { inbound: { average: Size.mebibytes(1) } },
      portGroups: {
        office: { isDefault: true },
        guests: { bandwidth: { outbound: { average: Size.kibibytes(500) } } },
      },
    });
    expect(attributesOf(stack, "libvirt_network.lan")).toEqual({
      host: "alpha",
      lifecycle,
      name: "lan",
      ipv4: { ...ipv4, dhcp: { ...ipv4.dhcp, lease_time: 600 } },
      ipv6: {
        address: "fd00:1::1",
        prefix: 64,
        dhcp: { start: "fd00:1::10", end: "fd00:1::20", hosts: { "web-1": { ip: "fd00:1::50" } } },
      },
      dns: {
        forwarders: ["10.0.0.53", "/example.org/10.0.0.54", "/lab.internal/"],
        hosts: { "10.1.0.60": { names: ["db", "db.lab"] } },
      },
      routes: { "10.9.0.0/16": { gateway: "10.1.0.50", metric: 2 } },
      mtu: 9000,
      isolated: true,
      bandwidth: { inbound_average: 1024 },
      portgroups: { office: { default: true }, guests: { bandwidth: { outbound_average: 500 } } },
    });
    expect(errorsOf(stack)).toEqual([]);
  });

  it.each<[Partial<IsolatedNetworkProps>, string]>([
    [{ dhcpLeaseSeconds: 60 }, "'dhcpLeaseSeconds' must be a whole number of at least 120, got 60; raise or round it"],
    [
      { cidr: undefined, dhcpLeaseSeconds: 600 },
      "'dhcpLeaseSeconds' must be left out for a network without a 'cidr', got one; give the network a 'cidr'",
    ],
    [{ mtu: 67 }, "'mtu' must be a whole number from 68 to 65535, got 67; choose one of these"],
    [
      { ipv6: { address: "10.1.0.1" } },
      "'ipv6.address' must be an IPv6 address, got '10.1.0.1'; write it like 'fd00:1::1'",
    ],
    [
      { ipv6: { address: "fd00::1", prefix: 128 } },
      "'ipv6.prefix' must be a whole number from 1 to 127, got 128; choose one of these",
    ],
    [
      { ipv6: { address: "fd00::1", dhcpRange: { start: "x", end: "fd00::9" } } },
      "'ipv6.dhcpRange.start' must be an IPv6 address, got 'x'; write it like 'fd00:1::1'",
    ],
    [
      { ipv6: { address: "fd00::1", reservations: { web: "10.0.0.1" } } },
      "'ipv6.reservations.web' must be an IPv6 address, got '10.0.0.1'; write it like 'fd00:1::1'",
    ],
    [
      { dns: { forwarders: ["dns.example.org"] } },
      "'dns.forwarders' must be addresses of servers, got 'dns.example.org'; write '10.0.0.53', or '/example.org/10.0.0.53' for one domain",
    ],
    [{ dns: { hosts: { web: ["a"] } } }, "'dns.hosts' must be by address, got 'web'; write it like '10.0.0.10'"],
    [
      { dns: { hosts: { "10.1.0.9": ["a b"] } } },
      "'dns.hosts' must be names of hosts, got 'a b' for 10.1.0.9; use letters, digits and '-'",
    ],
    [
      { routes: [{ destination: "10.9.0.0", gateway: "10.1.0.5" }] },
      "'routes.destination' must be an address with the length of its prefix, got '10.9.0.0'; write it like '10.9.0.0/16'",
    ],
    [
      { routes: [{ destination: "fd09::/48", gateway: "10.1.0.5" }] },
      "'routes.gateway' must be of the same family as fd09::/48, got '10.1.0.5'; name a guest's address",
    ],
    [
      { routes: [{ destination: "10.9.0.0/16", gateway: "10.1.0.5", metric: 0 }] },
      "'routes.metric' must be a whole number of at least 1, got 0; raise or round it",
    ],
    [
      { routes: ["10.1.0.5", "10.1.0.6"].map((gateway) => ({ destination: "10.9.0.0/16", gateway })) },
      "'routes.destination' must be of one route, got '10.9.0.0/16' twice; remove one",
    ],
    [
      { portGroups: { "a b": {} } },
      "a name in 'portGroups' must be letters, digits, '-', '_' and '.', got 'a b'; leave the rest out",
    ],
    [
      { portGroups: { a: { isDefault: true }, b: { isDefault: true } } },
      "'portGroups' must have one default, got 'a' and 'b'; take 'isDefault' out of all others",
    ],
    [{ bandwidth: {} }, "'bandwidth' must limit something, got no limit; leave it out"],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(({ stack, host }) => new IsolatedNetwork(stack, "lan", { host, cidr, ...props }))).toEqual([
      `${message} (at lab/lan)`,
    ]);
  });
});

describe("NatNetwork", () => {
  it("says by which device, behind which addresses and ports", () => {
    const { stack, host } = newSite();
    const network: INetwork = new NatNetwork(stack, "lan", {
      host,
      cidr,
      uplink: "eth0",
      natAddresses: { start: "192.0.2.1", end: "192.0.2.9" },
      natPorts: { start: 2000, end: 3000 },
      natIpv6: true,
    });
    expect(attributesOf(stack, "libvirt_network.lan")?.forward).toEqual({
      mode: "nat",
      devices: ["eth0"],
      nat_addresses: { start: "192.0.2.1", end: "192.0.2.9" },
      nat_ports: { start: 2000, end: 3000 },
      nat_ipv6: true,
    });
    expect([network.forwardMode, network.uplink, network.portGroups]).toEqual(["nat", "eth0", []]);
  });

  it.each<[Partial<NatNetworkProps>, string]>([
    [
      { uplink: "a-device-too-far" },
      "'uplink' must be 1 to 15 characters without spaces, '/' or ':', got 'a-device-too-far'; choose a name that Linux takes",
    ],
    [
      { natPorts: { start: 0, end: 10 } },
      "'natPorts.start' must be a whole number from 1 to 65535, got 0; choose one of these",
    ],
    [{ natPorts: { start: 20, end: 10 } }, "'natPorts' must end after its start, got 20 to 10; swap them"],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(({ stack, host }) => new NatNetwork(stack, "lan", { host, cidr, ...props }))).toEqual([
      `${message} (at lab/lan)`,
    ]);
  });
});

describe("RoutedNetwork", () => {
  it.each<[Partial<RoutedNetworkProps>, object]>([
    [{}, { mode: "route" }],
    [{ uplink: "eth0" }, { mode: "route", devices: ["eth0"] }],
    [{ firewall: false }, { mode: "open" }],
  ])("forwards with %j", (props, forward) => {
    const { stack, host } = newSite();
    const network = new RoutedNetwork(stack, "dmz", { host, cidr, ...props });
    expect(attributesOf(stack, "libvirt_network.dmz")).toEqual({
      host: "alpha",
      lifecycle,
      name: "dmz",
      forward,
      ipv4,
    });
    expect(network.uplink).toBe(props.uplink);
  });

  it("has no uplink without a firewall that holds it", () => {
    expect(
      errorsWith(({ stack, host }) => new RoutedNetwork(stack, "dmz", { host, cidr, uplink: "eth0", firewall: false })),
    ).toEqual([
      "'uplink' must be left out without 'firewall', which holds it, got 'eth0'; leave one of them out (at lab/dmz)",
    ]);
  });
});

describe("BridgedNetwork", () => {
  it("is on a bridge of the host's", () => {
    const { stack, host } = newSite();
    const network = new BridgedNetwork(stack, "office", { host, bridge: "br0" });
    expect(attributesOf(stack, "libvirt_network.office")).toEqual({
      host: "alpha",
      lifecycle,
      name: "office",
      forward: { mode: "bridge" },
      bridge: "br0",
    });
    expect([network.forwardMode, network.uplink]).toEqual(["bridge", "br0"]);
  });

  it("has VLANs on Open vSwitch", () => {
    const { stack, host } = newSite();
    new BridgedNetwork(stack, "office", {
      host,
      bridge: "ovs0",
      openVSwitch: true,
      vlan: { tags: [42], trunk: true },
      portGroups: { both: { vlan: { tags: [10, 11] } } },
    });
    expect(attributesOf(stack, "libvirt_network.office")).toMatchObject({
      virtualport: "openvswitch",
      vlan: { tags: ["42"], trunk: true },
      portgroups: { both: { vlan: { tags: ["10", "11"] } } },
    });
  });

  it.each<[Partial<BridgedNetworkProps>, string]>([
    [
      { bridge: "br/0" },
      "'bridge' must be 1 to 15 characters without spaces, '/' or ':', got 'br/0'; choose a name that Linux takes",
    ],
    [
      { vlan: { tags: [5] } },
      "'vlan' must be left out for a bridge of Linux's own, got one; set 'openVSwitch', or make a bridge on the VLAN's device",
    ],
    [
      { portGroups: { eng: { vlan: { tags: [5] } } } },
      "'portGroups.eng.vlan' must be left out for a bridge of Linux's own, got one; set 'openVSwitch', or make a bridge on the VLAN's device",
    ],
    [
      { openVSwitch: true, vlan: { tags: [4096] } },
      "'vlan.tags' must be a whole number from 0 to 4095, got 4096; choose one of these",
    ],
    [
      { openVSwitch: true, vlan: { tags: [] } },
      "'vlan.tags' must name at least one, got none; leave 'vlan' out to have none",
    ],
    [
      { openVSwitch: true, vlan: { tags: [1, 2], trunk: false } },
      "'vlan.trunk' must be left out for several tags, which always are one, got false",
    ],
  ])("refuses %j", (props, message) => {
    expect(
      errorsWith(({ stack, host }) => new BridgedNetwork(stack, "office", { host, bridge: "br0", ...props })),
    ).toEqual([`${message} (at lab/office)`]);
  });
});

describe("DirectNetwork", () => {
  it("is on devices of the host's", () => {
    const { stack, host } = newSite();
    const network = new DirectNetwork(stack, "office", { host, devices: ["eth1", "eth2"], mode: "private" });
    expect(attributesOf(stack, "libvirt_network.office")?.forward).toEqual({
      mode: "private",
      devices: ["eth1", "eth2"],
    });
    expect([network.forwardMode, network.uplink]).toEqual(["direct", "eth1"]);
  });

  it.each([
    [[], "'devices' must name at least one, got none; name a network device of the host"],
    [["eth1", "eth1"], "'devices' must name each once, got 'eth1' twice; remove one"],
  ])("refuses %j", (devices, message) => {
    expect(errorsWith(({ stack, host }) => new DirectNetwork(stack, "office", { host, devices }))).toEqual([
      `${message} (at lab/office)`,
    ]);
  });
});

describe("SriovNetwork", () => {
  it("gives out the virtual functions of a device", () => {
    const { stack, host } = newSite();
    const network = new SriovNetwork(stack, "storage", { host, device: "eth3", vlan: { tags: [7] } });
    expect(attributesOf(stack, "libvirt_network.storage")).toEqual({
      host: "alpha",
      lifecycle,
      name: "storage",
      forward: { mode: "hostdev", pf: "eth3", managed: true },
      vlan: { tags: ["7"] },
    });
    expect([network.forwardMode, network.uplink]).toEqual(["sriov", "eth3"]);
  });
});

describe("an interface", () => {
  const memory = Size.mebibytes(512);

  function interfaceOf(attachment: Omit<NetworkAttachment, "network">) {
    const { stack, host } = newSite();
    const network = new BridgedNetwork(stack, "office", { host, bridge: "br0", portGroups: { eng: {} } });
    new VirtualMachine(stack, "web-1", {
      host,
      memory,
      networks: [{ network, mac: "52:54:00:00:00:01", ...attachment }],
    });
    return stack;
  }

  it("takes every property of its connection", () => {
    const stack = interfaceOf({
      portGroup: "eng",
      vlan: { tags: [5] },
      isolated: true,
      mtu: 9000,
      queues: 4,
      filter: "clean-traffic",
      filterParameters: { CTRL_IP_LEARNING: "none", IP: ["10.1.0.5", "10.1.0.6"] },
    });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.interfaces).toEqual({
      office: {
        network: "${libvirt_network.office.name}",
        mac: "52:54:00:00:00:01",
        portgroup: "eng",
        vlan: { tags: ["5"] },
        isolated: true,
        mtu: 9000,
        queues: 4,
        filter: "clean-traffic",
        filter_parameters: { CTRL_IP_LEARNING: { values: ["none"] }, IP: { values: ["10.1.0.5", "10.1.0.6"] } },
      },
    });
  });

  it.each<[Omit<NetworkAttachment, "network">, string]>([
    [{ portGroup: "ops" }, "'networks.portGroup' must be a group of network 'office', got 'ops'; choose one of 'eng'"],
    [{ mtu: 60 }, "'networks.mtu' must be a whole number from 68 to 65535, got 60; choose one of these"],
    [{ queues: 0 }, "'networks.queues' must be a whole number from 1 to 256, got 0; choose one of these"],
    [
      { queues: 2, model: "e1000e" },
      "'networks.queues' must be left out for model 'e1000e', got 2; only 'virtio' has several",
    ],
    [
      { filterParameters: { IP: "10.1.0.5" } },
      "'networks.filterParameters' must go with a 'filter', got them alone; name the filter",
    ],
    [
      { address: "10.1.0.5" },
      "'address' must be left out for network 'office', whose addresses are not libvirt's to give, got 10.1.0.5; reserve it with the network's own DHCP",
    ],
  ])("refuses %j", (attachment, message) => {
    expect(errorsOf(interfaceOf(attachment))).toEqual([`${message} (at lab/web-1)`]);
  });

  it("has no more than its network can give", () => {
    const { stack, host } = newSite();
    const direct = new DirectNetwork(stack, "direct", { host, devices: ["eth1"] });
    const lan = new IsolatedNetwork(stack, "lan", { host });
    const existing = Network.fromNetworkAttributes(stack, "default", {
      host,
      networkName: "default",
      forwardMode: "nat",
    });
    const vlan = { tags: [5] };
    new VirtualMachine(stack, "web-1", {
      host,
      memory,
      networks: [
        { network: direct, isolated: true, filter: "clean-traffic" },
        { network: lan, vlan, portGroup: "eng" },
        { network: existing, vlan, portGroup: "eng" },
      ],
    });
    const noVlan = "whose bridge has none, got one; use a BridgedNetwork on Open vSwitch (at lab/web-1)";
    expect(errorsOf(stack)).toEqual([
      "'networks.isolated' must be left out for network 'direct', which has no bridge, got true; leave it out (at lab/web-1)",
      "'networks.filter' must be left out for network 'direct', which has no bridge, got clean-traffic; leave it out (at lab/web-1)",
      "'networks.portGroup' must be a group of network 'lan', got 'eng'; give it 'portGroups' (at lab/web-1)",
      `'networks.vlan' must be left out for network 'lan', ${noVlan}`,
      `'networks.vlan' must be left out for network 'default', ${noVlan}`,
    ]);
  });
});
