import { join, relative } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { BaseImage, Cidr, CloudInit, Host, IsolatedNetwork, Size, StoragePool, VirtualMachine } from "../constructs";
import type { Lab, LabImage } from "../lab";

/** Who may log in to the virtual machines: put the content of your own `~/.ssh/id_ed25519.pub` here. */
const yourKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnmCtQYtxi3aKvbnSQ85Cm/iLjfWN3KTZSPFkgvAOCS you@example.org";

export interface QuickstartProps {
  /** The hosts to deploy to, and the image to boot there. */
  readonly lab: Lab & { readonly image: LabImage };

  /** The file that Terraform keeps the stack's state in. */
  readonly stateFile: string;
}

/** On each host of a lab: a pool, an isolated network, the guest image, and a virtual machine cloned from it. */
export class Quickstart extends TerraformStack {
  constructor(scope: Construct, id: string, { lab, stateFile }: QuickstartProps) {
    super(scope, id);
    const workingDirectory = join(App.of(this).outdir, "stacks", id);
    new LocalBackend(this, { path: relative(workingDirectory, stateFile) });

    const addresses = Cidr.parse("10.10.0.0/16");
    for (const [index, { name, uri }] of lab.hosts.entries()) {
      const host = new Host(this, name, { uri, accelerator: lab.accelerator });
      const pool = new StoragePool(host, "pool", { host, path: "/var/lib/libvirt/images/quickstart" });
      const image = new BaseImage(host, "guest", { pool, source: lab.image.path, sha256: lab.image.sha256 });
      const network = new IsolatedNetwork(host, "lan", { host, cidr: addresses.subnet(24, index) });

      const vm = `web-${index + 1}`;
      new VirtualMachine(this, vm, {
        host,
        image,
        network,
        memory: Size.mebibytes(256),
        diskSize: Size.gibibytes(1),
        serialLog: `/var/log/libvirt/qemu/${vm}-serial.log`,
        cloudInit: new CloudInit({
          sshKeys: [yourKey],
          files: [{ path: "/etc/motd", content: `This is ${vm}, deployed to ${name} by kvm-fleet.\n` }],
        }),
      });
    }
  }
}
