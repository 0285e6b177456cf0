import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  Affinity,
  AntiAffinity,
  BaseImage,
  Cidr,
  Fleet,
  Host,
  NatNetwork,
  Size,
  Spread,
  StoragePool,
  VirtualMachine,
} from "../constructs";

export interface PlacedProps {
  /** The hosts, each with the rack that it is in. */
  readonly hosts: readonly {
    readonly name: string;
    readonly uri: string;
    readonly rack: string;
    readonly maintenance?: boolean;
  }[];

  /** The accelerator of the hosts. */
  readonly accelerator?: "kvm" | "qemu";

  /** The image that the machines boot from: a file or a URL. */
  readonly image: { readonly path: string; readonly sha256: string };
}

/** The same addresses on every host, so that a machine keeps its address when it moves. */
const addresses = Cidr.parse("10.60.0.0/24");

/** The machines. A new line is a new machine, and `kvm-fleet place` finds its host. */
const machines = [
  { name: "web-1", role: "web", address: 11, gibibytes: 2 },
  { name: "web-2", role: "web", address: 12, gibibytes: 2 },
  { name: "web-3", role: "web", address: 13, gibibytes: 2 },
  { name: "db-1", role: "db", address: 21, gibibytes: 8 },
  { name: "db-2", role: "db", address: 22, gibibytes: 8 },
  { name: "cache", role: "cache", address: 31, gibibytes: 4 },
];

/**
 * A shop whose machines are placed: no host is named, only what must hold.
 *
 * To empty a host, give it `maintenance: true`, run `kvm-fleet place`, and deploy.
 */
export class Placed extends TerraformStack {
  constructor(scope: Construct, id: string, { hosts, accelerator, image }: PlacedProps) {
    super(scope, id);
    const fleet = new Fleet(this, "fleet", {
      hosts: hosts.map(
        ({ name, rack, ...settings }) => new Host(this, name, { ...settings, accelerator, labels: { rack } }),
      ),
      // When any host is lost, all machines still fit on the others.
      survives: { failures: 1 },
    });

    // What the machines use is on each host, under the same name.
    const pools = fleet.onEachHost(
      (host) => new StoragePool(host, "vms", { host, path: "/var/lib/libvirt/images/vms" }),
    );
    const images = fleet.onEachHost((host) => {
      const pool = pools.on(host);
      return pool && new BaseImage(host, "base", { pool, source: image.path, sha256: image.sha256 });
    });
    const networks = fleet.onEachHost((host) => new NatNetwork(host, "lan", { host, cidr: addresses }));

    const placed = machines.map(
      ({ name, address, gibibytes }) =>
        new VirtualMachine(this, name, {
          host: fleet,
          image: images,
          networks: [{ network: networks, address: addresses.nth(address) }],
          memory: Size.gibibytes(gibibytes),
        }),
    );
    const withRole = (role: string) => placed.filter((_, index) => machines[index]?.role === role);

    new Spread(this, "web-over-racks", { machines: withRole("web"), domain: "rack" });
    new AntiAffinity(this, "db-in-two-racks", { machines: withRole("db"), domain: "rack" });
    new Affinity(this, "cache-near-db", {
      machines: [...withRole("db").slice(0, 1), ...withRole("cache")],
      preferred: true,
    });
  }
}
