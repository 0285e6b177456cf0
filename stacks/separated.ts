import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  BridgedNetwork,
  Cidr,
  Gateway,
  Host,
  type INetwork,
  IsolatedNetwork,
  NatNetwork,
  NetworkZone,
  Peers,
  SeparationPolicy,
  Size,
  VirtualMachine,
} from "../constructs";

export interface SeparatedProps {
  /** The hosts: two, by name, with their uris and their own addresses. */
  readonly hosts: readonly { readonly name: string; readonly uri: string; readonly addresses: readonly string[] }[];

  /** What runs their machines. */
  readonly accelerator?: "kvm" | "qemu";

  /** The bridge of each host that leads to the VLAN of the plant, and nowhere else. */
  readonly plantBridge: string;
}

/**
 * A plant whose controllers nobody reaches but those who must: four classes of networks on two hosts, and every path between
 * them in one place.
 *
 * Read `allowPaths` first. What is not there is denied, and `kvm-fleet separation` shows what follows.
 */
export class Separated extends TerraformStack {
  private readonly zones;
  private readonly policy: SeparationPolicy;

  constructor(scope: Construct, id: string, props: SeparatedProps) {
    super(scope, id);
    this.zones = {
      critical: new NetworkZone(this, "critical", { trust: 90, uplinks: [props.plantBridge] }),
      internal: new NetworkZone(this, "internal", { trust: 60 }),
      dmz: new NetworkZone(this, "dmz", { trust: 30 }),
      external: new NetworkZone(this, "external", { trust: 10, internet: true }),
    };
    this.policy = new SeparationPolicy(this, "separation");

    const [first, second] = props.hosts.map(
      ({ name, ...host }) => new Host(this, name, { ...host, accelerator: props.accelerator }),
    );
    if (first === undefined || second === undefined) {
      throw new Error(`the plant needs two hosts, got ${props.hosts.length}: name another one`);
    }
    const plant = { first: this.plant(first, props.plantBridge), second: this.plant(second, props.plantBridge) };
    const { internal, dmz, external } = this.zones;
    const office = new IsolatedNetwork(first, "office", {
      host: first,
      zone: internal,
      cidr: Cidr.parse("10.20.0.0/24"),
    });
    const front = new IsolatedNetwork(first, "front", { host: first, zone: dmz, cidr: Cidr.parse("10.30.0.0/24") });
    const outside = new NatNetwork(first, "outside", { host: first, zone: external, cidr: Cidr.parse("10.40.0.0/24") });

    this.controller("plc-1", first, plant.first, "10.10.0.11");
    this.controller("plc-2", second, plant.second, "10.10.0.12");
    this.machine("historian", first, ["historian"], [{ network: plant.first, guestAddresses: ["10.10.0.20"] }]);
    this.machine("engineer", first, ["workstation"], [{ network: office, address: "10.20.0.11" }]);
    this.machine("db", first, ["database"], [{ network: office, address: "10.20.0.20" }]);
    this.machine("web", first, ["web"], [{ network: front, address: "10.30.0.11" }]);
    this.machine("mirror", first, ["mirror"], [{ network: outside, address: "10.40.0.11" }]);
    const gates = {
      plant: this.machine(
        "plant-gate",
        first,
        [],
        [
          { network: plant.first, guestAddresses: ["10.10.0.2"] },
          { network: office, address: "10.20.0.2" },
        ],
      ),
      front: this.machine(
        "front-gate",
        first,
        [],
        [
          { network: office, address: "10.20.0.3" },
          { network: front, address: "10.30.0.3" },
        ],
      ),
      outer: this.machine(
        "outer-gate",
        first,
        [],
        [
          { network: front, address: "10.30.0.2" },
          { network: outside, address: "10.40.0.2" },
        ],
      ),
    };
    this.allowPaths(gates);
  }

  /** Every path there is. */
  private allowPaths(gates: Readonly<Record<"plant" | "front" | "outer", VirtualMachine>>): void {
    const { critical, internal, dmz, external } = this.zones;
    const { policy } = this;

    // Within zones.
    policy.allow(Peers.tagged("historian"), Peers.tagged("controller"), { protocol: "tcp", ports: [502] });
    policy.allow(Peers.tagged("workstation"), Peers.tagged("database"), { protocol: "tcp", ports: [5432] });

    // Between zones, by the gateway that stands there.
    const reports = policy.allow(Peers.tagged("workstation"), Peers.tagged("historian"), {
      protocol: "tcp",
      ports: [443],
      reason: "shift reports, approved by plant security",
    });
    new Gateway(this, "plant-gateway", { machine: gates.plant, zones: [critical, internal], forwards: [reports] });

    const queries = policy.allow(Peers.tagged("web"), Peers.tagged("database"), {
      protocol: "tcp",
      ports: [5432],
      reason: "orders of the web shop, approved by IT security",
    });
    new Gateway(this, "front-gateway", { machine: gates.front, zones: [internal, dmz], forwards: [queries] });

    const pages = policy.allow(external, Peers.tagged("web"), {
      protocol: "tcp",
      ports: [80, 443],
      reason: "the web shop is public",
    });
    new Gateway(this, "outer-gateway", { machine: gates.outer, zones: [dmz, external], forwards: [pages] });

    // Out of the building.
    policy.allow(Peers.tagged("mirror"), Peers.outside(), { protocol: "tcp", ports: [443] });
  }

  /** The plant's network as a host has it: one for both, on a VLAN of its own. */
  private plant(host: Host, bridge: string): INetwork {
    const cidr = Cidr.parse("10.10.0.0/24");
    return new BridgedNetwork(host, "plant", { host, zone: this.zones.critical, bridge, cidr });
  }

  private controller(name: string, host: Host, network: INetwork, address: string): VirtualMachine {
    return this.machine(name, host, ["controller"], [{ network, guestAddresses: [address] }]);
  }

  private machine(
    name: string,
    host: Host,
    tags: readonly string[],
    networks: ConstructorParameters<typeof VirtualMachine>[2]["networks"],
  ): VirtualMachine {
    return new VirtualMachine(this, name, { host, tags, networks, memory: Size.mebibytes(256) });
  }
}
