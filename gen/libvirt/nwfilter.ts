// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedMap, toHclAttributes } from "../binding";

/**
 * A network filter: rules for the traffic of the domain interfaces that use it. A change applies to running guests
 * at once: libvirt adds the new rules before it removes the old ones, on all guests or, if that fails on one of
 * them, on none. A filter that a domain uses is not destroyed.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatnwfilter.html
 */
export interface NwfilterConfig extends TerraformMetaArguments {
  /**
   * The chain of the rules: `root` sees all packets; `mac`, `stp`, `vlan`, `arp`, `rarp`, `ipv4` and `ipv6`, or a
   * name that begins with one of these and `-`, see the packets of that protocol. Default: `root`.
   */
  readonly chain?: string;

  /** The names of filters that this one includes. */
  readonly filters?: readonly string[];

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The filter's name. A change replaces the object. */
  readonly name: string;

  /**
   * The order among the other filters of an interface, -1000 to 1000, lowest first. Unset: libvirt's default for the
   * chain.
   */
  readonly priority?: number;

  /**
   * The rules, by a name that says what each is for. They are evaluated in the order of their priority, then of
   * their name.
   */
  readonly rules?: Readonly<Record<string, NwfilterRules | IResolvable>> | IResolvable;
}

/**
 * The rules, by a name that says what each is for. They are evaluated in the order of their priority, then of
 * their name.
 */
export interface NwfilterRules {
  /**
   * What happens to a packet that matches: `return` leaves this filter and continues after it, `continue` continues
   * with the next rule. One of `accept`, `drop`, `reject`, `return`, `continue`.
   */
  readonly action: string;

  /**
   * The direction from the guest's point of view: `in` is received, `out` is sent, `inout` is both. One of `in`,
   * `out`, `inout`.
   */
  readonly direction: string;

  /**
   * The conditions for a packet, as libvirt's attributes for the protocol: `srcipaddr=10.0.0.0`, `srcipmask=24`,
   * `dstportstart=443`. A variable such as `$IP` has the values that the interface sets. `match=no` inverts the
   * conditions. Write values in libvirt's format, sorted by name.
   */
  readonly match?: readonly string[];

  /** The order among the rules, -1000 to 1000, lowest first. Default: `500`. */
  readonly priority?: number;

  /**
   * The protocol. Those up to `ipv6` are filtered on the bridge (ebtables), the others with connection tracking
   * above it (iptables). One of `mac`, `vlan`, `stp`, `arp`, `rarp`, `ip`, `ipv6`, `tcp`, `udp`, `sctp`, `icmp`,
   * `igmp`, `all`, `esp`, `ah`, `udplite`, `tcp-ipv6`, `udp-ipv6`, `sctp-ipv6`, `icmpv6`, `all-ipv6`, `esp-ipv6`,
   * `ah-ipv6`, `udplite-ipv6`.
   */
  readonly protocol: string;

  /**
   * Whether the rule tracks connections, so that it also accepts the answers to what it accepts; otherwise it
   * matches each packet separately. It applies to protocols above IP. Default: `true`.
   */
  readonly statematch?: boolean | IResolvable;
}

/**
 * A network filter: rules for the traffic of the domain interfaces that use it. A change applies to running guests
 * at once: libvirt adds the new rules before it removes the old ones, on all guests or, if that fails on one of
 * them, on none. A filter that a domain uses is not destroyed.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatnwfilter.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class Nwfilter extends TerraformResource {
  public static readonly tfResourceType = "libvirt_nwfilter";

  /**
   * Writes an import block. `cdktf diff` then shows the configuration of the existing object.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId the id that `terraform import` takes
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: Nwfilter.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<NwfilterConfig>;

  constructor(scope: Construct, id: string, config: NwfilterConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Nwfilter.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /**
   * The chain of the rules: `root` sees all packets; `mac`, `stp`, `vlan`, `arp`, `rarp`, `ipv4` and `ipv6`, or a
   * name that begins with one of these and `-`, see the packets of that protocol. Default: `root`.
   */
  public get chain(): string {
    return this.getStringAttribute("chain");
  }

  public set chain(value: string | undefined) {
    this.inputs.chain = value;
  }

  public get chainInput(): string | undefined {
    return this.inputs.chain;
  }

  /** The names of filters that this one includes. */
  public get filters(): string[] {
    return this.getListAttribute("filters");
  }

  public set filters(value: readonly string[] | undefined) {
    this.inputs.filters = value;
  }

  public get filtersInput(): readonly string[] | undefined {
    return this.inputs.filters;
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

  /** The import ID: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The filter's name. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /**
   * The order among the other filters of an interface, -1000 to 1000, lowest first. Unset: libvirt's default for the
   * chain.
   */
  public get priority(): number {
    return this.getNumberAttribute("priority");
  }

  public set priority(value: number | undefined) {
    this.inputs.priority = value;
  }

  public get priorityInput(): number | undefined {
    return this.inputs.priority;
  }

  /**
   * The rules, by a name that says what each is for. They are evaluated in the order of their priority, then of
   * their name.
   */
  public get rules(): IResolvable {
    return this.interpolationForAttribute("rules");
  }

  public set rules(value: Readonly<Record<string, NwfilterRules | IResolvable>> | IResolvable | undefined) {
    this.inputs.rules = value;
  }

  public get rulesInput(): Readonly<Record<string, NwfilterRules | IResolvable>> | IResolvable | undefined {
    return this.inputs.rules;
  }

  /** The UUID by which libvirt knows the filter. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      chain: this.inputs.chain,
      filters: this.inputs.filters,
      host: this.inputs.host,
      name: this.inputs.name,
      priority: this.inputs.priority,
      rules: nestedMap(this.inputs.rules, nwfilterRulesToTerraform),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function nwfilterRulesToTerraform(value: NwfilterRules): Record<string, unknown> {
  return {
    action: value.action,
    direction: value.direction,
    match: value.match,
    priority: value.priority,
    protocol: value.protocol,
    statematch: value.statematch,
  };
}
