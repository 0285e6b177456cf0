import { join, relative } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { BaseImage, Cidr, CloudInit, Host, IsolatedNetwork, Size, StoragePool, VirtualMachine } from "../constructs";
import type { Lab, LabHost, LabImage } from "../lab";

/** Who may log in to the virtual machines: put the content of your own `~/.ssh/id_ed25519.pub` here. */
const yourKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnmCtQYtxi3aKvbnSQ85Cm/iLjfWN3KTZSPFkgvAOCS you@example.org";

/** Where each virtual machine is. Name another host in its line, and it moves there while it runs. */
const machines = [
  { name: "web-1", on: "alpha", address: "10.10.0.11" },
  { name: "web-2", on: "beta", address: "10.10.0.12" },
];

/** The same on every host, with the same gateway: an address that moves stays where it belongs. */
const addresses = Cidr.parse("10.10.0.0/16");

export interface QuickstartProps {
  /** The hosts to deploy to, and the image to boot there. */
  readonly lab: Lab & { readonly image: LabImage };

  /** The file that Terraform keeps the stack's state in. */
  readonly stateFile: string;
}

/** On each host of a lab a pool, an isolated network and the guest image; and virtual machines that can be on any of them. */
export class Quickstart extends TerraformStack {
  constructor(scope: Construct, id: string, { lab, stateFile }: QuickstartProps) {
    super(scope, id);
    const workingDirectory = join(App.of(this).outdir, "stacks", id);
    new LocalBackend(this, { path: relative(workingDirectory, stateFile) });

    const sites = lab.hosts.map((host, index) => new Site(this, lab, host, index));
    for (const { name, on, address } of machines) {
      const site = sites.find(({ host }) => host.hostName === on);
      if (site === undefined) {
        throw new Error(`'${name}' is to be on '${on}', which is no host of lab '${lab.name}': name another one`);
      }
      new VirtualMachine(this, name, {
        host: site.host,
        image: site.image,
        // Reserved wherever it may be: DHCP then confirms the address on any host.
        networks: [{ network: site.lan, address, alsoReservedOn: sites.map(({ lan }) => lan) }],
        memory: Size.mebibytes(256),
        diskSize: Size.gibibytes(1),
        serialLog: `/var/log/libvirt/qemu/${name}-serial.log`,
        serialLogAppend: true,
        cloudInit: new CloudInit({
          sshKeys: [yourKey],
          files: [{ path: "/etc/motd", content: `This is ${name}, deployed by kvm-fleet.\n` }],
        }),
      });
    }
  }
}

/** What a virtual machine finds on any host: by the same names, so that it can move between them. */
class Site {
  public readonly host: Host;
  public readonly image: BaseImage;
  public readonly lan: IsolatedNetwork;

  constructor(
    scope: Construct,
    { accelerator, image }: QuickstartProps["lab"],
    { name, uri, tcpUri }: LabHost,
    index: number,
  ) {
    this.host = new Host(scope, name, { uri, accelerator, migrationUri: tcpUri });
    const { host } = this;
    const pool = new StoragePool(host, "pool", { host, path: "/var/lib/libvirt/images/quickstart" });
    this.image = new BaseImage(host, "guest", { pool, source: image.path, sha256: image.sha256 });
    // Whoever has no reservation gets an address that no other host gives out.
    const own = addresses.subnet(24, index + 1);
    this.lan = new IsolatedNetwork(host, "lan", {
      host,
      cidr: addresses,
      dhcpRange: { start: own.nth(1), end: own.nth(-2) },
    });
  }
}
