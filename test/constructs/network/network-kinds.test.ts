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

describe("a network with its own bridge", () => {
  it("renders IPv6, DNS, routes, port groups and limits", () => {
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
        wildcards: { "apps.lab.internal": "10.1.0.60" },
        dnsmasqOptions: ["no-negcache"],
      },
      netboot: { file: "pxelinux.0", tftpRoot: "/srv/tftp", server: "10.1.0.2" },
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
      ipv4: {
        ...ipv4,
        dhcp: { ...ipv4.dhcp, lease_time: 600, bootp: { file: "pxelinux.0", server: "10.1.0.2" } },
        tftp_root: "/srv/tftp",
      },
      dnsmasq_options: ["address=/apps.lab.internal/10.1.0.60", "no-negcache"],
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
    [
      { portGroups: { eng: { vlan: { tags: [5] } } } },
      "'portGroups.eng.vlan' requires a BridgedNetwork: a network with its own bridge has no VLANs; remove it, or create a network for each VLAN",
    ],
    [{ dhcpLeaseSeconds: 60 }, "'dhcpLeaseSeconds' must be a whole number of at least 120, got 60; raise or round it"],
    [
      { cidr: undefined, dhcpLeaseSeconds: 600 },
      "'dhcpLeaseSeconds' requires 'cidr'; set the network's 'cidr', or remove 'dhcpLeaseSeconds'",
    ],
    [
      { dns: { wildcards: { "*.apps": "10.1.0.60" } } },
      "keys of 'dns.wildcards' must be domains, got '*.apps'; write them like 'apps.example.org'",
    ],
    [
      { dns: { wildcards: { apps: "10.1.0.300" } } },
      "'dns.wildcards' must be IP addresses, got '10.1.0.300' for apps; write them like '10.0.0.5'",
    ],
    [
      { dhcp: false, netboot: { file: "pxelinux.0" } },
      "'netboot' requires DHCP, which tells guests what to load; set 'cidr' and 'dhcp', or remove 'netboot'",
    ],
    [
      { netboot: { file: "pxelinux.0", tftpRoot: "srv" } },
      "'netboot.tftpRoot' must be an absolute path on the host, got 'srv'; begin it with '/'",
    ],
    [
      { netboot: { file: "pxelinux.0", server: "tftp" } },
      "'netboot.server' must be an IPv4 address, got 'tftp'; write it like '10.0.0.2'",
    ],
    [{ mtu: 67 }, "'mtu' must be a whole number from 68 to 65535, got 67; choose a number in this range"],
    [
      { ipv6: { address: "10.1.0.1" } },
      "'ipv6.address' must be an IPv6 address, got '10.1.0.1'; write it like 'fd00:1::1'",
    ],
    [
      { ipv6: { address: "fd00::1", prefix: 128 } },
      "'ipv6.prefix' must be a whole number from 1 to 127, got 128; choose a number in this range",
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
    [
      { dns: { hosts: { web: ["a"] } } },
      "keys of 'dns.hosts' must be IP addresses, got 'web'; write them like '10.0.0.10'",
    ],
    [
      { dns: { hosts: { "10.1.0.9": ["a b"] } } },
      "'dns.hosts' must be host names, got 'a b' for 10.1.0.9; use letters, digits and '-'",
    ],
    [
      { routes: [{ destination: "10.9.0.0", gateway: "10.1.0.5" }] },
      "'routes.destination' must be an address with a prefix length, got '10.9.0.0'; write it like '10.9.0.0/16'",
    ],
    [
      { routes: [{ destination: "fd09::/48", gateway: "10.1.0.5" }] },
      "'routes.gateway' must have the same address family as fd09::/48, got '10.1.0.5'; use an address of a guest",
    ],
    [
      { routes: [{ destination: "10.9.0.0/16", gateway: "10.1.0.5", metric: 0 }] },
      "'routes.metric' must be a whole number of at least 1, got 0; raise or round it",
    ],
    [
      { routes: ["10.1.0.5", "10.1.0.6"].map((gateway) => ({ destination: "10.9.0.0/16", gateway })) },
      "'routes.destination' must be unique, '10.9.0.0/16' is listed twice; remove one of them",
    ],
    [
      { portGroups: { "a b": {} } },
      "names in 'portGroups' must be letters, digits, '-', '_' and '.', got 'a b'; remove other characters",
    ],
    [
      { portGroups: { a: { isDefault: true }, b: { isDefault: true } } },
      "'portGroups' must have at most one default, got 'a' and 'b'; remove 'isDefault' from the others",
    ],
    [{ bandwidth: {} }, "'bandwidth' must set at least one limit, got none; remove it for no limit"],
  ])("rejects %j", (props, message) => {
    expect(errorsWith(({ stack, host }) => new IsolatedNetwork(stack, "lan", { host, cidr, ...props }))).toEqual([
      `${message} (at lab/lan)`,
    ]);
  });
});

describe("NatNetwork", () => {
  it("renders the uplink and the addresses and ports of address translation", () => {
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
      "'uplink' must be 1 to 15 characters without spaces, '/' and ':', got 'a-device-too-far'; choose another name",
    ],
    [
      { natPorts: { start: 0, end: 10 } },
      "'natPorts.start' must be a whole number from 1 to 65535, got 0; choose a number in this range",
    ],
    [{ natPorts: { start: 20, end: 10 } }, "'natPorts' must not end before its start, got 20 to 10; swap them"],
  ])("rejects %j", (props, message) => {
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

  it("rejects an uplink without the firewall that enforces it", () => {
    expect(
      errorsWith(({ stack, host }) => new RoutedNetwork(stack, "dmz", { host, cidr, uplink: "eth0", firewall: false })),
    ).toEqual([
      "'uplink' requires 'firewall', whose rules enforce it, got 'eth0'; remove 'uplink', or turn 'firewall' on (at lab/dmz)",
    ]);
  });
});

describe("BridgedNetwork", () => {
  it("connects to a bridge of the host", () => {
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

  it("renders VLANs on a Linux bridge, which the plan refuses on a host with an older libvirt", () => {
    const { stack, host } = newSite();
    const portGroups = { both: { vlan: { tags: [10, 11] } } };
    new BridgedNetwork(stack, "office", { host, bridge: "br0", vlan: { tags: [42] }, portGroups });
    expect(attributesOf(stack, "libvirt_network.office")).toMatchObject({
      vlan: { tags: ["42"] },
      portgroups: { both: { vlan: { tags: ["10", "11"] } } },
    });
    expect(errorsOf(stack)).toEqual([]);
  });

  it("renders VLANs on Open vSwitch", () => {
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
      "'bridge' must be 1 to 15 characters without spaces, '/' and ':', got 'br/0'; choose another name",
    ],
    [
      { openVSwitch: true, vlan: { tags: [4096] } },
      "'vlan.tags' must be a whole number from 0 to 4095, got 4096; choose a number in this range",
    ],
    [
      { openVSwitch: true, vlan: { tags: [] } },
      "'vlan.tags' must have at least one tag, got none; remove 'vlan' for no VLAN",
    ],
    [
      { openVSwitch: true, vlan: { tags: [1, 2], trunk: false } },
      "'vlan.trunk' must not be false for several tags, which always form a trunk; remove it",
    ],
  ])("rejects %j", (props, message) => {
    expect(
      errorsWith(({ stack, host }) => new BridgedNetwork(stack, "office", { host, bridge: "br0", ...props })),
    ).toEqual([`${message} (at lab/office)`]);
  });
});

describe("DirectNetwork", () => {
  it("connects to devices of the host", () => {
    const { stack, host } = newSite();
    const network = new DirectNetwork(stack, "office", { host, devices: ["eth1", "eth2"], mode: "private" });
    expect(attributesOf(stack, "libvirt_network.office")?.forward).toEqual({
      mode: "private",
      devices: ["eth1", "eth2"],
    });
    expect([network.forwardMode, network.uplink]).toEqual(["direct", "eth1"]);
  });

  it.each([
    [[], "'devices' must have at least one device, got none; add a network device of the host"],
    [["eth1", "eth1"], "'devices' must be unique, 'eth1' is listed twice; remove one of them"],
  ])("rejects %j", (devices, message) => {
    expect(errorsWith(({ stack, host }) => new DirectNetwork(stack, "office", { host, devices }))).toEqual([
      `${message} (at lab/office)`,
    ]);
  });
});

describe("SriovNetwork", () => {
  it("assigns the virtual functions of a device", () => {
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

  it("renders every property of its connection", () => {
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
    [
      { portGroup: "ops" },
      "'networks.portGroup' must be a port group of network 'office', got 'ops'; use one of 'eng'",
    ],
    [{ mtu: 60 }, "'networks.mtu' must be a whole number from 68 to 65535, got 60; choose a number in this range"],
    [{ queues: 0 }, "'networks.queues' must be a whole number from 1 to 256, got 0; choose a number in this range"],
    [
      { queues: 2, model: "e1000e" },
      "'networks.queues' requires model 'virtio', got 'e1000e'; change the model, or remove 'queues'",
    ],
    [
      { filterParameters: { IP: "10.1.0.5" } },
      "'networks.filterParameters' requires 'networks.filter'; set the filter, or remove the parameters",
    ],
    [
      { address: "10.1.0.5" },
      "'address' is not supported on network 'office', whose addresses libvirt does not assign, got 10.1.0.5; reserve it with the network's own DHCP",
    ],
  ])("rejects %j", (attachment, message) => {
    expect(errorsOf(interfaceOf(attachment))).toEqual([`${message} (at lab/web-1)`]);
  });

  it("rejects properties that its network does not support", () => {
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
    const noVlan = "whose bridge has no VLANs; use a BridgedNetwork, or remove 'vlan' (at lab/web-1)";
    expect(errorsOf(stack)).toEqual([
      "'networks.isolated' is not supported on network 'direct', which has no bridge, got true; remove it (at lab/web-1)",
      "'networks.filter' is not supported on network 'direct', which has no bridge, got clean-traffic; remove it (at lab/web-1)",
      "'networks.portGroup' must be a port group of network 'lan', got 'eng'; add 'portGroups' to the network (at lab/web-1)",
      `'networks.vlan' is not supported on network 'lan', ${noVlan}`,
      `'networks.vlan' is not supported on network 'default', ${noVlan}`,
    ]);
  });
});
