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

/** A stack that is right: an inner zone and one that may go out, a machine in each, and a gateway between. Mistakes are added. */
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
    new Gateway(this.stack, "gateway", { machine, zones, forwards });
    return machine;
  }

  /** A resource that somebody made without a construct. */
  public raw(id: string, config: Partial<ConstructorParameters<typeof Domain>[2]>): Domain {
    return new Domain(this.stack, id, { host: "alpha", name: id, memory: 65_536, vcpu: 1, ...config });
  }
}

const https: Flow = { protocol: "tcp", ports: [443] };

/** What is wrong with rules, beside that they have no way. */
function allows(from: (plant: Plant) => FlowPeer, to: (plant: Plant) => FlowPeer, flow: Flow = https) {
  return (plant: Plant) => void plant.policy.allow(from(plant), to(plant), flow);
}

const inner = (plant: Plant) => plant.inner;
const outer = (plant: Plant) => plant.outer;

const mistakes: Readonly<Record<string, readonly [make: (plant: Plant) => unknown, ...messages: string[]]>> = {
  "a network in no zone": [
    ({ stack, alpha }) => new IsolatedNetwork(stack, "dmz", { host: alpha, cidr: Cidr.parse("10.3.0.0/24") }),
    "'zone' must be given where there are zones, got none; choose one of 'inner', 'outer' (at app/dmz)",
  ],
  "a second policy": [
    ({ stack }) => new SeparationPolicy(stack, "other"),
    "there must be one SeparationPolicy in an app, got another at app/policy; allow it all there (at app/other)",
  ],
  "two zones of one name": [
    ({ stack }) => new NetworkZone(stack, "inner-2", { zoneName: "inner", trust: 1 }),
    "zone name 'inner' is taken already by app/inner; give one of them another name (at app/inner-2)",
  ],
  "a zone called outside": [
    ({ stack }) => new NetworkZone(stack, "outside", { trust: 1 }),
    "'zoneName' must be 1 to 40 letters, digits, '-' and '_', and not 'outside', got 'outside'; choose another (at app/outside)",
  ],
  "trust beyond 100": [
    ({ stack }) => new NetworkZone(stack, "sure", { trust: 101 }),
    "'trust' must be a whole number from 0 to 100, got 101; choose one of these (at app/sure)",
  ],
  "an uplink of two zones": [
    ({ stack }) => new NetworkZone(stack, "plant", { trust: 80, uplinks: ["br-inner"] }),
    "'uplinks' must be of one zone, got 'br-inner' as for app/inner; give each zone a device or a VLAN of its own (at app/plant)",
  ],
  "a machine with legs in two zones": [
    (plant) =>
      void plant.machine("both", [
        { network: plant.lan, address: "10.1.0.20" },
        { network: plant.nat, address: "10.2.0.20" },
      ]),
    "a machine must be in one zone, got interfaces in 'inner', 'outer'; take it out of all others, or declare a Gateway (at app/both)",
  ],
  "a gateway that says less than it is": [
    (plant) => {
      const rule = plant.policy.allow(plant.inner, plant.outer, https);
      plant.between([rule], [plant.inner]);
    },
    "'zones' must be exactly those that 'gate' has interfaces in, 'inner', 'outer', got 'inner'; name these (at app/gateway)",
  ],
  "a gateway that forwards nothing": [
    (plant) => void plant.between([]),
    "'forwards' must name at least one rule, got none; name what 'gate' forwards, or take the Gateway out (at app/gateway)",
  ],
  "a gateway for a rule that nobody made": [
    (plant) => void plant.between([{ name: "all" }]),
    "'forwards' must be rules of the app's policy, got 'all'; allow it there (at app/gateway)",
  ],
  "a gateway for a rule of other zones": [
    (plant) => {
      const third = new NetworkZone(plant.stack, "third", { trust: 90 });
      const cidr = Cidr.parse("10.3.0.0/24");
      const network = new IsolatedNetwork(plant.stack, "net-3", { host: plant.alpha, zone: third, cidr });
      plant.machine("other", [{ network, address: "10.3.0.10" }]);
      const own = plant.policy.allow(plant.inner, plant.outer, https);
      plant.between([own, plant.policy.allow(third, third, https)]);
    },
    "'forwards' must be rules between zones 'inner' and 'outer', got 'third-to-third-tcp-443' with an end in 'third'; take it out (at app/gateway)",
  ],
  "two gateways that are one machine": [
    (plant) => {
      const rule = plant.policy.allow(plant.inner, plant.outer, https);
      const machine = plant.between([rule]);
      new Gateway(plant.stack, "again", { machine, zones: [plant.inner, plant.outer], forwards: [rule] });
    },
    "a machine must have one Gateway, got app/gate, which has app/gateway; name all its zones and rules in one (at app/again)",
  ],
  "a gateway that lets a zone out": [
    (plant) => {
      plant.between([plant.policy.allow(plant.inner, Peers.outside(), https)]);
    },
    "'forwards' must not let zone 'inner' out, which may not reach the internet, got 'inner-to-outside-tcp-443'; take it out (at app/gateway)",
    "rule 'inner-to-outside-tcp-443' must not be between the outside and zone 'inner', which may not reach the internet; take the rule out, or say so of the zone (at app/policy)",
  ],
  "a rule about a tag that nobody has": [
    allows(() => Peers.tagged("historian"), outer),
    "rule 'historian-to-outer-tcp-443' must be about somebody, got tag 'historian', which no interface is in; take the rule out (at app/policy)",
  ],
  "a rule about a zone that nobody is in": [
    (plant) => {
      const empty = new NetworkZone(plant.stack, "empty", { trust: 5 });
      plant.policy.allow(plant.inner, empty, https);
    },
    "rule 'inner-to-empty-tcp-443' must be about somebody, got zone 'empty', which no interface is in; take the rule out (at app/policy)",
  ],
  "a rule that adds nothing": [
    ({ policy, inner: zone, plc }) => {
      policy.allow(zone, zone, { protocol: "tcp", ports: [{ start: 400, end: 500 }] });
      policy.allow(plc, zone, https);
    },
    "rule 'plc-to-inner-tcp-443' must add something, got nothing that rule 'inner-to-inner-tcp-400-500' does not allow already; take one of them out (at app/policy)",
  ],
  "a rule that a wider one outside covers": [
    ({ policy, outer: zone }) => {
      policy.allow(zone, Peers.outside(), { protocol: "any" });
      policy.allow(zone, Peers.outside("192.0.2.0/24"), { ...https, name: "narrow" });
    },
    "rule 'narrow' must add something, got nothing that rule 'outer-to-outside-any' does not allow already; take one of them out (at app/policy)",
  ],
  "a rule that has no way": [
    allows(inner, outer),
    "rule 'inner-to-outer-tcp-443' must have a way, got none from 'inner' to 'outer': they share no bridge, no host routes between them, and no Gateway forwards the rule; make one, or take the rule out (at app/policy)",
  ],
  "a rule that begins behind address translation, and goes on by a gateway": [
    (plant) => void plant.between([plant.policy.allow(plant.outer, plant.inner, { ...https, reason: "pages" })]),
    "rule 'outer-to-inner-tcp-443' must have a way, got none from 'outer' to 'inner': the host translates what begins on network 'nat', to a Gateway there as well; begin on another network (at app/policy)",
  ],
  "a rule to those who are trusted more, without a reason": [
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
      new Gateway(plant.stack, "gateway", { machine, zones: [plant.inner, plant.outer], forwards: [rule] });
    },
    "rule 'outer-to-inner-tcp-443' must have a 'reason', got none for tcp 443 from zone 'outer' (trust 10) to zone 'inner' (trust 90); say who approved it and why (at app/policy)",
  ],
  "a rule from outside to a zone that is not to be reached": [
    (plant) => {
      const uplinked = plant.bridged("field", plant.inner, "br-inner");
      plant.machine("rtu", [{ network: uplinked, guestAddresses: ["10.5.0.1"] }]);
      plant.policy.allow(Peers.outside(), plant.inner, { ...https, reason: "maintenance" });
    },
    "rule 'outside-to-inner-tcp-443' must have a way, got none from 'outside' to 'inner': they share no bridge, no host routes between them, and no Gateway forwards the rule; make one, or take the rule out (at app/policy)",
    "rule 'outside-to-inner-tcp-443' must not be between the outside and zone 'inner', which may not reach the internet; take the rule out, or say so of the zone (at app/policy)",
  ],
  "ports for a protocol that has none": [
    allows(inner, inner, { protocol: "icmp", ports: [1] }),
    "'ports' must be left out for 'icmp', got some in rule 'inner-to-inner-icmp-1'; name 'tcp' or 'udp' (at app/policy)",
  ],
  "no ports for a protocol that has some": [
    allows(inner, inner, { protocol: "udp" }),
    "'ports' must name at least one for 'udp', got none in rule 'inner-to-inner-udp'; say which are reached (at app/policy)",
  ],
  "a port that there is not": [
    allows(inner, inner, { protocol: "tcp", ports: [65_536], name: "high" }),
    "'ports' must be from 1 to 65535, each range from the lower to the higher, got 65536 to 65536 in rule 'high'; choose others (at app/policy)",
  ],
  "a name that two rules have": [
    ({ policy, inner: zone }) => {
      policy.allow(zone, zone, { ...https, name: "web" });
      policy.allow(zone, zone, { protocol: "tcp", ports: [80], name: "web" });
    },
    "'name' must be of one rule, got 'web' twice; choose another (at app/policy)",
  ],
  "a reason that a filter can't keep": [
    allows(inner, inner, { ...https, reason: "it's needed" }),
    "'reason' must have no quotes, '\\' and '$' in rule 'inner-to-inner-tcp-443', got 'it's needed'; leave them out (at app/policy)",
  ],
  "a rule with both ends outside": [
    allows(
      () => Peers.outside(),
      () => Peers.outside(),
      { ...https, reason: "transit" },
    ),
    "rule 'outside-to-outside-tcp-443' must have an end in the app, got 'outside' twice; name who it is about (at app/policy)",
  ],
  "address translation in a zone that may not go out": [
    ({ stack, alpha, inner: zone }) =>
      new NatNetwork(stack, "lan-2", { host: alpha, zone, cidr: Cidr.parse("10.3.0.0/24") }),
    "network 'lan-2' must not lead out of zone 'inner', which may not reach the internet, got the routing (nat) of host 'alpha'; use an IsolatedNetwork (at app/lan-2)",
  ],
  "routing in a zone that may not go out": [
    ({ stack, alpha, inner: zone }) =>
      new RoutedNetwork(stack, "lan-2", { host: alpha, zone, cidr: Cidr.parse("10.3.0.0/24") }),
    "network 'lan-2' must not lead out of zone 'inner', which may not reach the internet, got the routing (route) of host 'alpha'; use an IsolatedNetwork, or name an uplink of the zone's own in its 'uplinks' (at app/lan-2)",
  ],
  "routing without a firewall in a zone that may not go out": [
    ({ stack, alpha, inner: zone }) =>
      new RoutedNetwork(stack, "lan-2", { host: alpha, zone, cidr: Cidr.parse("10.3.0.0/24"), firewall: false }),
    "network 'lan-2' must not lead out of zone 'inner', which may not reach the internet, got the routing (open) of host 'alpha'; use an IsolatedNetwork (at app/lan-2)",
  ],
  "a bridge that is not the zone's": [
    (plant) => void plant.bridged("office", plant.inner, "br0"),
    "network 'office' must not lead out of zone 'inner', which may not reach the internet, got bridge 'br0' of host 'alpha'; use an IsolatedNetwork, or name an uplink of the zone's own in its 'uplinks' (at app/office)",
  ],
  "a device without a bridge": [
    ({ stack, alpha, outer: zone }) => new DirectNetwork(stack, "fast", { host: alpha, zone, devices: ["eth1"] }),
    "network 'fast' must be on a bridge of Linux's own, which filters see, got mode 'direct' with an uplink that is no other's than everybody's; use a BridgedNetwork, or name the uplink in 'uplinks' of zone 'outer' (at app/fast)",
  ],
  "virtual functions of a device that is not the zone's": [
    ({ stack, alpha, outer: zone }) => new SriovNetwork(stack, "fast", { host: alpha, zone, device: "eth3" }),
    "network 'fast' must be on a bridge of Linux's own, which filters see, got mode 'sriov' with an uplink that is no other's than everybody's; use a BridgedNetwork, or name the uplink in 'uplinks' of zone 'outer' (at app/fast)",
  ],
  "one bridge for two zones": [
    (plant) => {
      const third = new NetworkZone(plant.stack, "third", { trust: 20, internet: true });
      plant.bridged("office", plant.outer, "br0");
      plant.bridged("guests", third, "br0", plant.beta);
    },
    "network 'guests' of zone 'third' must share no bridge or device with another zone, got 'br0', which app/office of zone 'outer' is on; give each zone one of its own, or a VLAN (at app/guests)",
  ],
  "one VLAN for two zones": [
    ({ stack, alpha, beta, outer: zone }) => {
      const third = new NetworkZone(stack, "third", { trust: 20, internet: true, uplinks: ["ovs1"] });
      const common = { bridge: "ovs1", openVSwitch: true };
      new BridgedNetwork(stack, "a", { ...common, host: alpha, zone: third, vlan: { tags: [10, 20] } });
      new BridgedNetwork(stack, "b", { ...common, host: beta, zone, vlan: { tags: [20] } });
    },
    "network 'b' must be on a bridge of Linux's own, which filters see, got mode 'bridge' with an uplink that is no other's than everybody's; use a BridgedNetwork, or name the uplink in 'uplinks' of zone 'outer' (at app/b)",
    "network 'b' of zone 'outer' must share no bridge or device with another zone, got 'ovs1' with VLAN '20', which app/a of zone 'third' is on; give each zone one of its own, or a VLAN (at app/b)",
    "network 'b' must not use 'ovs1', which leads to zone 'third', got it in zone 'outer'; use another device (at app/b)",
  ],
  "a bridge of libvirt's that another zone is plugged into": [
    (plant) => {
      const third = new NetworkZone(plant.stack, "third", { trust: 20, internet: true });
      new IsolatedNetwork(plant.stack, "own", { host: plant.alpha, zone: third, bridge: "br9" });
      plant.bridged("plugged", plant.outer, "br9");
    },
    "network 'plugged' of zone 'outer' must share no bridge or device with another zone, got 'br9', which app/own of zone 'third' is on; give each zone one of its own, or a VLAN (at app/plugged)",
  ],
  "an uplink that leads to another zone": [
    (plant) => void plant.bridged("office", plant.outer, "br-inner"),
    "network 'office' must not use 'br-inner', which leads to zone 'inner', got it in zone 'outer'; use another device (at app/office)",
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
    "interface 'lan' must have an address that is known, got none; give it one with 'address', or filters can't tell whether it sends as another (at app/raw-1)",
    "interface 'lan' must have an address that is known, got none; give it one with 'address', or filters can't tell whether it sends as another (at app/raw-2)",
    "a directory must be of one zone, got '/srv/exchange/incoming' in zone 'outer', which app/raw-1 of zone 'inner' has too; give each zone one of its own (at app/raw-2)",
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
    "interface 'lan' must have an address that is known, got none; give it one with 'address', or filters can't tell whether it sends as another (at app/raw-1)",
    "interface 'lan' must have an address that is known, got none; give it one with 'address', or filters can't tell whether it sends as another (at app/raw-2)",
    "a disk must be of one zone, got 'alpha:/srv/shared.img' in zone 'outer', which app/raw-1 of zone 'inner' has too; give each zone one of its own (at app/raw-2)",
  ],
  "a device of the host that leads nobody knows where": [
    (plant) =>
      void plant.raw("raw", {
        interfaces: { lan: { network: plant.lan.networkReference } },
        devices: { hostdevs: { nic: { pci: "0000:03:00.0" } } },
      }),
    "interface 'lan' must have an address that is known, got none; give it one with 'address', or filters can't tell whether it sends as another (at app/raw)",
    "a device of the host must be named in 'uplinks' of the machine's zone, got '0000:03:00.0' in zone 'inner'; name it there if it leads nowhere else (at app/raw)",
  ],
  "an interface without an address": [
    (plant) => void plant.machine("dynamic", [{ network: plant.lan }]),
    "interface 'lan' must have an address that is known, got none; give it one with 'address', or filters can't tell whether it sends as another (at app/dynamic)",
  ],
  "an interface on a bridge without an address": [
    (plant) => void plant.machine("rtu", [{ network: plant.bridged("field", plant.inner, "br-inner") }]),
    "interface 'field' must have an address that is known, got none; give it one with 'guestAddresses', or filters can't tell whether it sends as another (at app/rtu)",
  ],
  "an address that two machines have": [
    (plant) => void plant.machine("twin", [{ network: plant.lan, guestAddresses: ["10.1.0.10"] }]),
    "an address must be of one interface, got 10.1.0.10 as for app/plc; choose another (at app/twin)",
  ],
  "an address that is the host's": [
    (plant) => void plant.machine("host", [{ network: plant.lan, guestAddresses: ["10.1.0.1"] }]),
    "an address must be of one interface, got 10.1.0.1 as for the host itself on 'lan'; choose another (at app/host)",
  ],
  "something that is no address": [
    (plant) =>
      void plant.machine("odd", [{ network: plant.lan, address: "10.1.0.30", guestAddresses: ["10.1.0.0/24"] }]),
    "'networks.guestAddresses' must be IPv4 or IPv6 addresses, got '10.1.0.0/24'; write them like '10.1.0.10' and 'fd00:1::10' (at app/odd)",
  ],
  "addresses that two zones have": [
    ({ stack, beta, outer: zone }) =>
      new NatNetwork(stack, "nat-2", { host: beta, zone, cidr: Cidr.parse("10.1.0.128/25") }),
    "addresses must be of one zone, got 10.1.0.128/25, which overlaps 10.1.0.0/24 of app/lan in zone 'inner'; choose others for one of them (at app/nat-2)",
  ],
  "a host whose own addresses nobody knows": [
    (plant) => {
      const host = new Host(plant.stack, "gamma", { uri: "qemu+ssh://gamma/system" });
      const cidr = Cidr.parse("10.7.0.0/24");
      const network = new NatNetwork(plant.stack, "nat-3", { host, zone: plant.outer, cidr });
      plant.machine("far", [{ network, address: "10.7.0.10" }], { host });
      plant.policy.allow(plant.outer, Peers.outside(), https);
    },
    "'addresses' must be given for a host whose guests may reach what is outside, got none; name its own, which guests are kept from (at app/gamma)",
  ],
  "a filter by hand": [
    (plant) => void plant.machine("own", [{ network: plant.lan, address: "10.1.0.40", filter: "clean-traffic" }]),
    "'networks.filter' must be left out where there are zones, got 'clean-traffic' on 'lan'; the policy makes the filters (at app/own)",
  ],
  "an interface on a bridge that is no network": [
    (plant) => void plant.raw("raw", { interfaces: { lan: { bridge: "virbr7" } } }),
    "interface 'lan' must be on a network that is in a zone, got 'virbr7', which is no network of the app; use a Network (at app/raw)",
  ],
  "a network that is there already, in no zone": [
    (plant) =>
      void Network.fromNetworkAttributes(plant.stack, "default", { host: plant.alpha, networkName: "default" }),
    "'zone' must be given where there are zones, got none; choose one of 'inner', 'outer' (at app/default)",
  ],
  "questions that a server elsewhere answers": [
    ({ stack, beta, inner: zone }) =>
      new IsolatedNetwork(stack, "lan-2", {
        host: beta,
        zone,
        cidr: Cidr.parse("10.3.0.0/24"),
        dns: { forwarders: ["192.0.2.53"] },
      }),
    "'dns.forwarders' must be left out in zone 'inner', which may not reach the internet, got '192.0.2.53'; questions to a server elsewhere carry data out (at app/lan-2)",
  ],
  "a route by a machine that is no gateway": [
    ({ stack, beta, inner: zone }) =>
      new IsolatedNetwork(stack, "lan-2", {
        host: beta,
        zone,
        cidr: Cidr.parse("10.3.0.0/24"),
        routes: [{ destination: "10.9.0.0/16", gateway: "10.3.0.9" }],
      }),
    "'routes' must go by a Gateway, got 10.9.0.0/16 by 10.3.0.9; declare one, or take the route out (at app/lan-2)",
  ],
  "a tag that no rule could name": [
    (plant) => void plant.machine("odd", [{ network: plant.lan, address: "10.1.0.30" }], { tags: ["data base"] }),
    "'tags' must be 1 to 40 letters, digits, '-' and '_', got 'data base'; leave the rest out (at app/odd)",
  ],
  "a tag twice": [
    (plant) => void plant.machine("odd", [{ network: plant.lan, address: "10.1.0.30" }], { tags: ["db", "db"] }),
    "'tags' must name each once, got 'db' twice; remove one (at app/odd)",
  ],
};

describe("a stack that is not as separate as it says", () => {
  it("is taken for right where nothing is wrong", () => {
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

  it("is refused with zones and no policy, and with a policy and no zones", () => {
    const zones = newStack("zones");
    new NetworkZone(zones, "inner", { trust: 1 });
    expect(errorsOf(zones)).toEqual([
      "zones must have a SeparationPolicy, got none; make one, which denies all that it does not allow (at zones/inner)",
    ]);
    const policy = newStack("policy");
    new SeparationPolicy(policy, "rules");
    expect(errorsOf(policy)).toEqual([
      "a SeparationPolicy must have zones, got none; make a NetworkZone for each class of networks (at policy/rules)",
    ]);
  });

  it("is refused for all that is wrong at once", () => {
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

describe("what is outside", () => {
  it("is named by addresses with their prefix", () => {
    expect(() => Peers.outside("somewhere")).toThrow(
      "what is outside must be addresses with their prefix, got 'somewhere'; write it like '192.0.2.0/24'",
    );
  });
});
