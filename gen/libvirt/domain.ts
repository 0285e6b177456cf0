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

/** A virtual machine. */
export interface DomainConfig extends TerraformMetaArguments {
  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  readonly host: string;

  /** The domain's name, unique on its host. A change replaces it. */
  readonly name: string;

  /** The domain's UUID. A change replaces it. */
  readonly uuid?: string;

  /** `kvm` or `qemu`. Default: kvm. */
  readonly type?: string;

  /** A short title. */
  readonly title?: string;

  /** What it is for. */
  readonly description?: string;

  /** Number of virtual CPUs. */
  readonly vcpu: number;

  /** Memory in KiB. */
  readonly memory: number;

  /** Architecture; the host's own when unset. */
  readonly arch?: string;

  /** Machine type; the host's default when unset. */
  readonly machine?: string;

  /** CPU model; the host's default when unset. */
  readonly cpu?: DomainCpu | IResolvable;

  /** `bios` or `efi`. Default: bios. */
  readonly firmware?: string;

  /** Kernel to boot directly, a path on the host. */
  readonly kernel?: string;

  /** Its initial ramdisk, a path on the host. */
  readonly initrd?: string;

  /** Its command line. */
  readonly cmdline?: string;

  /** Disks, keyed by target device: `vda`. */
  readonly disks?: Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable;

  /** Network interfaces, keyed by a name of yours: `lan`. */
  readonly interfaces?: Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable;

  /** Serial console. */
  readonly serial?: DomainSerial | IResolvable;

  /** Whether there is a channel for the QEMU guest agent. Default: false. */
  readonly guestAgent?: boolean | IResolvable;

  /** Graphical console. */
  readonly graphics?: DomainGraphics | IResolvable;

  /** Whether libvirt starts it with the host. Default: false. */
  readonly autostart?: boolean | IResolvable;

  /** `running` or `stopped`. Default: running. */
  readonly state?: string;

  /** Seconds to wait for an orderly shutdown. Default: 30. */
  readonly shutdownTimeout?: number;
}

/** CPU model; the host's default when unset. */
export interface DomainCpu {
  /** `host-passthrough`, `host-model`, `maximum` or `custom`. */
  readonly mode: string;

  /** Model for `custom`. */
  readonly model?: string;
}

/** Disks, keyed by target device: `vda`. */
export interface DomainDisks {
  /** Path of its image on the host. */
  readonly file: string;

  /** `qcow2` or `raw`. Default: qcow2. */
  readonly format?: string;

  /** `disk` or `cdrom`. Default: disk. */
  readonly device?: string;

  /** `virtio`, `sata`, `scsi`, `ide` or `usb`. Default: virtio. */
  readonly bus?: string;
}

/** Network interfaces, keyed by a name of yours: `lan`. */
export interface DomainInterfaces {
  /** Name of the network on the host. */
  readonly network: string;

  /** MAC address; libvirt chooses when unset. */
  readonly mac?: string;

  /** Model. Default: virtio. */
  readonly model?: string;
}

/** Serial console. */
export interface DomainSerial {
  /** File on the host that all its output goes to. */
  readonly logFile?: string;

  /** Whether the log is kept when the domain starts. Default: false. */
  readonly logAppend?: boolean | IResolvable;
}

/** Graphical console. */
export interface DomainGraphics {
  /** `vnc` or `spice`. */
  readonly type: string;

  /** Address on the host. Default: 127.0.0.1. */
  readonly listen?: string;

  /** Port; libvirt chooses when unset. */
  readonly port?: number;

  /**
   * Password.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly password?: string;
}

/**
 * A virtual machine.
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

  /** What `terraform import` takes for it. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** The domain's name, unique on its host. A change replaces it. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The domain's UUID. A change replaces it. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  public set uuid(value: string | undefined) {
    this.inputs.uuid = value;
  }

  public get uuidInput(): string | undefined {
    return this.inputs.uuid;
  }

  /** `kvm` or `qemu`. Default: kvm. */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  public set type(value: string | undefined) {
    this.inputs.type = value;
  }

  public get typeInput(): string | undefined {
    return this.inputs.type;
  }

  /** A short title. */
  public get title(): string {
    return this.getStringAttribute("title");
  }

  public set title(value: string | undefined) {
    this.inputs.title = value;
  }

  public get titleInput(): string | undefined {
    return this.inputs.title;
  }

  /** What it is for. */
  public get description(): string {
    return this.getStringAttribute("description");
  }

  public set description(value: string | undefined) {
    this.inputs.description = value;
  }

  public get descriptionInput(): string | undefined {
    return this.inputs.description;
  }

  /** Number of virtual CPUs. */
  public get vcpu(): number {
    return this.getNumberAttribute("vcpu");
  }

  public set vcpu(value: number) {
    this.inputs.vcpu = value;
  }

  public get vcpuInput(): number {
    return this.inputs.vcpu;
  }

  /** Memory in KiB. */
  public get memory(): number {
    return this.getNumberAttribute("memory");
  }

  public set memory(value: number) {
    this.inputs.memory = value;
  }

  public get memoryInput(): number {
    return this.inputs.memory;
  }

  /** Architecture; the host's own when unset. */
  public get arch(): string {
    return this.getStringAttribute("arch");
  }

  public set arch(value: string | undefined) {
    this.inputs.arch = value;
  }

  public get archInput(): string | undefined {
    return this.inputs.arch;
  }

  /** Machine type; the host's default when unset. */
  public get machine(): string {
    return this.getStringAttribute("machine");
  }

  public set machine(value: string | undefined) {
    this.inputs.machine = value;
  }

  public get machineInput(): string | undefined {
    return this.inputs.machine;
  }

  /** CPU model; the host's default when unset. */
  public get cpu(): IResolvable {
    return this.interpolationForAttribute("cpu");
  }

  public set cpu(value: DomainCpu | IResolvable | undefined) {
    this.inputs.cpu = value;
  }

  public get cpuInput(): DomainCpu | IResolvable | undefined {
    return this.inputs.cpu;
  }

  /** `bios` or `efi`. Default: bios. */
  public get firmware(): string {
    return this.getStringAttribute("firmware");
  }

  public set firmware(value: string | undefined) {
    this.inputs.firmware = value;
  }

  public get firmwareInput(): string | undefined {
    return this.inputs.firmware;
  }

  /** Kernel to boot directly, a path on the host. */
  public get kernel(): string {
    return this.getStringAttribute("kernel");
  }

  public set kernel(value: string | undefined) {
    this.inputs.kernel = value;
  }

  public get kernelInput(): string | undefined {
    return this.inputs.kernel;
  }

  /** Its initial ramdisk, a path on the host. */
  public get initrd(): string {
    return this.getStringAttribute("initrd");
  }

  public set initrd(value: string | undefined) {
    this.inputs.initrd = value;
  }

  public get initrdInput(): string | undefined {
    return this.inputs.initrd;
  }

  /** Its command line. */
  public get cmdline(): string {
    return this.getStringAttribute("cmdline");
  }

  public set cmdline(value: string | undefined) {
    this.inputs.cmdline = value;
  }

  public get cmdlineInput(): string | undefined {
    return this.inputs.cmdline;
  }

  /** Disks, keyed by target device: `vda`. */
  public get disks(): IResolvable {
    return this.interpolationForAttribute("disks");
  }

  public set disks(value: Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable | undefined) {
    this.inputs.disks = value;
  }

  public get disksInput(): Readonly<Record<string, DomainDisks | IResolvable>> | IResolvable | undefined {
    return this.inputs.disks;
  }

  /** Network interfaces, keyed by a name of yours: `lan`. */
  public get interfaces(): IResolvable {
    return this.interpolationForAttribute("interfaces");
  }

  public set interfaces(value: Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable | undefined) {
    this.inputs.interfaces = value;
  }

  public get interfacesInput(): Readonly<Record<string, DomainInterfaces | IResolvable>> | IResolvable | undefined {
    return this.inputs.interfaces;
  }

  /** Serial console. */
  public get serial(): IResolvable {
    return this.interpolationForAttribute("serial");
  }

  public set serial(value: DomainSerial | IResolvable | undefined) {
    this.inputs.serial = value;
  }

  public get serialInput(): DomainSerial | IResolvable | undefined {
    return this.inputs.serial;
  }

  /** Whether there is a channel for the QEMU guest agent. Default: false. */
  public get guestAgent(): IResolvable {
    return this.getBooleanAttribute("guest_agent");
  }

  public set guestAgent(value: boolean | IResolvable | undefined) {
    this.inputs.guestAgent = value;
  }

  public get guestAgentInput(): boolean | IResolvable | undefined {
    return this.inputs.guestAgent;
  }

  /** Graphical console. */
  public get graphics(): IResolvable {
    return this.interpolationForAttribute("graphics");
  }

  public set graphics(value: DomainGraphics | IResolvable | undefined) {
    this.inputs.graphics = value;
  }

  public get graphicsInput(): DomainGraphics | IResolvable | undefined {
    return this.inputs.graphics;
  }

  /** Whether libvirt starts it with the host. Default: false. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  public set autostart(value: boolean | IResolvable | undefined) {
    this.inputs.autostart = value;
  }

  public get autostartInput(): boolean | IResolvable | undefined {
    return this.inputs.autostart;
  }

  /** `running` or `stopped`. Default: running. */
  public get state(): string {
    return this.getStringAttribute("state");
  }

  public set state(value: string | undefined) {
    this.inputs.state = value;
  }

  public get stateInput(): string | undefined {
    return this.inputs.state;
  }

  /** Seconds to wait for an orderly shutdown. Default: 30. */
  public get shutdownTimeout(): number {
    return this.getNumberAttribute("shutdown_timeout");
  }

  public set shutdownTimeout(value: number | undefined) {
    this.inputs.shutdownTimeout = value;
  }

  public get shutdownTimeoutInput(): number | undefined {
    return this.inputs.shutdownTimeout;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      name: this.inputs.name,
      uuid: this.inputs.uuid,
      type: this.inputs.type,
      title: this.inputs.title,
      description: this.inputs.description,
      vcpu: this.inputs.vcpu,
      memory: this.inputs.memory,
      arch: this.inputs.arch,
      machine: this.inputs.machine,
      cpu: nestedSingle(this.inputs.cpu, domainCpuToTerraform),
      firmware: this.inputs.firmware,
      kernel: this.inputs.kernel,
      initrd: this.inputs.initrd,
      cmdline: this.inputs.cmdline,
      disks: nestedMap(this.inputs.disks, domainDisksToTerraform),
      interfaces: nestedMap(this.inputs.interfaces, domainInterfacesToTerraform),
      serial: nestedSingle(this.inputs.serial, domainSerialToTerraform),
      guest_agent: this.inputs.guestAgent,
      graphics: nestedSingle(this.inputs.graphics, domainGraphicsToTerraform),
      autostart: this.inputs.autostart,
      state: this.inputs.state,
      shutdown_timeout: this.inputs.shutdownTimeout,
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
    file: value.file,
    format: value.format,
    device: value.device,
    bus: value.bus,
  };
}

function domainInterfacesToTerraform(value: DomainInterfaces): Record<string, unknown> {
  return {
    network: value.network,
    mac: value.mac,
    model: value.model,
  };
}

function domainSerialToTerraform(value: DomainSerial): Record<string, unknown> {
  return {
    log_file: value.logFile,
    log_append: value.logAppend,
  };
}

function domainGraphicsToTerraform(value: DomainGraphics): Record<string, unknown> {
  return {
    type: value.type,
    listen: value.listen,
    port: value.port,
    password: value.password,
  };
}
