import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  BaseImage,
  BridgedNetwork,
  Cidr,
  CloudInit,
  Gateway,
  Host,
  type INetwork,
  IsolatedNetwork,
  NatNetwork,
  type NetworkAttachment,
  NetworkZone,
  Peers,
  SeparationPolicy,
  Size,
  StoragePool,
  VirtualMachine,
} from "../constructs";

export interface SeparatedProps {
  /** Two hosts, with their names, URIs and own addresses. */
  readonly hosts: readonly {
    readonly name: string;
    readonly uri: string;
    readonly migrationUri?: string;
    readonly addresses: readonly string[];
  }[];

  /** The accelerator of the hosts. */
  readonly accelerator?: "kvm" | "qemu";

  /** The bridge, on each host, that leads only to the VLAN of the plant. */
  readonly plantBridge: string;

  /**
   * The image that the machines boot from: a file or a URL.
   *
   * @default - no image: the machines have no disks
   */
  readonly image?: { readonly path: string; readonly sha256: string };

  /** The memory of each machine. */
  readonly memory?: Size;
}

/** An interface of a machine: its network, its addresses, and its routes by gateway. */
interface Interface {
  readonly network: INetwork;
  readonly address: string;
  readonly address6?: string;
  readonly routes?: Readonly<Record<string, string>>;
}

/** The addresses of the networks. Gateways, and not the hosts, connect the networks. */
const plant = Cidr.parse("10.10.0.0/24");
const office = { four: Cidr.parse("10.20.0.0/24"), six: "fd00:20::" };
const front = { four: Cidr.parse("10.30.0.0/24"), six: "fd00:30::" };
const outside = Cidr.parse("10.40.0.0/24");
// Incoming traffic has a network of its own, since guests behind address translation all have the host's address.
const street = Cidr.parse("10.50.0.0/24");

/**
 * A plant whose controllers are reachable only for the machines that need them: four zones on two hosts, and every path between
 * them in one place.
 *
 * Read `allowPaths` first. Everything else is denied. `kvm-fleet separation` shows the result.
 */
export class Separated extends TerraformStack {
  private readonly zones;
  private readonly policy: SeparationPolicy;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SeparatedProps,
  ) {
    super(scope, id);
    this.zones = {
      critical: new NetworkZone(this, "critical", { trust: 90, uplinks: [props.plantBridge] }),
      internal: new NetworkZone(this, "internal", { trust: 60 }),
      dmz: new NetworkZone(this, "dmz", { trust: 30 }),
      external: new NetworkZone(this, "external", { trust: 10, internet: true }),
    };
    this.policy = new SeparationPolicy(this, "separation");

    const [first, second] = props.hosts.map((host) => new Site(this, host, props, this.zones.critical));
    if (first === undefined || second === undefined) {
      throw new Error(`'hosts' must name two hosts, got ${props.hosts.length}; add another one`);
    }
    this.allowPaths(this.populate(first, second));
  }

  /** Adds every network and machine. */
  private populate(first: Site, second: Site): Readonly<Record<"plant" | "front" | "outer", VirtualMachine>> {
    const { internal, dmz, external } = this.zones;
    const { host } = first;
    const [office4, front4] = [office.four.toString(), front.four.toString()];
    const networks = {
      office: new IsolatedNetwork(host, "office", {
        host,
        zone: internal,
        cidr: office.four,
        ipv6: { address: `${office.six}1` },
      }),
      front: new IsolatedNetwork(host, "front", {
        host,
        zone: dmz,
        cidr: front.four,
        ipv6: { address: `${front.six}1` },
      }),
      street: new IsolatedNetwork(host, "street", { host, zone: external, cidr: street }),
      outside: new NatNetwork(host, "outside", { host, zone: external, cidr: outside }),
    };
    const inOffice = (number: number, routes?: Interface["routes"]): Interface => ({
      network: networks.office,
      address: office.four.nth(number),
      address6: `${office.six}${number}`,
      routes,
    });
    const inFront = (number: number, routes?: Interface["routes"]): Interface => ({
      network: networks.front,
      address: front.four.nth(number),
      address6: `${front.six}${number}`,
      routes,
    });
    const inPlant = (site: Site, number: number, routes?: Interface["routes"]): Interface => ({
      network: site.plant,
      address: plant.nth(number),
      routes,
    });
    const inStreet = (number: number, routes?: Interface["routes"]): Interface => ({
      network: networks.street,
      address: street.nth(number),
      routes,
    });
    const inOutside = (number: number): Interface => ({
      network: networks.outside,
      address: outside.nth(number),
      routes: { "0.0.0.0/0": outside.nth(1) },
    });

    this.machine("plc-1", first, ["controller"], [inPlant(first, 11)]);
    this.machine("plc-2", second, ["controller"], [inPlant(second, 12)]);
    this.machine("historian", first, ["historian"], [inPlant(first, 20, { [office4]: plant.nth(2) })]);
    this.machine("engineer", first, ["workstation"], [inOffice(11, { [plant.toString()]: office.four.nth(2) })]);
    const toFront = { [front4]: office.four.nth(3), [`${front.six}/64`]: `${office.six}3` };
    this.machine("db", first, ["database"], [inOffice(20, toFront)]);
    const fromFront = { [office4]: front.four.nth(3), [`${office.six}/64`]: `${front.six}3` };
    this.machine("web", first, ["web"], [inFront(11, { ...fromFront, [street.toString()]: front.four.nth(2) })]);
    this.machine("mirror", first, ["mirror"], [inStreet(11, { [front4]: street.nth(2) }), inOutside(11)]);
    return {
      plant: this.machine("plant-gate", first, [], [inPlant(first, 2), inOffice(2)]),
      front: this.machine("front-gate", first, [], [inOffice(3), inFront(3)]),
      outer: this.machine("outer-gate", first, [], [inFront(2), inStreet(2)]),
    };
  }

  /** Allows every path. */
  private allowPaths(gates: Readonly<Record<"plant" | "front" | "outer", VirtualMachine>>): void {
    const { critical, internal, dmz, external } = this.zones;
    const { policy } = this;

    // Within a zone.
    policy.allow(Peers.tagged("historian"), Peers.tagged("controller"), { protocol: "tcp", ports: [502] });
    policy.allow(Peers.tagged("workstation"), Peers.tagged("database"), { protocol: "tcp", ports: [5432] });

    // Between zones, through the gateway between them.
    const reports = policy.allow(Peers.tagged("workstation"), Peers.tagged("historian"), {
      protocol: "tcp",
      ports: [443],
      reason: "shift reports, approved by plant security",
    });
    new Gateway(this, "plant-gateway", { vm: gates.plant, zones: [critical, internal], forwards: [reports] });

    const queries = policy.allow(Peers.tagged("web"), Peers.tagged("database"), {
      protocol: "tcp",
      ports: [5432],
      reason: "orders of the web shop, approved by IT security",
    });
    new Gateway(this, "front-gateway", { vm: gates.front, zones: [internal, dmz], forwards: [queries] });

    const pages = policy.allow(external, Peers.tagged("web"), {
      protocol: "tcp",
      ports: [80, 443],
      reason: "the web shop is public",
    });
    new Gateway(this, "outer-gateway", { vm: gates.outer, zones: [dmz, external], forwards: [pages] });

    // To the outside.
    policy.allow(Peers.tagged("mirror"), Peers.external(), { protocol: "tcp", ports: [443] });
  }

  /** Adds a machine. A machine without tags is a gateway. */
  private machine(
    name: string,
    { host, image }: Site,
    tags: readonly string[],
    interfaces: readonly Interface[],
  ): VirtualMachine {
    const { memory = Size.mebibytes(256) } = this.props;
    return new VirtualMachine(this, name, {
      host,
      tags,
      memory,
      networks: interfaces.map(attachment),
      ...(image === undefined
        ? {}
        : {
            image,
            cloudInit: cloudInit(interfaces, tags.length === 0),
            // The verification starts its probes through the guest agent.
            guestAgent: true,
            waitFor: { guestAgent: true },
          }),
    });
  }
}

/** The objects that machines use on a host. They have the same names on every host, so that machines can migrate. */
class Site {
  public readonly host: Host;
  public readonly image?: BaseImage;
  /** The plant's network on a host. It is one network on both hosts, on a VLAN of its own. */
  public readonly plant: INetwork;

  constructor(
    scope: Construct,
    { name, ...settings }: SeparatedProps["hosts"][number],
    { accelerator, plantBridge: bridge, image }: SeparatedProps,
    zone: NetworkZone,
  ) {
    this.host = new Host(scope, name, { ...settings, accelerator });
    const { host } = this;
    this.plant = new BridgedNetwork(host, "plant", { host, zone, bridge, cidr: plant });
    if (image !== undefined) {
      const pool = new StoragePool(host, "pool", { host, path: "/var/lib/libvirt/images/separated" });
      this.image = new BaseImage(host, "guest", { pool, source: image.path, sha256: image.sha256 });
    }
  }
}

function attachment({ network, address, address6 }: Interface): NetworkAttachment {
  const own = address6 === undefined ? [] : [address6];
  // libvirt reserves addresses on its own networks. On the plant's network, the machines set their addresses.
  const isReserved = network.forwardMode !== "bridge";
  return {
    network,
    mac: macOf(address),
    address: isReserved ? address : undefined,
    guestAddresses: isReserved ? own : [address, ...own],
  };
}

/** The guest's addresses and routes. A gateway also forwards packets. */
function cloudInit(interfaces: readonly Interface[], isGateway: boolean): CloudInit {
  const forwarding = "net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n";
  return new CloudInit({
    ...(isGateway
      ? {
          files: [{ path: "/etc/sysctl.d/60-gateway.conf", content: forwarding }],
          runCommands: [["sysctl", "--system"]],
        }
      : {}),
    network: Object.fromEntries(
      interfaces.map(({ network, address, address6, routes = {} }) => [
        network.networkName,
        {
          matchMac: macOf(address),
          addresses: [`${address}/24`, ...(address6 === undefined ? [] : [`${address6}/64`])],
          routes: Object.entries(routes).map(([to, via]) => ({ to, via })),
        },
      ]),
    ),
  });
}

/** A MAC address that is derived from the address, so that cloud-init can match the interface before the machine exists. */
function macOf(address: string): string {
  const octets = address.split(".").slice(1);
  return `52:54:00:${octets.map((octet) => Number(octet).toString(16).padStart(2, "0")).join(":")}`;
}
