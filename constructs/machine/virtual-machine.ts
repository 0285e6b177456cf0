import { DataLibvirtDomainAddresses, Domain, type DomainInterfaces } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { Late } from "../core/late";
import { checkName } from "../core/names";
import { checkWhole } from "../core/numbers";
import { checkAddress } from "../core/resource-address";
import { templateLiteral } from "../core/template-literal";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import type { DirectoryShare, HostDevice } from "./devices";
import type { CdromAttachment } from "./disks";
import { type Bootable, checkBootOrder, withBootOrder } from "./private/boot-order";
import { makeCpu } from "./private/cpu";
import { MachineDisks } from "./private/disks";
import { makeClock, makeFeatures } from "./private/features";
import { makeFirmware } from "./private/firmware";
import { makeGraphics } from "./private/graphics";
import { MachineHardware } from "./private/hardware";
import { makeInterfaces, withFilters } from "./private/interfaces";
import { makeMemory } from "./private/memory";
import { makeMigration } from "./private/migration";
import { makeTuning } from "./private/resources";
import { checkTags } from "./private/tags";
import { makeWait } from "./private/wait";
import type { VirtualMachineProps } from "./props";
import type { IVirtualMachine } from "./types";
import type { AddressSource } from "./wait";
import type { MachineXml } from "./xml";

/** An existing virtual machine that this app does not manage. */
export interface VirtualMachineAttributes {
  /** The host that the machine is on. */
  readonly host: IHost;

  /** Name of the machine on its host. */
  readonly vmName: string;
}

/**
 * A virtual machine with its disk, its first-boot data and its network interfaces.
 *
 * Make it in the stack rather than in a host's scope: its Terraform address and its MAC addresses follow from where it
 * is made, and are to stay the same when it moves to another host. To move it, change `host`, and with it what it uses
 * there: image, pool and networks. Its disks go with it.
 *
 * @example
 * new VirtualMachine(this, "web-1", {
 *   host,
 *   memory: Size.gibibytes(2),
 *   image: debian,
 *   diskSize: Size.gibibytes(20),
 *   networks: [{ network: lan, address: "10.1.0.10" }],
 *   cloudInit: new CloudInit({ packages: ["nginx"] }),
 * });
 *
 * @see https://libvirt.org/formatdomain.html
 */
export class VirtualMachine extends Construct implements IVirtualMachine {
  /** Refers to a machine that is there already and stays as it is: for a snapshot of it, say. */
  public static fromVirtualMachineAttributes(
    scope: Construct,
    id: string,
    attributes: VirtualMachineAttributes,
  ): IVirtualMachine {
    return new ExistingVirtualMachine(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly vmName: string;
  /** What it is for, in words that a SeparationPolicy can name it by. */
  public readonly tags: readonly string[];
  private readonly disks: MachineDisks;
  private readonly interfaces: Record<string, DomainInterfaces>;
  private readonly bootOrder?: readonly string[];
  private readonly resource: Domain;
  private readonly hardware: MachineHardware;

  constructor(scope: Construct, id: string, props: VirtualMachineProps) {
    super(scope, id);
    this.host = props.host;
    this.vmName = props.vmName ?? this.node.id;
    this.tags = [...(props.tags ?? [])];

    checkHost(this, this.host);
    checkName(this, "vmName", this.vmName);
    checkTags(this, this.tags);
    reserveOnHost(this, "VM", this.vmName, this.host);
    this.validateShutdown(props);
    this.validateTitle(props.title);
    this.validateHostPaths(props);

    this.disks = this.addDisks(props);
    const { network, networks = [] } = props;
    this.interfaces = makeInterfaces(this, network === undefined ? networks : [{ network }, ...networks]);
    this.bootOrder = props.bootOrder;
    checkBootOrder(this, this.bootOrder ?? [], this.bootable);
    this.hardware = new MachineHardware(this, props);

    // Late: what can be added or changed after this, by methods, by a fleet or by a separation policy.
    this.resource = new Domain(this, "Default", {
      host: this.host.hostName,
      name: this.vmName,
      type: this.host.accelerator,
      title: literal(props.title),
      description: literal(props.description),
      ...makeMemory(this, props),
      ...makeTuning(this, props),
      machine: props.machine?.name,
      cpu: makeCpu(this.host, props.cpu),
      clock: makeClock(this, props.clock),
      features: makeFeatures(this, props.features),
      ...makeFirmware(this, props),
      kernel: props.kernel?.kernel,
      initrd: props.kernel?.initrd,
      cmdline: literal(props.kernel?.commandLine),
      disks: new Late(() => withBootOrder(this.bootOrder, this.bootable).disks),
      interfaces: new Late(() => withFilters(this, withBootOrder(this.bootOrder, this.bootable).interfaces)),
      memoryBacking: new Late(() => this.hardware.memoryBacking),
      devices: new Late(() => this.hardware.devices),
      xml: new Late(() => this.hardware.xml),
      serial: { logFile: literal(props.serialLog), logAppend: props.serialLogAppend },
      guestAgent: props.guestAgent,
      waitFor: makeWait(this, props.waitFor, {
        interfaces: Object.keys(this.interfaces),
        guestAgent: props.guestAgent === true,
      }),
      graphics: makeGraphics(this, props.graphics),
      autostart: props.autostart,
      state: props.state,
      shutdown: props.shutdown,
      onChange: props.onChange,
      migration: makeMigration(this, props.migration),
      lifecycle: this.disks.replacedWith.length > 0 ? { replaceTriggeredBy: this.disks.replacedWith } : undefined,
    });
    checkAddress(this.resource);
  }

  /** Its UUID, a reference. */
  public get uuid(): string {
    return this.resource.uuid;
  }

  /**
   * Its addresses, a reference: those that it has once it is there. Without waiting for one with `waitFor`, there may be none yet.
   *
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses
   */
  public addresses(source: AddressSource = "lease"): string[] {
    const id = `addresses-${source}`;
    const known = this.node.tryFindChild(id) as DataLibvirtDomainAddresses | undefined;
    const data =
      known ?? new DataLibvirtDomainAddresses(this, id, { host: this.resource.host, domain: this.uuid, source });
    return data.addresses;
  }

  /** MAC address of the interface of that name; undefined when there is none. */
  public macAddress(interfaceName: string): string | undefined {
    return this.interfaces[interfaceName]?.mac;
  }

  /**
   * Adds a CD-ROM drive, with something in it or empty.
   *
   * @returns the drive's name, such as `sda`
   */
  public attachCdrom(cdrom: CdromAttachment = {}): string {
    return this.disks.addCdrom(cdrom);
  }

  /**
   * Shares a directory of the host with it.
   *
   * @example
   * vm.shareDirectory({ path: "/srv/photos", tag: "photos" });
   */
  public shareDirectory(share: DirectoryShare): void {
    this.hardware.addDirectory(share);
  }

  /**
   * Gives it a device of its host. A machine that has one can't move while it runs.
   *
   * @example
   * vm.passThrough("gpu", { pci: "0000:05:00.0" });
   */
  public passThrough(name: string, device: HostDevice): void {
    this.hardware.addDevice(name, device);
  }

  /**
   * Adds an element of libvirt's XML that nothing else here stands for.
   *
   * @example
   * vm.addXml("hub", { under: "devices", element: '<hub type="usb"/>' });
   *
   * @see https://libvirt.org/formatdomain.html
   */
  public addXml(name: string, xml: MachineXml): void {
    this.hardware.addXml(name, xml);
  }

  private get bootable(): Bootable {
    return { disks: this.disks.disks, interfaces: this.interfaces, root: this.disks.root };
  }

  private addDisks(props: VirtualMachineProps): MachineDisks {
    const disks = new MachineDisks(this);
    disks.addRoot(props);
    for (const disk of props.disks ?? []) {
      disks.addDisk(disk);
    }
    for (const cdrom of props.cdroms ?? []) {
      disks.addCdrom(cdrom);
    }
    if (props.cloudInit !== undefined) {
      disks.addCloudInit(props.cloudInit, props.pool ?? props.image?.pool);
    }
    return disks;
  }

  private validateShutdown({ shutdown, guestAgent }: VirtualMachineProps): void {
    checkWhole(this, "shutdown.timeout", shutdown?.timeout, { least: 0 });
    if (shutdown?.mode === "agent" && guestAgent !== true) {
      addError(this, "'shutdown.mode' must be 'acpi' for a machine without a 'guestAgent', got 'agent'; turn that on");
    }
  }

  private validateTitle(title: string | undefined): void {
    if (title !== undefined && !Token.isUnresolved(title) && title.includes("\n")) {
      addError(this, `'title' must be one line, got ${JSON.stringify(title)}; use 'description' for more`);
    }
  }

  private validateHostPaths({ kernel, serialLog, serialLogAppend }: VirtualMachineProps): void {
    if (serialLogAppend === true && serialLog === undefined) {
      addError(this, "'serialLogAppend' must go with a 'serialLog', got it alone; say which file");
    }
    const paths = { "kernel.kernel": kernel?.kernel, "kernel.initrd": kernel?.initrd, serialLog };
    for (const [property, path] of Object.entries(paths)) {
      if (path !== undefined && !Token.isUnresolved(path) && !path.startsWith("/")) {
        addError(this, `'${property}' must be absolute, got '${path}'; write it from the root of the host, '/'`);
      }
    }
  }
}

function literal(text: string | undefined): string | undefined {
  return text === undefined ? undefined : templateLiteral(text);
}

class ExistingVirtualMachine extends Construct implements IVirtualMachine {
  public readonly host: IHost;
  public readonly vmName: string;

  constructor(scope: Construct, id: string, attributes: VirtualMachineAttributes) {
    super(scope, id);
    this.host = attributes.host;
    this.vmName = attributes.vmName;

    checkHost(this, this.host);
    checkName(this, "vmName", this.vmName);
  }
}
