import { TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { checkAddresses } from "../core/ip-addresses";
import { checkName } from "../core/names";
import { reserve } from "../core/uniqueness";
import { fleetOf } from "./fleet-membership";
import { addHostToProvider } from "./private/provider-block";
import type { Accelerator, IFleet, IHost } from "./types";

/** Properties of a host. */
export interface HostProps {
  /**
   * How its libvirt is reached from where Terraform runs.
   *
   * `qemu:///system`, `qemu+unix:///system?socket=/path`, `qemu+ssh://[user@]host[:port]/system`,
   * `qemu+tls://host[:port]/system` or `qemu+tcp://host[:port]/system`, with the parameters that libvirt has for each: for
   * ssh `keyfile`, `known_hosts`, `known_hosts_verify`, `no_verify`, `socket`; for TLS `pkipath`, `no_verify`. Of ssh, the user's
   * own configuration is respected: a host's name may be one of its aliases.
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
   * @default - `uri`, where that is one of tcp or tls; otherwise the machine that Terraform runs on stands between the two
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
   * Its own addresses, IPv4 and IPv6, beside those on its networks: a SeparationPolicy keeps guests from reaching it there.
   *
   * @default - that in `uri`, where there is one
   */
  readonly addresses?: readonly string[];

  /**
   * What runs its virtual machines.
   *
   * @default "kvm"
   */
  readonly accelerator?: Accelerator;
}

const HOST = String.raw`(?:[^/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?`;

/** What each transport is written like. */
const URIS = [
  uriForm(String.raw`qemu(?:\+unix)?:\/\/\/system`, "socket", "mode"),
  uriForm(
    String.raw`qemu\+ssh:\/\/(?:[^/?#@:]+@)?${HOST}\/system`,
    ...["keyfile", "known_hosts", "known_hosts_verify", "no_verify", "no_tty", "socket", "mode"],
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
 * All hosts of a stack are in one provider block, and so in one fleet.
 *
 * @example
 * new Host(this, "alpha", { uri: "qemu+ssh://root@alpha.example.org/system" });
 */
export class Host extends Construct implements IHost {
  public readonly hostName: string;
  public readonly uri: string;
  public readonly accelerator: Accelerator;
  public readonly addresses?: readonly string[];

  constructor(scope: Construct, id: string, props: HostProps) {
    super(scope, id);
    this.hostName = props.hostName ?? this.node.id;
    this.uri = props.uri;
    this.accelerator = props.accelerator ?? "kvm";
    this.addresses = props.addresses;

    checkName(this, "hostName", this.hostName);
    this.validateUri();
    this.validateMigration(props);
    checkAddresses(this, "addresses", this.addresses);
    this.validateOnce();

    const { migrationUri, migrationAddress } = props;
    addHostToProvider(this, this.hostName, { uri: this.uri, migrationUri, migrationAddress });
  }

  /** The fleet that it is in; undefined until one is made over it. */
  public get fleet(): IFleet | undefined {
    return fleetOf(this);
  }

  private validateUri(): void {
    if (Token.isUnresolved(this.uri) || URIS.some((form) => form.test(this.uri))) return;
    addError(
      this,
      `'uri' must be like 'qemu:///system', 'qemu+unix:///system?socket=/path', 'qemu+ssh://[user@]host[:port]/system', ` +
        `'qemu+tls://host[:port]/system' or 'qemu+tcp://host[:port]/system', got '${withoutPassword(this.uri)}'; ` +
        `use one of these transports, with its own parameters`,
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
        `'migrationUri' must be a uri that names the host, got '${migrationUri}'; write it like 'qemu+tls://alpha.example.org/system'`,
      );
    }
    const isAddress = migrationAddress === undefined || Token.isUnresolved(migrationAddress);
    if (!isAddress && !/^([A-Za-z0-9.-]+|\[?[0-9A-Fa-f:]+\]?)$/.test(migrationAddress)) {
      addError(
        this,
        `'migrationAddress' must be a name or an IP address, got '${migrationAddress}'; leave out what else a uri has`,
      );
    }
  }

  private validateOnce(): void {
    const stack = TerraformStack.of(this).node.path;
    const named = reserve(this, stack, "host name", this.hostName);
    if (named !== undefined) {
      addError(
        this,
        `host name '${this.hostName}' is taken already by ${named.node.path}; give one of them another name`,
      );
      return;
    }
    const reached = reserve(this, stack, "host uri", this.uri);
    if (reached !== undefined) {
      addError(
        this,
        `'uri' must be of another host, got '${this.uri}' as for ${reached.node.path}; use that Host instead`,
      );
    }
  }
}
