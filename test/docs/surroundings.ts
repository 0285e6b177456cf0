import type { TerraformStack } from "cdktf";
import {
  BaseImage,
  Cidr,
  Host,
  type IHost,
  type INetwork,
  IsolatedNetwork,
  type IStoragePool,
  type IVolume,
  Size,
  StoragePool,
  VirtualMachine,
} from "../../constructs";

/** The names that an `@example` may use without defining them. Each object is added to the stack when it is first read. */
export class Surroundings {
  /** A checksum, for images that are not on this machine. */
  public readonly sha256 = "0123456789abcdef".repeat(4);

  private readonly made = new Map<string, unknown>();

  constructor(private readonly stack: TerraformStack) {}

  public get host(): IHost {
    return this.once("host", (id) => new Host(this.stack, id, { uri: "qemu+ssh://root@alpha.example.org/system" }));
  }

  public get pool(): IStoragePool {
    const { host } = this;
    return this.once("pool", (id) => new StoragePool(this.stack, id, { host, path: "/var/lib/libvirt/images/fleet" }));
  }

  public get debian(): IVolume {
    const { pool, sha256 } = this;
    return this.once("debian", (id) => new BaseImage(this.stack, id, { pool, source: "debian.qcow2", sha256 }));
  }

  public get lan(): INetwork {
    const { host } = this;
    return this.once("lan", (id) => new IsolatedNetwork(this.stack, id, { host, cidr: Cidr.parse("10.1.0.0/24") }));
  }

  public get vm(): VirtualMachine {
    const { host } = this;
    return this.once("vm", (id) => new VirtualMachine(this.stack, id, { host, memory: Size.gibibytes(1) }));
  }

  /** The id differs from those that examples use. */
  private once<T>(name: string, make: (id: string) => T): T {
    const found = this.made.get(name) as T | undefined;
    const value = found ?? make(`surrounding-${name}`);
    this.made.set(name, value);
    return value;
  }
}
