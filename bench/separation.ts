import { analyze, compile, type Model } from "../separation";
import type { Figure, Finding, Setting } from "./figure";
import { inTurn, median } from "./statistics";

/**
 * Measures the analysis of a fleet's separation and the generation of its filters, by the number of machines and
 * networks.
 */
export const separation: Figure = {
  name: "separation",
  hosts: 0,

  async measure({ quick, report }: Setting): Promise<Finding[]> {
    const networks = quick ? 20 : 100;
    const models = {
      fleet: fleet({ machines: networks * 10, networks, zones: 10 }),
      machines: fleet({ machines: networks * 40, networks, zones: 10 }),
      networks: fleet({ machines: networks * 10, networks: networks * 2, zones: 10 }),
    };
    // The first run includes the just-in-time compilation.
    seconds(models.fleet);
    report(`separation: ${networks * 10} machines on ${networks} networks, more machines, more networks, in turn`);
    const rounds = await inTurn(quick ? 1 : 7, {
      fleet: () => Promise.resolve(seconds(models.fleet)),
      machines: () => Promise.resolve(seconds(models.machines)),
      networks: () => Promise.resolve(seconds(models.networks)),
    });
    type Of = (round: Readonly<Record<"fleet" | "machines" | "networks", number>>) => number;
    const middle = (of: Of) => median(rounds.map(of));
    const filters = compile(models.fleet).filters.length;
    return [
      {
        what: `${networks * 10} machines, ${networks} networks, 10 zones: analysis and ${filters} filters`,
        value: middle((round) => round.fleet),
        unit: "s",
        bar: { atMost: 2 },
      },
      {
        what: "4 times the machines / the same fleet",
        value: middle((round) => round.machines / round.fleet),
        unit: "x",
        bar: { atMost: 4.5 },
      },
      {
        what: "2 times the networks / the same fleet",
        value: middle((round) => round.networks / round.fleet),
        unit: "x",
        bar: { atMost: 4.5 },
      },
    ];
  },
};

function seconds(model: Model): number {
  const began = performance.now();
  const { violations } = analyze(model);
  compile(model);
  if (violations[0] !== undefined) throw new Error(`the fleet violates its policy: ${violations[0].message}`);
  return (performance.now() - began) / 1000;
}

/**
 * Builds a fleet with zones on all hosts, routed networks, tags on half of the machines, and rules between zones and
 * tags.
 */
function fleet({ machines, networks, zones }: { machines: number; networks: number; zones: number }): Model {
  const hosts = Array.from({ length: 10 }, (_, index) => `qemu+tcp://host-${index}/system`);
  const names = Array.from({ length: zones }, (_, index) => `zone-${index}`);
  const nets = Array.from({ length: networks }, (_, index) => ({
    path: `fleet/net-${index}`,
    name: `net-${index}`,
    host: hosts[Math.floor(index / zones) % hosts.length] ?? "",
    zone: names[index % zones],
    mode: "route" as const,
    uplinks: [],
    filtered: true,
    vlans: [],
    groupVlans: {},
    cidr: `10.${index >> 4}.${(index & 15) << 4}.0/20`,
    gateway: `10.${index >> 4}.${(index & 15) << 4}.1`,
    dhcp: true,
    dhcp6: false,
    dns: true,
    forwarders: [],
    staticRoutes: [],
  }));
  const zone = (index: number) => ({
    kind: "zone" as const,
    path: `zone-${index % zones}`,
    label: `zone-${index % zones}`,
  });
  const tag = (index: number) => ({
    kind: "tag" as const,
    tag: `role-${index % zones}`,
    label: `role-${index % zones}`,
  });
  const rule = { path: "fleet/policy", protocol: "tcp" as const, reason: "measured" };
  return {
    zones: names.map((name) => ({ path: name, name, trust: 50, internet: true, uplinks: [] })),
    hosts: hosts.map((uri, index) => ({ uri, name: `host-${index}`, path: uri, addresses: [`192.0.2.${index + 1}`] })),
    networks: nets,
    machines: Array.from({ length: machines }, (_, index) => {
      const at = nets[index % networks] ?? { path: "", name: "", host: "", cidr: "" };
      const place = Math.floor(index / networks) + 10;
      const [a = "", b = "", c = ""] = at.cidr.split(".");
      return {
        path: `fleet/vm-${index}`,
        name: `vm-${index}`,
        host: at.host,
        stack: "fleet",
        tags: Math.floor(index / networks) % 2 === 0 ? [`role-${index % zones}`] : [],
        interfaces: [
          {
            name: "net",
            network: at.path,
            connectedTo: at.name,
            addresses: [`${a}.${b}.${c}.${place}`],
            addresses6: [],
          },
        ],
        directories: [],
        sharedDisks: [],
        devices: [],
      };
    }),
    policies: ["fleet/policy"],
    filterPrefix: "policy",
    rules: names.flatMap((_, index) => [
      { ...rule, name: `within-${index}`, from: zone(index), to: zone(index), ports: [[22, 22]] },
      { ...rule, name: `between-${index}`, from: zone(index), to: zone(index + 1), ports: [[443, 443]] },
      { ...rule, name: `role-${index}`, from: tag(index), to: tag(index + 1), ports: [[5432, 5432]] },
    ]),
    gateways: [],
  };
}
