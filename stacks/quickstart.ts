import { join, relative } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { BaseImage, Cidr, CloudInit, Host, IsolatedNetwork, Size, StoragePool, VirtualMachine } from "../constructs";
import type { Lab, LabHost, LabImage } from "../lab";

/** The SSH key that may log in to the virtual machines. Put the content of your own `~/.ssh/id_ed25519.pub` here. */
const yourKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnmCtQYtxi3aKvbnSQ85Cm/iLjfWN3KTZSPFkgvAOCS you@example.org";

/** The host of each virtual machine. Name another host in its line, and it migrates there while it runs. */
const machines = [
  { name: "web-1", on: "alpha", address: "10.10.0.11" },
  { name: "web-2", on: "beta", address: "10.10.0.12" },
];

/** The addresses of the network, the same on every host, so that a machine keeps its address when it migrates. */
const addresses = Cidr.parse("10.10.0.0/16");

export interface QuickstartProps {
  /** The hosts to deploy to, and the image to boot. */
  readonly lab: Lab & { readonly image: LabImage };

  /** The file of the stack's Terraform state. */
  readonly stateFile: string;
}

/** A pool, an isolated network and the guest image on each host of a lab, and virtual machines that can run on any of these hosts. */
export class Quickstart extends TerraformStack {
  constructor(scope: Construct, id: string, { lab, stateFile }: QuickstartProps) {
    super(scope, id);
    const workingDirectory = join(App.of(this).outdir, "stacks", id);
    new LocalBackend(this, { path: relative(workingDirectory, stateFile) });

    const sites = lab.hosts.map((host, index) => new Site(this, lab, host, index));
    for (const { name, on, address } of machines) {
      const site = sites.find(({ host }) => host.hostName === on);
      if (site === undefined) {
        throw new Error(
          `the host of '${name}' must be one of ${lab.hosts.map((host) => host.name).join(", ")}, got '${on}'; choose a host of lab '${lab.name}'`,
        );
      }
      new VirtualMachine(this, name, {
        host: site.host,
        image: site.image,
        // Reserved on every host, so that DHCP confirms the address after a migration.
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

/** The objects that a virtual machine uses on a host. They have the same names on every host, so that machines can migrate. */
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
    // A guest without a reservation gets an address that no other host hands out.
    const own = addresses.subnet(24, index + 1);
    this.lan = new IsolatedNetwork(host, "lan", {
      host,
      cidr: addresses,
      dhcpRange: { start: own.nth(1), end: own.nth(-2) },
    });
  }
}
