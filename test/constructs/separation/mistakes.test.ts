import { Domain } from "@cdktf/provider-libvirt";
import type { TerraformStack } from "cdktf";
import {
  BridgedNetwork,
  Cidr,
  DirectNetwork,
  type Flow,
  type FlowPeer,
  Gateway,
  Host,
  type INetwork,
  IsolatedNetwork,
  NatNetwork,
  Network,
  NetworkZone,
  Peers,
  RoutedNetwork,
  SeparationPolicy,
  Size,
  SriovNetwork,
  VirtualMachine,
  type VirtualMachineProps,
} from "../../../constructs";
import { errorsOf, newStack } from "../synthesis";

/** A stack without violations: an inner zone, a zone with internet access, and a machine in each. Tests add mistakes. */
class Plant {
  public readonly stack: TerraformStack = newStack("app");
  public readonly alpha = new Host(this.stack, "alpha", { uri: "qemu+tcp://192.0.2.1/system" });
  public readonly beta = new Host(this.stack, "beta", { uri: "qemu+tcp://192.0.2.2/system" });
  public readonly inner = new NetworkZone(this.stack, "inner", { trust: 90, uplinks: ["br-inner"] });
  public readonly outer = new NetworkZone(this.stack, "outer", { trust: 10, internet: true });
  public readonly policy = new SeparationPolicy(this.stack, "policy");
  public readonly lan = new IsolatedNetwork(this.stack, "lan", {
    host: this.alpha,
    zone: this.inner,
    cidr: Cidr.parse("10.1.0.0/24"),
  });
  public readonly nat = new NatNetwork(this.stack, "nat", {
    host: this.alpha,
    zone: this.outer,
    cidr: Cidr.parse("10.2.0.0/24"),
  });
  public readonly plc = this.machine("plc", [{ network: this.lan, address: "10.1.0.10" }], { tags: ["controller"] });
  public readonly web = this.machine("web", [{ network: this.nat, address: "10.2.0.10" }], { tags: ["web"] });

  public machine(
    id: string,
    networks: VirtualMachineProps["networks"],
    props: Partial<VirtualMachineProps> = {},
  ): VirtualMachine {
    return new VirtualMachine(this.stack, id, { host: this.alpha, memory: Size.mebibytes(64), networks, ...props });
  }

  public bridged(id: string, zone: NetworkZone, bridge: string, host = this.alpha): BridgedNetwork {
    return new BridgedNetwork(this.stack, id, { host, zone, bridge });
  }

  public between(
    forwards: readonly { readonly name: string }[] = [],
    zones = [this.inner, this.outer],
  ): VirtualMachine {
    const machine = this.machine("gate", [
      { network: this.lan, address: "10.1.0.2" },
      { network: this.nat, address: "10.2.0.2" },
    ]);
    new Gateway(this.stack, "gateway", { vm: machine, zones, forwards });
    return machine;
  }

  /** A domain resource without a VirtualMachine construct. */
  public raw(id: string, config: Partial<ConstructorParameters<typeof Domain>[2]>): Domain {
    return new Domain(this.stack, id, { host: "alpha", name: id, memory: 65_536, vcpu: 1, ...config });
  }
}

const https: Flow = { protocol: "tcp", ports: [443] };

/** Adds a rule to the policy. */
function allows(from: (plant: Plant) => FlowPeer, to: (plant: Plant) => FlowPeer, flow: Flow = https) {
  return (plant: Plant) => void plant.policy.allow(from(plant), to(plant), flow);
}

const inner = (plant: Plant) => plant.inner;
const outer = (plant: Plant) => plant.outer;

const mistakes: Readonly<Record<string, readonly [make: (plant: Plant) => unknown, ...messages: string[]]>> = {
  "a network without a zone": [
    ({ stack, alpha }) => new IsolatedNetwork(stack, "dmz", { host: alpha, cidr: Cidr.parse("10.3.0.0/24") }),
    "'zone' is required in an app with zones; choose one of 'inner', 'outer' (at app/dmz)",
  ],
  "a second policy": [
    ({ stack }) => new SeparationPolicy(stack, "other"),
    "an app must have only one SeparationPolicy, another is at app/policy; add the rules there (at app/other)",
  ],
  "two zones with the same name": [
    ({ stack }) => new NetworkZone(stack, "inner-2", { zoneName: "inner", trust: 1 }),
    "'zoneName' must be unique, 'inner' is already used by app/inner; choose another (at app/inner-2)",
  ],
  "a zone with the name 'outside'": [
    ({ stack }) => new NetworkZone(stack, "outside", { trust: 1 }),
    "'zoneName' must be 1 to 40 letters, digits, '-' and '_', and not 'outside', got 'outside'; choose another (at app/outside)",
  ],
  "trust above 100": [
    ({ stack }) => new NetworkZone(stack, "sure", { trust: 101 }),
    "'trust' must be a whole number from 0 to 100, got 101; choose a number in this range (at app/sure)",
  ],
  "an uplink in two zones": [
    ({ stack }) => new NetworkZone(stack, "plant", { trust: 80, uplinks: ["br-inner"] }),
    "'uplinks' must be unique, 'br-inner' is already used by app/inner; give each zone its own device or VLAN (at app/plant)",
  ],
  "a machine with interfaces in two zones": [
    (plant) =>
      void plant.machine("both", [
        { network: plant.lan, address: "10.1.0.20" },
        { network: plant.nat, address: "10.2.0.20" },
      ]),
    "a machine must have interfaces in one zone only, got 'inner', 'outer'; remove the others, or declare a Gateway (at app/both)",
  ],
  "a gateway that does not list all its zones": [
    (plant) => {
      const rule = plant.policy.allow(plant.inner, plant.outer, https);
      plant.between([rule], [plant.inner]);
    },
    "'zones' must be the zones that 'gate' has interfaces in, 'inner', 'outer', got 'inner'; list exactly these (at app/gateway)",
  ],
  "a gateway that forwards nothing": [
    (plant) => void plant.between([]),
    "'forwards' must name at least one rule, got none; list what 'gate' forwards, or remove the Gateway (at app/gateway)",
  ],
  "a gateway for a rule that does not exist": [
    (plant) => void plant.between([{ name: "all" }]),
    "'forwards' must list rules of the app's policy, got 'all'; add the rule to the policy (at app/gateway)",
  ],
  "a gateway for a rule between other zones": [
    (plant) => {
      const third = new NetworkZone(plant.stack, "third", { trust: 90 });
      const cidr = Cidr.parse("10.3.0.0/24");
      const network = new IsolatedNetwork(plant.stack, "net-3", { host: plant.alpha, zone: third, cidr });
      plant.machine("other", [{ network, address: "10.3.0.10" }]);
      const own = plant.policy.allow(plant.inner, plant.outer, https);
      plant.between([own, plant.policy.allow(third, third, https)]);
    },
    "'forwards' must list rules between zones 'inner' and 'outer', got 'third-to-third-tcp-443' with an end in zone 'third'; remove it (at app/gateway)",
  ],
  "two gateways with the same machine": [
    (plant) => {
      const rule = plant.policy.allow(plant.inner, plant.outer, https);
      const machine = plant.between([rule]);
      new Gateway(plant.stack, "again", { vm: machine, zones: [plant.inner, plant.outer], forwards: [rule] });
    },
    "'vm' must be unique, 'app/gate' is already used by app/gateway; list all zones and rules in one Gateway (at app/again)",
  ],
  "a gateway that leads a zone without internet access outside": [
    (plant) => {
      plant.between([plant.policy.allow(plant.inner, Peers.external(), https)]);
    },
    "'forwards' must not lead outside from zone 'inner', which has no internet access, got 'inner-to-outside-tcp-443'; remove it (at app/gateway)",
    "rule 'inner-to-outside-tcp-443' must not connect zone 'inner' with outside addresses, because the zone has no internet access; remove the rule, or set 'internet' of the zone (at app/policy)",
  ],
  "a rule with a tag that no machine has": [
    allows(() => Peers.tagged("historian"), outer),
    "rule 'historian-to-outer-tcp-443' matches nothing: no interface has tag 'historian'; remove the rule (at app/policy)",
  ],
  "a rule with a zone without machines": [
    (plant) => {
      const empty = new NetworkZone(plant.stack, "empty", { trust: 5 });
      plant.policy.allow(plant.inner, empty, https);
    },
    "rule 'inner-to-empty-tcp-443' matches nothing: no interface is in zone 'empty'; remove the rule (at app/policy)",
  ],
  "a redundant rule": [
    ({ policy, inner: zone, plc }) => {
      policy.allow(zone, zone, { protocol: "tcp", ports: [{ start: 400, end: 500 }] });
      policy.allow(plc, zone, https);
    },
    "rule 'plc-to-inner-tcp-443' is redundant, because rule 'inner-to-inner-tcp-400-500' already allows everything that it allows; remove one of them (at app/policy)",
  ],
  "a rule that is redundant to one with more outside addresses": [
    ({ policy, outer: zone }) => {
      policy.allow(zone, Peers.external(), { protocol: "any" });
      policy.allow(zone, Peers.external("192.0.2.0/24"), { ...https, name: "narrow" });
    },
    "rule 'narrow' is redundant, because rule 'outer-to-outside-any' already allows everything that it allows; remove one of them (at app/policy)",
  ],
  "a rule without a route": [
    allows(inner, outer),
    "rule 'inner-to-outer-tcp-443' must have a route, but there is none from 'inner' to 'outer': they share no bridge, no host routes between them, and no Gateway forwards the rule; add one of these, or remove the rule (at app/policy)",
  ],
  "a rule from a NAT network through a gateway": [
    (plant) => void plant.between([plant.policy.allow(plant.outer, plant.inner, { ...https, reason: "pages" })]),
    "rule 'outer-to-inner-tcp-443' must have a route, but there is none from 'outer' to 'inner': the host translates addresses of all traffic from network 'nat', also to a Gateway there; start on another network (at app/policy)",
  ],
  "a rule to a more trusted zone without a reason": [
    (plant) => {
      const network = new IsolatedNetwork(plant.stack, "street", {
        host: plant.alpha,
        zone: plant.outer,
        cidr: Cidr.parse("10.3.0.0/24"),
      });
      const rule = plant.policy.allow(plant.outer, plant.inner, https);
      const machine = plant.machine("gate", [
        { network: plant.lan, address: "10.1.0.2" },
        { network, address: "10.3.0.2" },
      ]);
      new Gateway(plant.stack, "gateway", { vm: machine, zones: [plant.inner, plant.outer], forwards: [rule] });
    },
    "rule 'outer-to-inner-tcp-443' requires 'reason', because it allows tcp 443 from zone 'outer' (trust 10) to the more trusted zone 'inner' (trust 90); state who approved it and why (at app/policy)",
  ],
  "a rule from outside to a zone without internet access": [
    (plant) => {
      const uplinked = plant.bridged("field", plant.inner, "br-inner");
      plant.machine("rtu", [{ network: uplinked, guestAddresses: ["10.5.0.1"] }]);
      plant.policy.allow(Peers.external(), plant.inner, { ...https, reason: "maintenance" });
    },
    "rule 'outside-to-inner-tcp-443' must have a route, but there is none from 'outside' to 'inner': they share no bridge, no host routes between them, and no Gateway forwards the rule; add one of these, or remove the rule (at app/policy)",
    "rule 'outside-to-inner-tcp-443' must not connect zone 'inner' with outside addresses, because the zone has no internet access; remove the rule, or set 'internet' of the zone (at app/policy)",
  ],
  "ports for a protocol without ports": [
    allows(inner, inner, { protocol: "icmp", ports: [1] }),
    "'ports' cannot be combined with protocol 'icmp' in rule 'inner-to-inner-icmp-1'; remove 'ports', or use 'tcp' or 'udp' (at app/policy)",
  ],
  "a protocol with ports, but no ports": [
    allows(inner, inner, { protocol: "udp" }),
    "protocol 'udp' requires 'ports' in rule 'inner-to-inner-udp'; list the destination ports (at app/policy)",
  ],
  "a port above 65535": [
    allows(inner, inner, { protocol: "tcp", ports: [65_536], name: "high" }),
    "'ports' must be from 1 to 65535, each range in ascending order, got 65536 to 65536 in rule 'high'; choose others (at app/policy)",
  ],
  "two rules with the same name": [
    ({ policy, inner: zone }) => {
      policy.allow(zone, zone, { ...https, name: "web" });
      policy.allow(zone, zone, { protocol: "tcp", ports: [80], name: "web" });
    },
    "'name' must be unique, 'web' is already used by another rule; choose another (at app/policy)",
  ],
  "a reason with characters that filters do not support": [
    allows(inner, inner, { ...https, reason: "it's needed" }),
    "'reason' must not contain quotes, '\\' or '$' in rule 'inner-to-inner-tcp-443', got 'it's needed'; remove them (at app/policy)",
  ],
  "a rule with both ends outside": [
    allows(
      () => Peers.external(),
      () => Peers.external(),
      { ...https, reason: "transit" },
    ),
    "rule 'outside-to-outside-tcp-443' must have an end in the app, got 'outside' twice; use a zone, network, machine or tag for one end (at app/policy)",
  ],
  "a NAT network in a zone without internet access": [
    ({ stack, alpha, inner: zone }) =>
      new NatNetwork(stack, "lan-2", { host: alpha, zone, cidr: Cidr.parse("10.3.0.0/24") }),
    "network 'lan-2' must not lead outside, because zone 'inner' has no internet access, got the routing (nat) of host 'alpha'; use an IsolatedNetwork (at app/lan-2)",
  ],
  "a routed network in a zone without internet access": [
    ({ stack, alpha, inner: zone }) =>
      new RoutedNetwork(stack, "lan-2", { host: alpha, zone, cidr: Cidr.parse("10.3.0.0/24") }),
    "network 'lan-2' must not lead outside, because zone 'inner' has no internet access, got the routing (route) of host 'alpha'; use an IsolatedNetwork, or add an uplink that leads only to the zone's machines to the zone's 'uplinks' (at app/lan-2)",
  ],
  "a routed network without a firewall in a zone without internet access": [
    ({ stack, alpha, inner: zone }) =>
      new RoutedNetwork(stack, "lan-2", { host: alpha, zone, cidr: Cidr.parse("10.3.0.0/24"), firewall: false }),
    "network 'lan-2' must not lead outside, because zone 'inner' has no internet access, got the routing (open) of host 'alpha'; use an IsolatedNetwork (at app/lan-2)",
  ],
  "a bridge that is not an uplink of the zone": [
    (plant) => void plant.bridged("office", plant.inner, "br0"),
    "network 'office' must not lead outside, because zone 'inner' has no internet access, got bridge 'br0' of host 'alpha'; use an IsolatedNetwork, or add an uplink that leads only to the zone's machines to the zone's 'uplinks' (at app/office)",
  ],
  "a device without a bridge on an uplink that is not the zone's": [
    ({ stack, alpha, outer: zone }) => new DirectNetwork(stack, "fast", { host: alpha, zone, devices: ["eth1"] }),
    "network 'fast' must use a Linux bridge, where filters apply, got mode 'direct' on an uplink that is not the zone's own; use a BridgedNetwork, or add the uplink to 'uplinks' of zone 'outer' (at app/fast)",
  ],
  "virtual functions of a device that is not an uplink of the zone": [
    ({ stack, alpha, outer: zone }) => new SriovNetwork(stack, "fast", { host: alpha, zone, device: "eth3" }),
    "network 'fast' must use a Linux bridge, where filters apply, got mode 'sriov' on an uplink that is not the zone's own; use a BridgedNetwork, or add the uplink to 'uplinks' of zone 'outer' (at app/fast)",
  ],
  "the same bridge in two zones": [
    (plant) => {
      const third = new NetworkZone(plant.stack, "third", { trust: 20, internet: true });
      plant.bridged("office", plant.outer, "br0");
      plant.bridged("guests", third, "br0", plant.beta);
    },
    "network 'guests' of zone 'third' must not share a bridge or device with another zone, got 'br0', which is already used by app/office of zone 'outer'; give each zone its own bridge, device or VLAN (at app/guests)",
  ],
  "the same VLAN in two zones": [
    ({ stack, alpha, beta, outer: zone }) => {
      const third = new NetworkZone(stack, "third", { trust: 20, internet: true, uplinks: ["ovs1"] });
      const common = { bridge: "ovs1", openVSwitch: true };
      new BridgedNetwork(stack, "a", { ...common, host: alpha, zone: third, vlan: { tags: [10, 20] } });
      new BridgedNetwork(stack, "b", { ...common, host: beta, zone, vlan: { tags: [20] } });
    },
    "network 'b' must use a Linux bridge, where filters apply, got mode 'bridge' on an uplink that is not the zone's own; use a BridgedNetwork, or add the uplink to 'uplinks' of zone 'outer' (at app/b)",
    "network 'b' of zone 'outer' must not share a bridge or device with another zone, got 'ovs1' with VLAN '20', which is already used by app/a of zone 'third'; give each zone its own bridge, device or VLAN (at app/b)",
    "network 'b' of zone 'outer' must not use 'ovs1', which is an uplink of zone 'third'; use another device (at app/b)",
  ],
  "a libvirt bridge that a network of another zone uses": [
    (plant) => {
      const third = new NetworkZone(plant.stack, "third", { trust: 20, internet: true });
      new IsolatedNetwork(plant.stack, "own", { host: plant.alpha, zone: third, bridge: "br9" });
      plant.bridged("plugged", plant.outer, "br9");
    },
    "network 'plugged' of zone 'outer' must not share a bridge or device with another zone, got 'br9', which is already used by app/own of zone 'third'; give each zone its own bridge, device or VLAN (at app/plugged)",
  ],
  "an uplink of another zone": [
    (plant) => void plant.bridged("office", plant.outer, "br-inner"),
    "network 'office' of zone 'outer' must not use 'br-inner', which is an uplink of zone 'inner'; use another device (at app/office)",
  ],
  "a directory in two zones": [
    (plant) => {
      const share = (network: INetwork, source: string) => ({
        interfaces: { lan: { network: network.networkReference } },
        devices: { filesystems: { share: { source } } },
      });
      plant.raw("raw-1", share(plant.lan, "/srv/exchange/"));
      plant.raw("raw-2", share(plant.nat, "/srv/exchange/incoming"));
    },
    "interface 'lan' must have a known address, got none; set 'address', which the filter needs to detect spoofed addresses (at app/raw-1)",
    "interface 'lan' must have a known address, got none; set 'address', which the filter needs to detect spoofed addresses (at app/raw-2)",
    "a directory must be used in one zone only, got '/srv/exchange/incoming' in zone 'outer', which is already used by app/raw-1 in zone 'inner'; give each zone its own (at app/raw-2)",
  ],
  "a disk in two zones": [
    (plant) => {
      const share = (network: INetwork) => ({
        interfaces: { lan: { network: network.networkReference } },
        disks: { vda: { file: "/srv/shared.img", options: { shareable: true } } },
      });
      plant.raw("raw-1", share(plant.lan));
      plant.raw("raw-2", share(plant.nat));
    },
    "interface 'lan' must have a known address, got none; set 'address', which the filter needs to detect spoofed addresses (at app/raw-1)",
    "interface 'lan' must have a known address, got none; set 'address', which the filter needs to detect spoofed addresses (at app/raw-2)",
    "a disk must be used in one zone only, got 'alpha:/srv/shared.img' in zone 'outer', which is already used by app/raw-1 in zone 'inner'; give each zone its own (at app/raw-2)",
  ],
  "a host device that is not an uplink of the zone": [
    (plant) =>
      void plant.raw("raw", {
        interfaces: { lan: { network: plant.lan.networkReference } },
        devices: { hostdevs: { nic: { pci: "0000:03:00.0" } } },
      }),
    "interface 'lan' must have a known address, got none; set 'address', which the filter needs to detect spoofed addresses (at app/raw)",
    "a host device must be listed in 'uplinks' of the machine's zone, got '0000:03:00.0' in zone 'inner'; add it there if it leads nowhere else (at app/raw)",
  ],
  "an interface without an address": [
    (plant) => void plant.machine("dynamic", [{ network: plant.lan }]),
    "interface 'lan' must have a known address, got none; set 'address', which the filter needs to detect spoofed addresses (at app/dynamic)",
  ],
  "an interface on a host bridge without an address": [
    (plant) => void plant.machine("rtu", [{ network: plant.bridged("field", plant.inner, "br-inner") }]),
    "interface 'field' must have a known address, got none; set 'guestAddresses', which the filter needs to detect spoofed addresses (at app/rtu)",
  ],
  "two machines with the same address": [
    (plant) => void plant.machine("twin", [{ network: plant.lan, guestAddresses: ["10.1.0.10"] }]),
    "an interface's address must be unique, '10.1.0.10' is already used by app/plc; choose another (at app/twin)",
  ],
  "a machine with the host's address": [
    (plant) => void plant.machine("host", [{ network: plant.lan, guestAddresses: ["10.1.0.1"] }]),
    "an interface's address must be unique, '10.1.0.1' is already used by the host on network 'lan'; choose another (at app/host)",
  ],
  "an invalid guest address": [
    (plant) =>
      void plant.machine("odd", [{ network: plant.lan, address: "10.1.0.30", guestAddresses: ["10.1.0.0/24"] }]),
    "'networks.guestAddresses' must be IPv4 or IPv6 addresses, got '10.1.0.0/24'; write them like '10.1.0.10' and 'fd00:1::10' (at app/odd)",
  ],
  "two zones with overlapping addresses": [
    ({ stack, beta, outer: zone }) =>
      new NatNetwork(stack, "nat-2", { host: beta, zone, cidr: Cidr.parse("10.1.0.128/25") }),
    "addresses of different zones must not overlap, got 10.1.0.128/25, which overlaps 10.1.0.0/24 of app/lan in zone 'inner'; choose other addresses for one of them (at app/nat-2)",
  ],
  "a host with unknown addresses": [
    (plant) => {
      const host = new Host(plant.stack, "gamma", { uri: "qemu+ssh://gamma/system" });
      const cidr = Cidr.parse("10.7.0.0/24");
      const network = new NatNetwork(plant.stack, "nat-3", { host, zone: plant.outer, cidr });
      plant.machine("far", [{ network, address: "10.7.0.10" }], { host });
      plant.policy.allow(plant.outer, Peers.external(), https);
    },
    "'addresses' is required for a host whose guests may reach outside addresses; list the host's own addresses, so that filters block them (at app/gamma)",
  ],
  "a filter that the stack sets itself": [
    (plant) => void plant.machine("own", [{ network: plant.lan, address: "10.1.0.40", filter: "clean-traffic" }]),
    "'networks.filter' cannot be combined with zones, got 'clean-traffic' on interface 'lan'; remove 'networks.filter', the policy creates the filters (at app/own)",
  ],
  "an interface on a bridge without a network": [
    (plant) => void plant.raw("raw", { interfaces: { lan: { bridge: "virbr7" } } }),
    "interface 'lan' must be on a network with a zone, got 'virbr7', which the app does not define; use a Network (at app/raw)",
  ],
  "an existing network without a zone": [
    (plant) =>
      void Network.fromNetworkAttributes(plant.stack, "default", { host: plant.alpha, networkName: "default" }),
    "'zone' is required in an app with zones; choose one of 'inner', 'outer' (at app/default)",
  ],
  "a DNS forwarder in a zone without internet access": [
    ({ stack, beta, inner: zone }) =>
      new IsolatedNetwork(stack, "lan-2", {
        host: beta,
        zone,
        cidr: Cidr.parse("10.3.0.0/24"),
        dns: { forwarders: ["192.0.2.53"] },
      }),
    "'dns.forwarders' is not allowed in zone 'inner', which has no internet access, got '192.0.2.53'; remove 'dns.forwarders', because queries to another DNS server carry data out (at app/lan-2)",
  ],
  "a static route to a machine that is not a gateway": [
    ({ stack, beta, inner: zone }) =>
      new IsolatedNetwork(stack, "lan-2", {
        host: beta,
        zone,
        cidr: Cidr.parse("10.3.0.0/24"),
        routes: [{ destination: "10.9.0.0/16", gateway: "10.3.0.9" }],
      }),
    "'routes' must lead through a Gateway, got 10.9.0.0/16 via 10.3.0.9; declare a Gateway with this address, or remove the route (at app/lan-2)",
  ],
  "a tag with unsupported characters": [
    (plant) => void plant.machine("odd", [{ network: plant.lan, address: "10.1.0.30" }], { tags: ["data base"] }),
    "'tags' must be 1 to 40 letters, digits, '-' and '_', got 'data base'; remove other characters (at app/odd)",
  ],
  "a duplicate tag": [
    (plant) => void plant.machine("odd", [{ network: plant.lan, address: "10.1.0.30" }], { tags: ["db", "db"] }),
    "'tags' must be unique, 'db' is already used; remove one of them (at app/odd)",
  ],
};

describe("a stack that violates its policy", () => {
  it("has no errors without violations", () => {
    const plant = new Plant();
    plant.between([plant.policy.allow(plant.inner, plant.outer, https)]);
    expect(errorsOf(plant.stack)).toEqual([]);
  });

  it.each(Object.entries(mistakes).map(([what, [make, ...messages]]) => ({ what, make, messages })))(
    "is refused for $what",
    ({ make, messages }) => {
      const plant = new Plant();
      make(plant);
      expect(errorsOf(plant.stack)).toEqual(messages);
    },
  );

  it("is refused for zones without a policy, and for a policy without zones", () => {
    const zones = newStack("zones");
    new NetworkZone(zones, "inner", { trust: 1 });
    expect(errorsOf(zones)).toEqual([
      "zones require a SeparationPolicy; create one, it denies everything that it does not allow (at zones/inner)",
    ]);
    const policy = newStack("policy");
    new SeparationPolicy(policy, "rules");
    expect(errorsOf(policy)).toEqual([
      "a SeparationPolicy requires zones; create a NetworkZone for each class of networks (at policy/rules)",
    ]);
  });

  it("is refused for all violations at once", () => {
    const plant = new Plant();
    plant.machine("dynamic", [{ network: plant.lan }]);
    plant.bridged("office", plant.inner, "br0");
    plant.policy.allow(plant.inner, plant.outer, https);
    expect(errorsOf(plant.stack).map((message) => /\(at (.*)\)$/.exec(message)?.[1])).toEqual([
      "app/office",
      "app/dynamic",
      "app/policy",
    ]);
  });
});

describe("Peers.external", () => {
  it("requires addresses or CIDR blocks", () => {
    expect(() => Peers.external("somewhere")).toThrow(
      "external peers must be IPv4 or IPv6 addresses or CIDR blocks, got 'somewhere'; write it like '192.0.2.0/24'",
    );
  });
});
