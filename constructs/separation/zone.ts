import { Construct } from "constructs";
import { addError } from "../core/errors";
import { checkWhole } from "../core/numbers";
import { reserve } from "../core/uniqueness";
import type { INetwork, INetworkZone } from "../network/types";
import { Separation } from "./private/registry";

/** Properties of a zone. */
export interface NetworkZoneProps {
  /**
   * How far what is in it is trusted, from 0, anybody, to 100, what the company lives by. A rule that lets less trusted
   * machines reach more trusted ones must give its reason.
   */
  readonly trust: number;

  /**
   * Whether what is in it may reach the internet. That alone lets nobody out: a rule of the policy does.
   *
   * @default false
   */
  readonly internet?: boolean;

  /**
   * Bridges and devices of hosts, by name or PCI address, that lead to the zone's own machines and nowhere else: a VLAN
   * that the switches keep apart, say. Of any other it is taken that it leads to the internet.
   *
   * @default - none
   */
  readonly uplinks?: readonly string[];

  /**
   * Its name, in rules and reports: letters, digits, '-' and '_'.
   *
   * @default - the construct's id
   */
  readonly zoneName?: string;
}

/**
 * A class of networks that are kept apart from those of other classes. Where there is one, every network is in one.
 *
 * @example
 * const plant = new NetworkZone(this, "plant", { trust: 90 });
 * new IsolatedNetwork(this, "plc", { host, zone: plant, cidr: Cidr.parse("10.9.0.0/24") });
 * new SeparationPolicy(this, "policy");
 */
export class NetworkZone extends Construct implements INetworkZone {
  public readonly zoneName: string;
  public readonly trust: number;
  public readonly internet: boolean;
  public readonly uplinks: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkZoneProps) {
    super(scope, id);
    this.zoneName = props.zoneName ?? this.node.id;
    this.trust = props.trust;
    this.internet = props.internet ?? false;
    this.uplinks = [...(props.uplinks ?? [])];

    this.validateName();
    checkWhole(this, "trust", this.trust, { least: 0, most: 100 });
    this.validateUplinks();

    Separation.of(this).addZone(this);
  }

  /** Puts a network into the zone, for the policy to check and filter what is in the network's stack. */
  public addNetwork(network: INetwork): void {
    Separation.of(network).watch(network);
  }

  private validateName(): void {
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(this.zoneName) || this.zoneName === "outside") {
      addError(
        this,
        `'zoneName' must be 1 to 40 letters, digits, '-' and '_', and not 'outside', got '${this.zoneName}'; choose another`,
      );
      return;
    }
    const holder = reserve(this, "zone", this.zoneName);
    if (holder !== undefined) {
      addError(
        this,
        `zone name '${this.zoneName}' is taken already by ${holder.node.path}; give one of them another name`,
      );
    }
  }

  private validateUplinks(): void {
    for (const uplink of this.uplinks) {
      const holder = reserve(this, "zone uplink", uplink);
      if (holder !== undefined) {
        addError(
          this,
          `'uplinks' must be of one zone, got '${uplink}' as for ${holder.node.path}; give each zone a device or a VLAN of its own`,
        );
      }
    }
  }
}
