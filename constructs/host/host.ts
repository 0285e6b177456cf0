import { TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { type MovableProps, movedFrom } from "../core/formerly";
import { checkAddresses } from "../core/ip-addresses";
import { checkName } from "../core/names";
import { checkWhole } from "../core/numbers";
import { reserve } from "../core/uniqueness";
import { DeclaredPlacement } from "./declared-placement";
import { checkDedicatedCpus } from "./dedicated-cpus";
import { fleetOf } from "./fleet-membership";
import { addHostToProvider } from "./private/provider-block";
import type { Accelerator, DedicatedCpus, IFleet, IHost } from "./types";

/** Properties of a host. */
export interface HostProps extends MovableProps {
  /**
   * The URI by which Terraform connects to the host's libvirt, from the machine that Terraform runs on.
   *
   * It has one of these forms, with the URI parameters that libvirt supports for the transport:
   * - `qemu:///system`
   * - `qemu+unix:///system?socket=/path`
   * - `qemu+ssh://[user@]host[:port]/system`: `command`, `keyfile`, `known_hosts`, `known_hosts_verify`, `no_verify`,
   *   `no_tty`, `sshauth`, `proxy`, `netcat`, `socket`, `mode`
   * - `qemu+tls://host[:port]/system`: `pkipath`, `no_verify`
   * - `qemu+tcp://host[:port]/system`
   * - `qemu:///session` or `qemu+ssh://[user@]host[:port]/session`: the libvirt of a user, which needs no root
   *
   * With ssh, the machine's ssh program logs in: a host that `ssh host` reaches can be used, under the same name.
   *
   * @see https://libvirt.org/uri.html
   */
  readonly uri: string;

  /**
   * Name of the host in the provider block, and in every plan.
   *
   * @default - the construct's id
   */
  readonly hostName?: string;

  /**
   * The URI by which the other hosts connect to this host's libvirt when a machine migrates: any remote URI of libvirt.
   *
   * @default - `uri`, if its transport is tcp or tls; otherwise the data passes through the machine that Terraform runs
   * on
   * @see https://libvirt.org/migration.html#peer-to-peer-migration
   */
  readonly migrationUri?: string;

  /**
   * The host name or IP address at which this host receives the memory and the disks of migrating machines.
   *
   * @default - the address in the host's own `qemu.conf`, or its host name
   */
  readonly migrationAddress?: string;

  /**
   * How much memory the machines of the host may use together, in percent of the memory that the host has.
   *
   * With 100, all machines can use all of their memory at any time. Less keeps a part for the host itself. More is for
   * hosts whose machines share pages, or do not use what they have.
   *
   * @default - what one deployment brings to the host must fit in the memory that is available then; the plan warns if
   * the machines that run already may come to use more than there is
   */
  readonly memoryOvercommit?: number;

  /**
   * How many virtual CPUs the machines that `kvm-fleet place` brings to the host may have together, in percent of its CPUs.
   *
   * @default 400
   */
  readonly cpuOvercommit?: number;

  /**
   * Labels by which machines are placed: what the host has (`disk: "ssd"`), and what fails together with it (`rack: "r1"`).
   *
   * @default - no labels
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Whether machines have to leave the host: `kvm-fleet place` moves those of its fleet to other hosts, and brings none.
   *
   * @default false
   */
  readonly maintenance?: boolean;

  /**
   * The CPUs that `Dedicated` machines can have alone: `2-7`, or by cores if they have several threads. The host must keep
   * its own processes and other machines away from them, for example by `isolcpus` or by control groups.
   *
   * @default - none
   */
  readonly dedicatedCpus?: string | DedicatedCpus;

  /**
   * IPv4 and IPv6 addresses of the host, in addition to its addresses on its networks. A SeparationPolicy keeps guests
   * from reaching the host at them.
   *
   * @default - the address in `uri`, if it has one
   */
  readonly addresses?: readonly string[];

  /**
   * How the host runs virtual machines.
   *
   * @default "kvm"
   */
  readonly accelerator?: Accelerator;
}

const HOST = String.raw`(?:[^/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?`;

/** The form of the URI for each transport. */
const URIS = [
  uriForm(String.raw`qemu(?:\+unix)?:\/\/\/(?:system|session)`, "socket", "mode"),
  uriForm(
    String.raw`qemu\+ssh:\/\/(?:[^/?#@:]+@)?${HOST}\/(?:system|session)`,
    ...["command", "keyfile", "known_hosts", "known_hosts_verify", "no_verify", "no_tty", "sshauth"],
    ...["proxy", "netcat", "socket", "mode"],
  ),
  uriForm(String.raw`qemu(?:\+tls)?:\/\/${HOST}\/system`, "pkipath", "no_verify"),
  uriForm(String.raw`qemu\+tcp:\/\/${HOST}\/system`),
];

function uriForm(path: string, ...parameters: readonly string[]): RegExp {
  const parameter = `(?:${parameters.join("|")})=[^&#]+`;
  return new RegExp(parameters.length > 0 ? `^${path}(?:\\?${parameter}(?:&${parameter})*)?$` : `^${path}$`);
}

function withoutPassword(uri: string): string {
  return uri.replace(/(\/\/[^:/@]*):.*@/, "$1:***@");
}

/**
 * A machine that runs libvirt and QEMU.
 *
 * All hosts of a stack are in one provider block.
 *
 * @example
 * new Host(this, "alpha", { uri: "qemu+ssh://root@alpha.example.org/system" });
 */
export class Host extends Construct implements IHost {
  public readonly hostName: string;
  public readonly uri: string;
  public readonly accelerator: Accelerator;
  public readonly labels: Readonly<Record<string, string>>;
  public readonly maintenance: boolean;
  public readonly addresses?: readonly string[];
  public readonly dedicatedCpus?: string | DedicatedCpus;

  constructor(scope: Construct, id: string, props: HostProps) {
    super(scope, id);
    movedFrom(this, props.formerly);
    this.hostName = props.hostName ?? originalId(this);
    this.uri = props.uri;
    this.accelerator = props.accelerator ?? "kvm";
    this.labels = { ...props.labels };
    this.maintenance = props.maintenance ?? false;
    this.addresses = props.addresses;
    this.dedicatedCpus = props.dedicatedCpus;

    checkName(this, "hostName", this.hostName);
    this.validateUri();
    this.validateMigration(props);
    checkWhole(this, "memoryOvercommit", props.memoryOvercommit, { least: 1, most: 10_000 });
    checkWhole(this, "cpuOvercommit", props.cpuOvercommit, { least: 1, most: 10_000 });
    checkAddresses(this, "addresses", this.addresses);
    checkDedicatedCpus(this);
    this.validateOnce();

    const { migrationUri, migrationAddress, memoryOvercommit, cpuOvercommit } = props;
    addHostToProvider(this, this.hostName, { uri: this.uri, migrationUri, migrationAddress, memoryOvercommit });
    DeclaredPlacement.of(this).addHost(this, { memoryOvercommit, cpuOvercommit });
  }

  /** The fleet that the host belongs to. Undefined until a Fleet with this host is created. */
  public get fleet(): IFleet | undefined {
    return fleetOf(this);
  }

  private validateUri(): void {
    if (Token.isUnresolved(this.uri) || URIS.some((form) => form.test(this.uri))) return;
    addError(
      this,
      `'uri' must be like 'qemu:///system', 'qemu+unix:///system?socket=/path', 'qemu+ssh://[user@]host[:port]/system', ` +
        `'qemu+tls://host[:port]/system', 'qemu+tcp://host[:port]/system' or 'qemu:///session', got '${withoutPassword(this.uri)}'; ` +
        `use one of these forms, with parameters of its transport`,
    );
  }

  private validateMigration({ migrationUri, migrationAddress }: HostProps): void {
    if (
      migrationUri !== undefined &&
      !Token.isUnresolved(migrationUri) &&
      !/^[\w+]+:\/\/[^/?#]+\//.test(migrationUri)
    ) {
      addError(
        this,
        `'migrationUri' must be a remote URI with a host, got '${migrationUri}'; write it like 'qemu+tls://alpha.example.org/system'`,
      );
    }
    const isAddress = migrationAddress === undefined || Token.isUnresolved(migrationAddress);
    if (!isAddress && !/^([A-Za-z0-9.-]+|\[?[0-9A-Fa-f:]+\]?)$/.test(migrationAddress)) {
      addError(
        this,
        `'migrationAddress' must be a host name or an IP address, got '${migrationAddress}'; remove the other parts of the URI`,
      );
    }
  }

  private validateOnce(): void {
    const stack = TerraformStack.of(this).node.path;
    const named = reserve(this, stack, "host name", this.hostName);
    if (named !== undefined) {
      addError(
        this,
        `'hostName' must be unique, '${this.hostName}' is already used by ${named.node.path}; rename one of them`,
      );
      return;
    }
    const reached = reserve(this, stack, "host uri", this.uri);
    if (reached !== undefined) {
      addError(
        this,
        `'uri' must be unique, '${this.uri}' is already used by ${reached.node.path}; use that Host instead`,
      );
    }
  }
}
