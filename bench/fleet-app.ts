import { App, LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { BaseImage, Cidr, CloudInit, Host, IsolatedNetwork, Size, StoragePool, VirtualMachine } from "../constructs";

const HOSTS = 20;

/** A stack of machines, each with a disk, first-boot data and an interface. */
class Fleet extends TerraformStack {
  constructor(scope: Construct, id: string, count: number) {
    super(scope, id);
    new LocalBackend(this, { path: "terraform.tfstate" });
    const addresses = Cidr.parse("10.0.0.0/8");
    const hosts = Array.from({ length: HOSTS }, (_, index) => {
      const host = new Host(this, `host-${index}`, { uri: `qemu+tcp://10.255.0.${index + 1}/system` });
      const pool = new StoragePool(host, "pool", { host, path: "/var/lib/libvirt/images/fleet" });
      const network = new IsolatedNetwork(host, "lan", { host, cidr: addresses.subnet(16, index) });
      const image = new BaseImage(host, "debian", { pool, source: "debian.qcow2", sha256: "0".repeat(64) });
      return { host, image, network };
    });
    for (let index = 0; index < count; index++) {
      const place = hosts[index % HOSTS];
      if (place === undefined) throw new Error("there are no hosts");
      new VirtualMachine(this, `vm-${index}`, {
        ...place,
        memory: Size.gibibytes(2),
        diskSize: Size.gibibytes(20),
        cloudInit: new CloudInit({ files: [{ path: "/etc/motd", content: `This is vm-${index}.\n` }] }),
      });
    }
  }
}

const app = new App({ stackTraces: false });
new Fleet(app, "fleet", Number(process.env.BENCH_MACHINES));
app.synth();
// Prints the peak memory in KiB for the figure that runs this app.
console.log(process.resourceUsage().maxRSS);
