import path from "node:path";
import type { LabHost } from "../lab";
import { compile, type CompiledPolicy, type MachineNode, type Model, type NetworkNode, type Rule } from "../separation";
import { writeHaltedGuest } from "./halted-guest";
import type { Block, Resources } from "./terraform";

const ZONES = ["dmz", "internal"] as const;

/** Returns the prefix of a network that no other network of the lab uses. All networks of a zone are in one block. */
const networkOf = (zone: number, host: number) => `10.250.${zone * 128 + host}`;

/** Lower addresses belong to the host or are reserved. */
const FIRST_ADDRESS = 10;

/**
 * Builds machines of two zones on some hosts, with the filters that a policy generates for them. The policy's rule lets one
 * zone connect to the other on a port, so it affects all machines.
 *
 * @param folder the folder for their disks
 */
export function shopOf(count: number, hosts: readonly LabHost[], port: number, folder: string): Resources {
  const model = modelOf(count, hosts, port);
  const compilation = compile(model);
  const nameOf = new Map(hosts.map(({ uri, name }) => [uri, name]));
  const key = (uri: string, name: string) => `${nameOf.get(uri) ?? ""}-${name}`;
  const networks = model.networks.map(({ host, name, mode, gateway }): [string, Block] => [
    key(host, name),
    { host: nameOf.get(host), name, forward: { mode }, ipv4: { address: gateway, prefix: 24 } },
  ]);
  const filters = compilation.filters.map(({ host, name, filters: parts, rules }): [string, Block] => [
    key(host, name),
    {
      host: nameOf.get(host),
      name,
      filters: parts.map((part) => `\${libvirt_nwfilter.${key(host, part)}.name}`),
      rules,
    },
  ]);
  const machines = model.machines.map((machine): [string, Block] => {
    const disk = path.join(folder, `${machine.name}.img`);
    writeHaltedGuest(disk);
    return [
      machine.name,
      {
        host: nameOf.get(machine.host),
        name: machine.name,
        // An emulated BIOS uses a third of a second of processor time on any machine. Under nested KVM it uses 4 s.
        type: "qemu",
        vcpu: 1,
        memory: 16 * 1024,
        disks: { vda: { file: disk, format: "raw" } },
        interfaces: { lan: nic(machine, compilation, (name) => key(machine.host, name)) },
        shutdown: { timeout: 0 },
      },
    ];
  });
  return {
    libvirt_network: Object.fromEntries(networks),
    libvirt_nwfilter: Object.fromEntries(filters),
    libvirt_domain: Object.fromEntries(machines),
  };
}

/** Returns the filters among some resources. */
export function filtersOf({ libvirt_nwfilter: filters = {} }: Resources): Readonly<Record<string, Block>> {
  return filters;
}

function nic(
  { path: own, interfaces }: MachineNode,
  { assignments }: CompiledPolicy,
  key: (name: string) => string,
): Block {
  const given = assignments.find(({ machine }) => machine === own);
  const parameters = Object.entries(given?.parameters ?? {});
  return {
    network: `\${libvirt_network.${key(interfaces[0]?.connectedTo ?? "")}.name}`,
    filter: `\${libvirt_nwfilter.${key(given?.filter ?? "")}.name}`,
    filter_parameters: Object.fromEntries(parameters.map(([name, values]) => [name, { values }])),
  };
}

function modelOf(count: number, hosts: readonly LabHost[], port: number): Model {
  const networks = hosts.flatMap((host, at) => ZONES.map((_, zone) => network(host, at, zone)));
  const [dmz, internal] = ZONES.map((zone) => ({ kind: "zone", path: zone, label: zone }) as const);
  const outside = { kind: "outside", cidrs: ["0.0.0.0/0"], label: "outside" } as const;
  const rule = { path: "shop/policy", protocol: "tcp", reason: "measured" } as const;
  const rules: Rule[] = [];
  if (dmz !== undefined && internal !== undefined) {
    rules.push(
      { ...rule, name: "orders", from: dmz, to: internal, ports: [[port, port]] },
      {
        ...rule,
        name: "pages",
        from: outside,
        to: dmz,
        ports: [
          [80, 80],
          [443, 443],
        ],
      },
      { ...rule, name: "copies", from: internal, to: internal, ports: [[873, 873]] },
    );
  }
  return {
    zones: ZONES.map((name) => ({ path: name, name, trust: 50, internet: true, uplinks: [] })),
    hosts: hosts.map(({ uri, name, address }) => ({ uri, name, path: name, addresses: [address] })),
    networks,
    machines: Array.from({ length: count }, (_, index) => machine(index, networks)),
    policies: ["shop/policy"],
    filterPrefix: "policy",
    rules,
    gateways: [],
  };
}

function network(host: LabHost, at: number, zone: number): NetworkNode {
  return {
    path: `shop/${host.name}/${ZONES[zone] ?? ""}`,
    name: `shop-${ZONES[zone] ?? ""}`,
    host: host.uri,
    zone: ZONES[zone],
    mode: "route",
    uplinks: [],
    filtered: true,
    vlans: [],
    groupVlans: {},
    cidr: `${networkOf(zone, at)}.0/24`,
    gateway: `${networkOf(zone, at)}.1`,
    dhcp: true,
    dhcp6: false,
    dns: true,
    forwarders: [],
    staticRoutes: [],
  };
}

/** Builds the machine with this number. The machines are spread over the networks in turn. */
function machine(index: number, networks: readonly NetworkNode[]): MachineNode {
  const own = networks[index % networks.length];
  const place = FIRST_ADDRESS + Math.floor(index / networks.length);
  const address = `${own?.gateway?.replace(/\.1$/, "") ?? ""}.${place}`;
  return {
    path: `shop/${index}`,
    name: `shop-${String(index).padStart(3, "0")}`,
    host: own?.host ?? "",
    stack: "shop",
    tags: [],
    interfaces: [
      { name: "lan", network: own?.path, connectedTo: own?.name ?? "", addresses: [address], addresses6: [] },
    ],
    directories: [],
    sharedDisks: [],
    devices: [],
  };
}
