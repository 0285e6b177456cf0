// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type TerraformMetaArguments,
  TerraformResource,
  TerraformProvider,
  type IResolvable,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedSingle, nestedMap, toHclAttributes } from "../binding";

/**
 * A virtual machine. Changes are made in its definition, which keeps all that is not named here; what a running
 * guest can't take over at once is in effect after its next start. Destroying it shuts the guest down and removes
 * the definition; its volumes stay.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatdomain.html
 */
export interface DomainConfig extends TerraformMetaArguments {
  /** The CPU architecture. Unset: the host's. A change replaces the object. */
  readonly arch?: string;

  /** Whether libvirt starts the domain when the host starts. Default: `false`. */
  readonly autostart?: boolean | IResolvable;

  /** Its command line. A change is in effect after the guest's next start. */
  readonly cmdline?: string;

  /**
   * The virtual CPU. Unset: libvirt's own choice, which every host can run. A change is in effect after the guest's
   * next start.
   */
  readonly cpu?: DomainCpu | IResolvable;

  /** A text for people. */
  readonly description?: string;

  /**
   * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. A change is in effect after the guest's
   * next start.
   */
  readonly disks?: Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable;

  /**
   * `efi` is UEFI, with variables of the domain's own that libvirt makes and removes. One of `bios`, `efi`. Default:
   * `bios`. A change is in effect after the guest's next start.
   */
  readonly firmware?: string;

  /** A graphical console. A change is in effect after the guest's next start. */
  readonly graphics?: DomainGraphics | IResolvable;

  /** A channel for the QEMU guest agent. Default: `false`. A change is in effect after the guest's next start. */
  readonly guestAgent?: boolean | IResolvable;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** Its initial ramdisk, on the host. A change is in effect after the guest's next start. */
  readonly initrd?: string;

  /** The network interfaces, by a name of yours. A change is in effect after the guest's next start. */
  readonly interfaces?: Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable;

  /** A kernel on the host to boot directly. A change is in effect after the guest's next start. */
  readonly kernel?: string;

  /**
   * The machine type: `q35`, `pc`, or one with its version such as `pc-q35-7.2`. A name without a version is the
   * newest that the host had when the domain was defined. Unset: `q35`. A change is in effect after the guest's next
   * start.
   */
  readonly machine?: string;

  /** The memory, in KiB. A change is in effect after the guest's next start. */
  readonly memory: number;

  /** The domain's name. A change replaces the object. */
  readonly name: string;

  /** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
  readonly serial?: DomainSerial | IResolvable;

  /**
   * How many seconds the guest has to shut down, when it is stopped or destroyed, before its power is cut. 0 cuts it
   * at once. Default: `30`.
   */
  readonly shutdownTimeout?: number;

  /**
   * What the domain is to be. It reads as `paused`, `saved` or `crashed` where it is that. One of `running`,
   * `stopped`. Default: `running`.
   */
  readonly state?: string;

  /** A short line for people. */
  readonly title?: string;

  /**
   * What runs the guest's code: `kvm`, or `qemu` in software where a host has no usable KVM. One of `kvm`, `qemu`.
   * Default: `kvm`. A change is in effect after the guest's next start.
   */
  readonly type?: string;

  /** The UUID by which libvirt, and the guest, know the domain. A change replaces the object. */
  readonly uuid?: string;

  /** The number of virtual CPUs. A change is in effect after the guest's next start. */
  readonly vcpu: number;
}

/**
 * The virtual CPU. Unset: libvirt's own choice, which every host can run. A change is in effect after the guest's
 * next start.
 */
export interface DomainCpu {
  /**
   * `host-passthrough` is the host's CPU itself, `host-model` the nearest named model, `maximum` all that the
   * accelerator can do, `custom` the `model`. One of `host-passthrough`, `host-model`, `maximum`, `custom`. A change
   * is in effect after the guest's next start.
   */
  readonly mode: string;

  /** The model, with mode `custom`: for example `Skylake-Server`. A change is in effect after the guest's next start. */
  readonly model?: string;
}

/**
 * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. A change is in effect after the guest's
 * next start.
 */
export interface DomainDisks {
  /**
   * How it is attached. A cdrom can't be on `virtio`. One of `virtio`, `sata`, `scsi`, `ide`, `usb`. Default:
   * `virtio`. A change is in effect after the guest's next start.
   */
  readonly bus?: string;

  /**
   * What the guest sees. One of `disk`, `cdrom`. Default: `disk`. A change is in effect after the guest's next
   * start.
   */
  readonly device?: string;

  /** The image's path on the host, for example a volume's `path`. A change is in effect after the guest's next start. */
  readonly file: string;

  /** The image's format. One of `qcow2`, `raw`. Default: `qcow2`. A change is in effect after the guest's next start. */
  readonly format?: string;
}

/** A graphical console. A change is in effect after the guest's next start. */
export interface DomainGraphics {
  /** The host's address that it listens on. Default: `127.0.0.1`. A change is in effect after the guest's next start. */
  readonly listen?: string;

  /**
   * Its password; with `vnc` it has at most 8 characters. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly password?: string;

  /** Its port. Unset: libvirt chooses a free one at each start. A change is in effect after the guest's next start. */
  readonly port?: number;

  /** Its protocol. One of `vnc`, `spice`. A change is in effect after the guest's next start. */
  readonly type: string;
}

/** The network interfaces, by a name of yours. A change is in effect after the guest's next start. */
export interface DomainInterfaces {
  /** The MAC address. Unset: libvirt chooses one, once. A change is in effect after the guest's next start. */
  readonly mac?: string;

  /**
   * What the guest sees: `virtio`, `e1000e`, ... Default: `virtio`. A change is in effect after the guest's next
   * start.
   */
  readonly model?: string;

  /** The name of the network, on the same host. A change is in effect after the guest's next start. */
  readonly network: string;
}

/** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
export interface DomainSerial {
  /**
   * Whether the log goes on through a restart; otherwise each start begins it anew. Default: `false`. A change is in
   * effect after the guest's next start.
   */
  readonly logAppend?: boolean | IResolvable;

  /**
   * A file on the host that gets all that the guest writes to it. A change is in effect after the guest's next
   * start.
   */
  readonly logFile?: string;
}

/**
 * A virtual machine. Changes are made in its definition, which keeps all that is not named here; what a running
 * guest can't take over at once is in effect after its next start. Destroying it shuts the guest down and removes
 * the definition; its volumes stay.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatdomain.html
 *
 * Reading an attribute gives a reference that Terraform fills in; `…Input` gives what was set here.
 */
export class Domain extends TerraformResource {
  public static readonly tfResourceType = "libvirt_domain";

  /**
   * Writes an import block: `cdktf diff` then shows the configuration of the object that exists already.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId what `terraform import` takes for it
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: Domain.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<DomainConfig>;

  constructor(scope: Construct, id: string, config: DomainConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Domain.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** The CPU architecture. Unset: the host's. A change replaces the object. */
  public get arch(): string {
    return this.getStringAttribute("arch");
  }

  public set arch(value: string | undefined) {
    this.inputs.arch = value;
  }

  public get archInput(): string | undefined {
    return this.inputs.arch;
  }

  /** Whether libvirt starts the domain when the host starts. Default: `false`. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  public set autostart(value: boolean | IResolvable | undefined) {
    this.inputs.autostart = value;
  }

  public get autostartInput(): boolean | IResolvable | undefined {
    return this.inputs.autostart;
  }

  /** Its command line. A change is in effect after the guest's next start. */
  public get cmdline(): string {
    return this.getStringAttribute("cmdline");
  }

  public set cmdline(value: string | undefined) {
    this.inputs.cmdline = value;
  }

  public get cmdlineInput(): string | undefined {
    return this.inputs.cmdline;
  }

  /**
   * The virtual CPU. Unset: libvirt's own choice, which every host can run. A change is in effect after the guest's
   * next start.
   */
  public get cpu(): IResolvable {
    return this.interpolationForAttribute("cpu");
  }

  public set cpu(value: DomainCpu | IResolvable | undefined) {
    this.inputs.cpu = value;
  }

  public get cpuInput(): DomainCpu | IResolvable | undefined {
    return this.inputs.cpu;
  }

  /** A text for people. */
  public get description(): string {
    return this.getStringAttribute("description");
  }

  public set description(value: string | undefined) {
    this.inputs.description = value;
  }

  public get descriptionInput(): string | undefined {
    return this.inputs.description;
  }

  /**
   * The disks, by the device name that orders them: `vda`, `vdb`, `sda`. A change is in effect after the guest's
   * next start.
   */
  public get disks(): IResolvable {
    return this.interpolationForAttribute("disks");
  }

  public set disks(value: Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable | undefined) {
    this.inputs.disks = value;
  }

  public get disksInput(): Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable | undefined {
    return this.inputs.disks;
  }

  /**
   * `efi` is UEFI, with variables of the domain's own that libvirt makes and removes. One of `bios`, `efi`. Default:
   * `bios`. A change is in effect after the guest's next start.
   */
  public get firmware(): string {
    return this.getStringAttribute("firmware");
  }

  public set firmware(value: string | undefined) {
    this.inputs.firmware = value;
  }

  public get firmwareInput(): string | undefined {
    return this.inputs.firmware;
  }

  /** A graphical console. A change is in effect after the guest's next start. */
  public get graphics(): IResolvable {
    return this.interpolationForAttribute("graphics");
  }

  public set graphics(value: DomainGraphics | IResolvable | undefined) {
    this.inputs.graphics = value;
  }

  public get graphicsInput(): DomainGraphics | IResolvable | undefined {
    return this.inputs.graphics;
  }

  /** A channel for the QEMU guest agent. Default: `false`. A change is in effect after the guest's next start. */
  public get guestAgent(): IResolvable {
    return this.getBooleanAttribute("guest_agent");
  }

  public set guestAgent(value: boolean | IResolvable | undefined) {
    this.inputs.guestAgent = value;
  }

  public get guestAgentInput(): boolean | IResolvable | undefined {
    return this.inputs.guestAgent;
  }

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** What `terraform import` takes: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** Its initial ramdisk, on the host. A change is in effect after the guest's next start. */
  public get initrd(): string {
    return this.getStringAttribute("initrd");
  }

  public set initrd(value: string | undefined) {
    this.inputs.initrd = value;
  }

  public get initrdInput(): string | undefined {
    return this.inputs.initrd;
  }

  /** The network interfaces, by a name of yours. A change is in effect after the guest's next start. */
  public get interfaces(): IResolvable {
    return this.interpolationForAttribute("interfaces");
  }

  public set interfaces(value: Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable | undefined) {
    this.inputs.interfaces = value;
  }

  public get interfacesInput(): Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable | undefined {
    return this.inputs.interfaces;
  }

  /** A kernel on the host to boot directly. A change is in effect after the guest's next start. */
  public get kernel(): string {
    return this.getStringAttribute("kernel");
  }

  public set kernel(value: string | undefined) {
    this.inputs.kernel = value;
  }

  public get kernelInput(): string | undefined {
    return this.inputs.kernel;
  }

  /**
   * The machine type: `q35`, `pc`, or one with its version such as `pc-q35-7.2`. A name without a version is the
   * newest that the host had when the domain was defined. Unset: `q35`. A change is in effect after the guest's next
   * start.
   */
  public get machine(): string {
    return this.getStringAttribute("machine");
  }

  public set machine(value: string | undefined) {
    this.inputs.machine = value;
  }

  public get machineInput(): string | undefined {
    return this.inputs.machine;
  }

  /** The memory, in KiB. A change is in effect after the guest's next start. */
  public get memory(): number {
    return this.getNumberAttribute("memory");
  }

  public set memory(value: number) {
    this.inputs.memory = value;
  }

  public get memoryInput(): number {
    return this.inputs.memory;
  }

  /** The domain's name. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** A serial port with the console on it (`virsh console`). A change is in effect after the guest's next start. */
  public get serial(): IResolvable {
    return this.interpolationForAttribute("serial");
  }

  public set serial(value: DomainSerial | IResolvable | undefined) {
    this.inputs.serial = value;
  }

  public get serialInput(): DomainSerial | IResolvable | undefined {
    return this.inputs.serial;
  }

  /**
   * How many seconds the guest has to shut down, when it is stopped or destroyed, before its power is cut. 0 cuts it
   * at once. Default: `30`.
   */
  public get shutdownTimeout(): number {
    return this.getNumberAttribute("shutdown_timeout");
  }

  public set shutdownTimeout(value: number | undefined) {
    this.inputs.shutdownTimeout = value;
  }

  public get shutdownTimeoutInput(): number | undefined {
    return this.inputs.shutdownTimeout;
  }

  /**
   * What the domain is to be. It reads as `paused`, `saved` or `crashed` where it is that. One of `running`,
   * `stopped`. Default: `running`.
   */
  public get state(): string {
    return this.getStringAttribute("state");
  }

  public set state(value: string | undefined) {
    this.inputs.state = value;
  }

  public get stateInput(): string | undefined {
    return this.inputs.state;
  }

  /** A short line for people. */
  public get title(): string {
    return this.getStringAttribute("title");
  }

  public set title(value: string | undefined) {
    this.inputs.title = value;
  }

  public get titleInput(): string | undefined {
    return this.inputs.title;
  }

  /**
   * What runs the guest's code: `kvm`, or `qemu` in software where a host has no usable KVM. One of `kvm`, `qemu`.
   * Default: `kvm`. A change is in effect after the guest's next start.
   */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  public set type(value: string | undefined) {
    this.inputs.type = value;
  }

  public get typeInput(): string | undefined {
    return this.inputs.type;
  }

  /** The UUID by which libvirt, and the guest, know the domain. A change replaces the object. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  public set uuid(value: string | undefined) {
    this.inputs.uuid = value;
  }

  public get uuidInput(): string | undefined {
    return this.inputs.uuid;
  }

  /** The number of virtual CPUs. A change is in effect after the guest's next start. */
  public get vcpu(): number {
    return this.getNumberAttribute("vcpu");
  }

  public set vcpu(value: number) {
    this.inputs.vcpu = value;
  }

  public get vcpuInput(): number {
    return this.inputs.vcpu;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      arch: this.inputs.arch,
      autostart: this.inputs.autostart,
      cmdline: this.inputs.cmdline,
      cpu: nestedSingle(this.inputs.cpu, domainCpuToTerraform),
      description: this.inputs.description,
      disks: nestedMap(this.inputs.disks, domainDisksToTerraform),
      firmware: this.inputs.firmware,
      graphics: nestedSingle(this.inputs.graphics, domainGraphicsToTerraform),
      guest_agent: this.inputs.guestAgent,
      host: this.inputs.host,
      initrd: this.inputs.initrd,
      interfaces: nestedMap(this.inputs.interfaces, domainInterfacesToTerraform),
      kernel: this.inputs.kernel,
      machine: this.inputs.machine,
      memory: this.inputs.memory,
      name: this.inputs.name,
      serial: nestedSingle(this.inputs.serial, domainSerialToTerraform),
      shutdown_timeout: this.inputs.shutdownTimeout,
      state: this.inputs.state,
      title: this.inputs.title,
      type: this.inputs.type,
      uuid: this.inputs.uuid,
      vcpu: this.inputs.vcpu,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function domainCpuToTerraform(value: DomainCpu): Record<string, unknown> {
  return {
    mode: value.mode,
    model: value.model,
  };
}

function domainDisksToTerraform(value: DomainDisks): Record<string, unknown> {
  return {
    bus: value.bus,
    device: value.device,
    file: value.file,
    format: value.format,
  };
}

function domainGraphicsToTerraform(value: DomainGraphics): Record<string, unknown> {
  return {
    listen: value.listen,
    password: value.password,
    port: value.port,
    type: value.type,
  };
}

function domainInterfacesToTerraform(value: DomainInterfaces): Record<string, unknown> {
  return {
    mac: value.mac,
    model: value.model,
    network: value.network,
  };
}

function domainSerialToTerraform(value: DomainSerial): Record<string, unknown> {
  return {
    log_append: value.logAppend,
    log_file: value.logFile,
  };
}
