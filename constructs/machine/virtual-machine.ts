import { DataLibvirtDomainAddresses, type Domain, type DomainInterfaces } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { movedFrom } from "../core/formerly";
import { Late } from "../core/late";
import { checkName } from "../core/names";
import { checkWhole } from "../core/numbers";
import { checkAddress } from "../core/resource-address";
import { templateLiteral } from "../core/template-literal";
import { XmlElements } from "../core/xml-elements";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import type { DirectoryShare, HostDevice } from "./devices";
import type { CdromAttachment } from "./disks";
import { type BootDevices, checkBootOrder, withBootOrder } from "./private/boot-order";
import { makeClock } from "./private/clock";
import { makeConfinement } from "./private/confinement";
import { makeCpu } from "./private/cpu";
import { MachineDisks } from "./private/disks";
import { makeFeatures } from "./private/features";
import { makeFirmware } from "./private/firmware";
import { makeGraphics } from "./private/graphics";
import { MachineHardware } from "./private/hardware";
import { makeInterfaces, withFilters } from "./private/interfaces";
import { makeMemory } from "./private/memory";
import { makeMigration } from "./private/migration";
import { OverridableDomain } from "./private/overridable-domain";
import { type PlacedProps, placeMachine } from "./private/place-machine";
import { makeTuning } from "./private/resources";
import { makeRollout } from "./private/rollout";
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
 * A virtual machine with its disks, its cloud-init data and its network interfaces.
 *
 * Create it in the scope of the stack, not of a host: its Terraform address and its MAC addresses are derived from the
 * scope and must stay the same when the machine migrates. To migrate it, change `host` together with the image, pool
 * and networks that it uses there. Its disks are moved with it. With a `Fleet` as `host`, `kvm-fleet place` decides the host.
 *
 * If its id or its scope changes, set `formerly`. Otherwise the deployment destroys the machine with its disk, and creates
 * another.
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
  /**
   * Refers to an existing machine, which Terraform does not manage. Use it to take snapshots of the machine, for
   * example.
   */
  public static fromVirtualMachineAttributes(
    scope: Construct,
    id: string,
    attributes: VirtualMachineAttributes,
  ): IVirtualMachine {
    return new ExistingVirtualMachine(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly vmName: string;
  /** Tags by which a SeparationPolicy selects the machine. */
  public readonly tags: readonly string[];
  private readonly disks: MachineDisks;
  private readonly interfaces: Record<string, DomainInterfaces>;
  private readonly bootOrder?: readonly string[];
  private readonly resource: Domain;
  private readonly hardware: MachineHardware;
  private readonly elements: XmlElements;

  constructor(scope: Construct, id: string, requested: VirtualMachineProps) {
    super(scope, id);
    movedFrom(this, requested.formerly);
    const props = placeMachine(this, requested);
    this.host = props.host;
    this.vmName = props.vmName ?? originalId(this);
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
    checkBootOrder(this, this.bootOrder ?? [], this.bootDevices);
    this.hardware = new MachineHardware(this, props);
    this.elements = new XmlElements(this, props.xml);
    if (this.disks.fwCfg !== undefined) {
      this.elements.add("seed", { element: this.disks.fwCfg });
    }

    // Late: what methods, a fleet or a separation policy can still change after this.
    this.resource = new OverridableDomain(this, "Default", {
      host: this.host.hostName,
      name: this.vmName,
      type: props.accelerator ?? this.host.accelerator,
      arch: props.architecture?.name,
      title: templateLiteral(props.title),
      description: templateLiteral(props.description),
      ...makeMemory(this, props),
      ...makeTuning(this, props),
      machine: props.machine?.name,
      cpu: makeCpu(this, this.host, props),
      clock: makeClock(this, props.clock),
      features: makeFeatures(this, props.features),
      ...makeFirmware(this, props),
      kernel: props.kernel?.kernel,
      initrd: props.kernel?.initrd,
      cmdline: templateLiteral(props.kernel?.commandLine),
      disks: new Late(() => withBootOrder(this.bootOrder, this.bootDevices).disks),
      interfaces: new Late(() => withFilters(this, withBootOrder(this.bootOrder, this.bootDevices).interfaces)),
      memoryBacking: new Late(() => this.hardware.memoryBacking),
      devices: new Late(() => this.hardware.devices),
      xml: new Late(() => this.elements.rendered),
      serial: { logFile: templateLiteral(props.serialLog), logAppend: props.serialLogAppend },
      guestAgent: props.guestAgent,
      waitFor: makeWait(this, props.waitFor, {
        interfaces: Object.keys(this.interfaces),
        guestAgent: props.guestAgent === true,
      }),
      graphics: makeGraphics(this, props.graphics),
      seclabel: makeConfinement(this, props.confinement),
      autostart: props.autostart,
      protect: props.protect,
      state: props.state,
      shutdown: props.shutdown,
      onChange: props.onChange,
      rollout: makeRollout(props.rollingGroup),
      migration: makeMigration(this, props.migration),
      lifecycle: this.disks.replaceTriggers.length > 0 ? { replaceTriggeredBy: this.disks.replaceTriggers } : undefined,
    });
    checkAddress(this.resource);
  }

  /** The UUID of the machine, a reference. */
  public get uuid(): string {
    return this.resource.uuid;
  }

  /**
   * What confines the running machine, as its host reports it, a reference: `apparmor: libvirt-UUID (enforcing)`. Null if the
   * machine is off, or the host has neither SELinux nor AppArmor.
   */
  public get confinedBy(): string {
    return this.resource.confinedBy;
  }

  /**
   * The addresses of the machine, a reference. They are read after the machine is created or changed. A machine that
   * has just started may not have an address yet: set `waitFor` to wait for one.
   *
   * @param source where the addresses are read from
   * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses
   */
  public addresses(source: AddressSource = "lease"): string[] {
    const id = `addresses-${source}`;
    const known = this.node.tryFindChild(id) as DataLibvirtDomainAddresses | undefined;
    const data =
      known ?? new DataLibvirtDomainAddresses(this, id, { host: this.resource.host, domain: this.uuid, source });
    return data.addresses;
  }

  /** MAC address of the interface with that name. Undefined if there is no such interface. */
  public macAddress(interfaceName: string): string | undefined {
    return this.interfaces[interfaceName]?.mac;
  }

  /**
   * Adds a CD-ROM drive, empty or with a medium.
   *
   * @returns the target of the drive, such as `sda`
   */
  public attachCdrom(cdrom: CdromAttachment = {}): string {
    return this.disks.addCdrom(cdrom);
  }

  /**
   * Shares a directory of the host with the machine.
   *
   * @example
   * vm.shareDirectory({ path: "/srv/photos", tag: "photos" });
   */
  public shareDirectory(share: DirectoryShare): void {
    this.hardware.addDirectory(share);
  }

  /**
   * Passes a device of the host through to the machine. A machine with such a device cannot migrate while it runs.
   *
   * @example
   * vm.passThrough("gpu", { pci: "0000:05:00.0" });
   *
   * @param name name of the device in plans: letters, digits, '-' and '_'
   */
  public passThrough(name: string, device: HostDevice): void {
    this.hardware.addDevice(name, device);
  }

  /**
   * Adds an element or attributes to libvirt's XML that no other property represents.
   *
   * @example
   * vm.addXml("hub", { under: "devices", element: '<hub type="usb"/>' });
   * vm.addXml("queue", { under: "devices/disk[vda]/driver", attributes: { queue_size: "1024" } });
   *
   * @param name name of the element in plans: letters, digits, '-' and '_'
   * @see https://libvirt.org/formatdomain.html
   */
  public addXml(name: string, xml: MachineXml): void {
    this.elements.add(name, xml);
  }

  private get bootDevices(): BootDevices {
    return { disks: this.disks.disks, interfaces: this.interfaces, root: this.disks.root };
  }

  private addDisks(props: PlacedProps): MachineDisks {
    const disks = new MachineDisks(this, props);
    disks.addRoot(props);
    for (const disk of props.disks ?? []) {
      disks.addDisk(disk, props.protect);
    }
    for (const cdrom of props.cdroms ?? []) {
      disks.addCdrom(cdrom);
    }
    disks.addSeed(props);
    return disks;
  }

  private validateShutdown({ shutdown, guestAgent }: VirtualMachineProps): void {
    checkWhole(this, "shutdown.timeout", shutdown?.timeout, { least: 0 });
    if (shutdown?.mode === "agent" && guestAgent !== true) {
      addError(this, "'shutdown.mode' of 'agent' requires 'guestAgent'; set 'guestAgent' to true");
    }
  }

  private validateTitle(title: string | undefined): void {
    if (title !== undefined && !Token.isUnresolved(title) && title.includes("\n")) {
      addError(this, `'title' must be a single line, got ${JSON.stringify(title)}; use 'description' for longer texts`);
    }
  }

  private validateHostPaths({ kernel, serialLog, serialLogAppend }: VirtualMachineProps): void {
    if (serialLogAppend === true && serialLog === undefined) {
      addError(this, "'serialLogAppend' requires 'serialLog'; set the path of the file");
    }
    const paths = { "kernel.kernel": kernel?.kernel, "kernel.initrd": kernel?.initrd, serialLog };
    for (const [property, path] of Object.entries(paths)) {
      if (path !== undefined && !Token.isUnresolved(path) && !path.startsWith("/")) {
        addError(this, `'${property}' must be an absolute path, got '${path}'; begin it with '/'`);
      }
    }
  }
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
