import { Domain, type DomainInterfaces } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { CloudInit } from "./cloud-init";
import { Cpu } from "./cpu";
import type { IHost } from "./host";
import type { MachineType } from "./machine-type";
import type { INetwork } from "./network";
import { refuse } from "./private/findings";
import { checkHost } from "./private/host-agreement";
import { MachineDisks } from "./private/machine-disks";
import { makeGraphics } from "./private/machine-graphics";
import { makeInterfaces } from "./private/machine-interfaces";
import { checkName, claimOnHost } from "./private/names";
import { checkAddress } from "./private/resource-address";
import { templateLiteral } from "./private/template-literal";
import { Size } from "./size";
import type { IStoragePool } from "./storage-pool";
import type { DiskAttachment, DiskBus, Graphics, KernelBoot, NetworkAttachment } from "./virtual-machine-devices";
import type { IVolume } from "./volume";

/** What starts the guest: a BIOS, or UEFI, which newer guests may ask for. */
export type Firmware = "bios" | "efi";

/** Whether a machine is to run. */
export type MachineState = "running" | "stopped";

/** A virtual machine, as other constructs refer to it. */
export interface IVirtualMachine extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly vmName: string;
}

/** Properties of a virtual machine. */
export interface VirtualMachineProps {
  /** The host it is on. */
  readonly host: IHost;

  /** Its memory, at least 64 MiB. */
  readonly memory: Size;

  /**
   * Number of virtual CPUs.
   *
   * @default 1
   */
  readonly vcpus?: number;

  /**
   * What its disk is a thin clone of, on the same host: a base image, or any volume that is not written to any more. Another
   * image replaces the disk, and the machine with it.
   *
   * @default - an empty disk of `diskSize`; no disk without that
   */
  readonly image?: IVolume;

  /**
   * Size of its disk, at least that of the image. It can be raised later, and never lowered.
   *
   * @default - the image's
   */
  readonly diskSize?: Size;

  /**
   * How its disk is connected.
   *
   * @default "virtio"
   */
  readonly diskBus?: DiskBus;

  /**
   * Where its disk and first-boot data are kept, on the same host.
   *
   * @default - the image's pool; required without an image where something is to be kept
   */
  readonly pool?: IStoragePool;

  /**
   * Disks besides the one that it boots from.
   *
   * @default - none
   */
  readonly disks?: readonly DiskAttachment[];

  /**
   * The network of its only interface, with an address by DHCP: short for `networks: [{ network }]`.
   *
   * @default - none
   */
  readonly network?: INetwork;

  /**
   * Its network interfaces, after that of `network`.
   *
   * @default - none
   */
  readonly networks?: readonly NetworkAttachment[];

  /**
   * What it is told when it boots for the first time.
   *
   * @default - nothing
   */
  readonly cloudInit?: CloudInit;

  /**
   * What processor the guest sees.
   *
   * Where hosts are themselves virtual, KVM may refuse to start it with theirs: name a model, such as `qemu64`, there.
   *
   * @default - that of the host, as nearly as libvirt knows it by name; under emulation QEMU's own
   */
  readonly cpu?: Cpu;

  /**
   * What board the guest finds itself on.
   *
   * @default - the hypervisor's own
   */
  readonly machine?: MachineType;

  /**
   * What starts the guest.
   *
   * @default "bios"
   */
  readonly firmware?: Firmware;

  /**
   * A kernel that is started without a boot loader.
   *
   * @default - the boot loader on its disk
   */
  readonly kernel?: KernelBoot;

  /**
   * Absolute path of a file on the host that keeps what the serial console prints; begun anew with every start.
   *
   * @default - none: the serial console is there, and not kept
   */
  readonly serialLog?: string;

  /**
   * Whether there is a channel for the QEMU guest agent.
   *
   * @default false
   */
  readonly guestAgent?: boolean;

  /**
   * A screen that can be looked at from outside.
   *
   * @default - none
   */
  readonly graphics?: Graphics;

  /**
   * Whether libvirt starts it with the host.
   *
   * @default false
   */
  readonly autostart?: boolean;

  /**
   * Whether it is to run.
   *
   * @default "running"
   */
  readonly state?: MachineState;

  /**
   * Seconds that the guest has for an orderly shutdown.
   *
   * @default 30
   */
  readonly shutdownTimeout?: number;

  /**
   * A few words on one line, as lists show them.
   *
   * @default - none
   */
  readonly title?: string;

  /**
   * What it is for.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * Its name on the host. A change replaces the machine.
   *
   * @default - the construct's id
   */
  readonly vmName?: string;
}

const smallestMemory = Size.mebibytes(64);

/**
 * A virtual machine with its disk, its first-boot data and its network interfaces.
 *
 * Make it in the stack rather than in a host's scope: its Terraform address and its MAC addresses follow from where it
 * is made, and are to stay the same when it moves to another host.
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
  public readonly host: IHost;
  public readonly vmName: string;
  private readonly interfaces: Readonly<Record<string, DomainInterfaces>>;
  private readonly resource: Domain;

  constructor(scope: Construct, id: string, props: VirtualMachineProps) {
    super(scope, id);
    this.host = props.host;
    this.vmName = props.vmName ?? this.node.id;

    checkHost(this, this.host);
    checkName(this, "vmName", this.vmName);
    claimOnHost(this, "VM", this.vmName, this.host);
    this.validateMemory(props.memory);
    this.validateCount("vcpus", props.vcpus, 1);
    this.validateCount("shutdownTimeout", props.shutdownTimeout, 0);
    this.validateTitle(props.title);
    this.validateHostPaths(props);

    const disks = this.addDisks(props);
    const { network, networks = [] } = props;
    this.interfaces = makeInterfaces(this, network === undefined ? networks : [{ network }, ...networks]);

    this.resource = new Domain(this, "Default", {
      host: this.host.hostName,
      name: this.vmName,
      type: this.host.accelerator,
      title: literal(props.title),
      description: literal(props.description),
      vcpu: props.vcpus ?? 1,
      memory: props.memory.toKibibytes("up"),
      machine: props.machine?.name,
      cpu: props.cpu ?? (this.host.accelerator === "kvm" ? Cpu.HOST_MODEL : undefined),
      firmware: props.firmware,
      kernel: props.kernel?.kernel,
      initrd: props.kernel?.initrd,
      cmdline: literal(props.kernel?.commandLine),
      disks: disks.disks,
      interfaces: this.interfaces,
      serial: { logFile: literal(props.serialLog) },
      guestAgent: props.guestAgent,
      graphics: makeGraphics(this, props.graphics),
      autostart: props.autostart,
      state: props.state,
      shutdownTimeout: props.shutdownTimeout,
      lifecycle: disks.replacedWith.length > 0 ? { replaceTriggeredBy: disks.replacedWith } : undefined,
    });
    checkAddress(this.resource);
  }

  /** Its UUID, a reference. */
  public get uuid(): string {
    return this.resource.uuid;
  }

  /** MAC address of the interface of that name; undefined when there is none. */
  public macAddress(interfaceName: string): string | undefined {
    return this.interfaces[interfaceName]?.mac;
  }

  private addDisks(props: VirtualMachineProps): MachineDisks {
    const disks = new MachineDisks(this);
    disks.addRoot(props);
    for (const disk of props.disks ?? []) {
      disks.addVolume(disk);
    }
    if (props.cloudInit !== undefined) {
      disks.addCloudInit(props.cloudInit, props.pool ?? props.image?.pool);
    }
    return disks;
  }

  private validateMemory(memory: Size): void {
    if (memory.isLessThan(smallestMemory)) {
      refuse(
        this,
        `'memory' must be at least ${smallestMemory.toString()}, got ${memory.toString()}; raise it or use a smaller image`,
      );
    } else if (!memory.isMultipleOf(Size.kibibytes(1))) {
      refuse(this, `'memory' must be a whole number of KiB, got ${memory.toString()}; give it in MiB`);
    }
  }

  private validateCount(property: string, count: number | undefined, least: number): void {
    if (count === undefined || Token.isUnresolved(count)) {
      return;
    }
    if (!Number.isInteger(count) || count < least) {
      refuse(this, `'${property}' must be a whole number of at least ${least}, got ${count}; raise or round it`);
    }
  }

  private validateTitle(title: string | undefined): void {
    if (title !== undefined && !Token.isUnresolved(title) && title.includes("\n")) {
      refuse(this, `'title' must be one line, got ${JSON.stringify(title)}; use 'description' for more`);
    }
  }

  private validateHostPaths({ kernel, serialLog }: VirtualMachineProps): void {
    const paths = { "kernel.kernel": kernel?.kernel, "kernel.initrd": kernel?.initrd, serialLog };
    for (const [property, path] of Object.entries(paths)) {
      if (path !== undefined && !Token.isUnresolved(path) && !path.startsWith("/")) {
        refuse(this, `'${property}' must be absolute, got '${path}'; write it from the root of the host, '/'`);
      }
    }
  }
}

function literal(text: string | undefined): string | undefined {
  return text === undefined ? undefined : templateLiteral(text);
}
