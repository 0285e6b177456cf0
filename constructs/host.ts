import { TerraformStack, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { IFleet } from "./fleet";
import { claim } from "./private/claims";
import { refuse } from "./private/findings";
import { fleetOf } from "./private/fleet-membership";
import { addHostToProvider } from "./private/fleet-provider";
import { checkName } from "./private/names";

/** What runs a host's virtual machines: the processor's own virtualization, or emulation, which is much slower. */
export type Accelerator = "kvm" | "qemu";

/** A KVM host, as other constructs refer to it. */
export interface IHost extends IConstruct {
  /** Its name in the provider block, and in every plan. */
  readonly hostName: string;

  /** How its libvirt is reached. */
  readonly uri: string;

  /** What runs its virtual machines. */
  readonly accelerator: Accelerator;

  /** The fleet that it is in; undefined until one is made over it. */
  readonly fleet?: IFleet;
}

/** Properties of a host. */
export interface HostProps {
  /**
   * How its libvirt is reached from where Terraform runs.
   *
   * `qemu:///system`, `qemu:///system?socket=/path`, `qemu+unix:///system?socket=/path` or
   * `qemu+tcp://host[:port]/system`.
   *
   * @see https://libvirt.org/uri.html
   */
  readonly uri: string;

  /**
   * Its name in the provider block, and in every plan.
   *
   * @default - the construct's id
   */
  readonly hostName?: string;

  /**
   * Where the other hosts reach its libvirt, for machines that move from host to host: any remote uri that libvirt knows.
   *
   * @default - `uri`, where that is a remote one; otherwise the machine that Terraform runs on stands between the two
   * @see https://libvirt.org/migration.html#peer-to-peer-migration
   */
  readonly migrationUri?: string;

  /**
   * The address at which the memory and disks of machines arrive that move here: a name or an IP address.
   *
   * @default - that in the host's own `qemu.conf`, or its name
   */
  readonly migrationAddress?: string;

  /**
   * What runs its virtual machines.
   *
   * @default "kvm"
   */
  readonly accelerator?: Accelerator;
}

/**
 * A machine that runs libvirt and QEMU.
 *
 * All hosts of a stack are in one provider block, and so in one fleet.
 *
 * @example
 * new Host(this, "alpha", { uri: "qemu+tcp://alpha.example.org/system" });
 */
export class Host extends Construct implements IHost {
  public readonly hostName: string;
  public readonly uri: string;
  public readonly accelerator: Accelerator;

  constructor(scope: Construct, id: string, props: HostProps) {
    super(scope, id);
    this.hostName = props.hostName ?? this.node.id;
    this.uri = props.uri;
    this.accelerator = props.accelerator ?? "kvm";

    checkName(this, "hostName", this.hostName);
    this.validateUri();
    this.validateMigration(props);
    this.validateOnce();

    const { migrationUri, migrationAddress } = props;
    addHostToProvider(this, this.hostName, { uri: this.uri, migrationUri, migrationAddress });
  }

  /** The fleet that it is in; undefined until one is made over it. */
  public get fleet(): IFleet | undefined {
    return fleetOf(this);
  }

  private validateUri(): void {
    const local = /^qemu(\+unix)?:\/\/\/system(\?socket=\/[^?&#]+)?$/;
    const remote = /^qemu\+tcp:\/\/[^/?#@]+\/system$/;
    if (!Token.isUnresolved(this.uri) && !local.test(this.uri) && !remote.test(this.uri)) {
      refuse(
        this,
        `'uri' must be like 'qemu:///system', 'qemu+unix:///system?socket=/path' or 'qemu+tcp://host[:port]/system', ` +
          `got '${this.uri}'; use one of these transports`,
      );
    }
  }

  private validateMigration({ migrationUri, migrationAddress }: HostProps): void {
    if (
      migrationUri !== undefined &&
      !Token.isUnresolved(migrationUri) &&
      !/^[\w+]+:\/\/[^/?#]+\//.test(migrationUri)
    ) {
      refuse(
        this,
        `'migrationUri' must be a uri that names the host, got '${migrationUri}'; write it like 'qemu+tls://alpha.example.org/system'`,
      );
    }
    const isAddress = migrationAddress === undefined || Token.isUnresolved(migrationAddress);
    if (!isAddress && !/^([A-Za-z0-9.-]+|\[?[0-9A-Fa-f:]+\]?)$/.test(migrationAddress)) {
      refuse(
        this,
        `'migrationAddress' must be a name or an IP address, got '${migrationAddress}'; leave out what else a uri has`,
      );
    }
  }

  private validateOnce(): void {
    const stack = TerraformStack.of(this).node.path;
    const named = claim(this, stack, "host name", this.hostName);
    if (named !== undefined) {
      refuse(
        this,
        `host name '${this.hostName}' is taken already by ${named.node.path}; give one of them another name`,
      );
      return;
    }
    const reached = claim(this, stack, "host uri", this.uri);
    if (reached !== undefined) {
      refuse(
        this,
        `'uri' must be of another host, got '${this.uri}' as for ${reached.node.path}; use that Host instead`,
      );
    }
  }
}
