import {
  type GatewayNode,
  type HostNode,
  type InterfaceNode,
  type MachineNode,
  type Model,
  type NetworkNode,
  outside,
  type Rule,
  type Selector,
  selectorKey,
  type Zone,
} from "./model";

/** Interfaces that no rule distinguishes: they are on one network, and the same selectors match them. */
export interface InterfaceGroup {
  readonly key: string;
  readonly network: NetworkNode;
  readonly zone: Zone | undefined;
  /** Keys of the selectors that match the interfaces, sorted. */
  readonly selectors: readonly string[];
  /** The gateway, if the machine is one. Each of its interfaces is a group of its own. */
  readonly gateway?: GatewayNode;
  readonly members: readonly GroupMember[];
  /** The segments that the interfaces are on: bridges, devices or VLANs. */
  readonly segments: readonly string[];
}

/** One interface, and the machine that has it. */
export interface GroupMember {
  readonly machine: MachineNode;
  readonly nic: InterfaceNode;
}

/**
 * Lookup tables over a model.
 *
 * The analysis works on groups of interfaces. Their number depends on the roles and the networks, and not on the number of
 * machines.
 */
export class ModelIndex {
  public readonly zones: ReadonlyMap<string, Zone>;
  public readonly hosts: ReadonlyMap<string, HostNode>;
  public readonly networks: ReadonlyMap<string, NetworkNode>;
  public readonly machines: ReadonlyMap<string, MachineNode>;
  public readonly gatewayByMachine: ReadonlyMap<string, GatewayNode>;
  public readonly groups: readonly InterfaceGroup[];
  /** The groups that a selector matches, by the selector's key. */
  private readonly groupsBySelector = new Map<string, InterfaceGroup[]>();

  constructor(public readonly model: Model) {
    this.zones = new Map(model.zones.map((zone) => [zone.path, zone]));
    this.hosts = new Map(model.hosts.map((host) => [host.uri, { ...host, addresses: hostAddresses(host.uri, model) }]));
    this.networks = new Map(model.networks.map((network) => [network.path, network]));
    this.machines = new Map(model.machines.map((machine) => [machine.path, machine]));
    this.gatewayByMachine = new Map(model.gateways.map((gateway) => [gateway.machine, gateway]));
    this.groups = this.groupInterfaces();
    for (const group of this.groups) {
      for (const selector of group.selectors) {
        this.groupsBySelector.set(selector, [...(this.groupsBySelector.get(selector) ?? []), group]);
      }
    }
  }

  /** The groups that a selector matches. Outside addresses match none. */
  public groupsOf(selector: Selector): readonly InterfaceGroup[] {
    return this.groupsBySelector.get(selectorKey(selector)) ?? [];
  }

  public zoneOf(network: NetworkNode | undefined): Zone | undefined {
    return network?.zone === undefined ? undefined : this.zones.get(network.zone);
  }

  /** The zones that a machine has interfaces in, without duplicates. */
  public zonesOf(machine: MachineNode): readonly Zone[] {
    const zones = machine.interfaces.map(({ network }) => this.zoneOf(this.networks.get(network ?? "")));
    return [...new Set(zones.filter((zone) => zone !== undefined))];
  }

  /** The networks that a selector matches as a whole. */
  public networksOf(selector: Selector): readonly NetworkNode[] {
    switch (selector.kind) {
      case "zone":
        return this.model.networks.filter(({ zone }) => zone === selector.path);
      case "network":
        return this.model.networks.filter(({ path }) => path === selector.path);
      default:
        return [];
    }
  }

  /** The names of the zones that the end of a rule is in. */
  public zoneNamesOf(selector: Selector): readonly string[] {
    if (selector.kind === "outside") {
      return [outside];
    }
    const zones = [
      ...this.groupsOf(selector).map(({ zone }) => zone),
      ...this.networksOf(selector).map((network) => this.zoneOf(network)),
    ];
    return [...new Set(zones.flatMap((zone) => (zone === undefined ? [] : [zone.name])))];
  }

  public hostName(uri: string): string {
    return this.hosts.get(uri)?.name ?? uri;
  }

  private groupInterfaces(): InterfaceGroup[] {
    const ends = new Set(this.model.rules.flatMap(({ from, to }) => [selectorKey(from), selectorKey(to)]));
    const groups = new Map<string, InterfaceGroup & { members: GroupMember[] }>();
    for (const machine of this.model.machines) {
      const gateway = this.gatewayByMachine.get(machine.path);
      for (const nic of machine.interfaces) {
        const network = this.networks.get(nic.network ?? "");
        if (network === undefined) continue;
        const selectors = [
          `zone:${network.zone ?? ""}`,
          `network:${network.path}`,
          `machine:${machine.path}`,
          ...machine.tags.map((tag) => `tag:${tag}`),
        ].filter((selector) => ends.has(selector));
        selectors.sort();
        const segments = segmentsOf(network, nic);
        const key = JSON.stringify([network.path, segments, selectors, gateway?.path, gateway && nic.name]);
        const group = groups.get(key);
        if (group === undefined) {
          const zone = this.zoneOf(network);
          groups.set(key, { key, network, zone, selectors, gateway, segments, members: [{ machine, nic }] });
        } else {
          group.members.push({ machine, nic });
        }
      }
    }
    return [...groups.values()];
  }
}

/**
 * The segments of a network, or of one interface on it. Interfaces on one segment receive each other's frames.
 *
 * A segment is a bridge that libvirt manages on one host, or whatever a bridge or device of the host leads to. The latter is
 * identified by the name and the VLAN: the same name on two hosts is assumed to lead to the same place.
 */
export function segmentsOf(network: NetworkNode, nic?: InterfaceNode): string[] {
  const { mode, host, name, bridge, uplinks } = network;
  if (mode !== "bridge" && mode !== "direct" && mode !== "sriov") {
    return [bridge === undefined ? `${host} ${name}` : `uplink ${bridge} on ${host}`];
  }
  const group = nic?.portGroup === undefined ? undefined : network.groupVlans[nic.portGroup];
  const vlans = nic?.vlans ?? group ?? network.vlans;
  return uplinks.flatMap((uplink) =>
    vlans.length === 0 ? [`uplink ${uplink}`] : vlans.map((vlan) => `uplink ${uplink} vlan ${vlan}`),
  );
}

/** Every segment that a network may be on, including those of its port groups. */
export function allSegmentsOf(network: NetworkNode): string[] {
  const groups = Object.keys(network.groupVlans).map((portGroup) =>
    segmentsOf(network, { name: "", connectedTo: "", addresses: [], addresses6: [], portGroup }),
  );
  return [...new Set([...segmentsOf(network), ...groups.flat()])];
}

/** The addresses of a host, collected from all stacks that define it. */
function hostAddresses(uri: string, { hosts }: Model): readonly string[] {
  return [...new Set(hosts.filter((host) => host.uri === uri).flatMap(({ addresses }) => addresses))];
}

/** Lists the rules whose traffic a gateway forwards. */
export function rulesForwardedBy(gateway: GatewayNode, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ name }) => gateway.forwards.includes(name));
}

/** Lists the paths of the machines that forward a rule's traffic. */
export function machinesForwarding(ruleName: string, { gateways }: Model): readonly string[] {
  return gateways.filter(({ forwards }) => forwards.includes(ruleName)).map(({ machine }) => machine);
}
