import { TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import { BaseImage, Cidr, Host, IsolatedNetwork, Size, StoragePool } from "../../constructs";

type Attributes = Readonly<Record<string, unknown>>;

/** A stack's configuration, as Terraform reads it. */
export interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly provider?: Readonly<Record<string, readonly Attributes[]>>;
  readonly terraform?: Attributes;
}

export function newStack(id = "lab", app: Construct = Testing.app()): TerraformStack {
  return new TerraformStack(app, id);
}

export function synthesize(stack: TerraformStack): Configuration {
  return JSON.parse(Testing.synth(stack, true)) as Configuration;
}

/** What Terraform is told of a resource, by its address. */
export function attributesOf(stack: TerraformStack, address: string): Attributes | undefined {
  const [type = "", name = ""] = address.split(".");
  return synthesize(stack).resource?.[type]?.[name];
}

/** Every address of a stack, in order. */
export function addressesOf(stack: TerraformStack): string[] {
  return Object.entries(synthesize(stack).resource ?? {})
    .flatMap(([type, resources]) => Object.keys(resources).map((name) => `${type}.${name}`))
    .sort();
}

/** What synthesis would report. */
export function errorsOf(stack: TerraformStack): string[] {
  return stack.node.validate();
}

/** A host with a pool, an image of 2 GiB and a network, for what is to be put on it. */
export class Site {
  public readonly host: Host;
  public readonly pool: StoragePool;
  public readonly image: BaseImage;
  public readonly lan: IsolatedNetwork;

  constructor(scope: Construct, id = "alpha", cidr = "10.1.0.0/24") {
    this.host = new Host(scope, id, { uri: `qemu+tcp://${id}/system` });
    const { host } = this;
    this.pool = new StoragePool(host, "pool", { host, path: "/var/lib/libvirt/images/fleet" });
    this.image = new BaseImage(host, "debian", {
      pool: this.pool,
      source: "debian.qcow2",
      sha256: "0123456789abcdef".repeat(4),
      virtualSize: Size.gibibytes(2),
    });
    this.lan = new IsolatedNetwork(host, "lan", { host, cidr: Cidr.parse(cidr) });
  }
}
