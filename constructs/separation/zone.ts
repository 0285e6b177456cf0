import { Construct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { type MovableProps, movedFrom } from "../core/formerly";
import { checkWhole } from "../core/numbers";
import { reserve } from "../core/uniqueness";
import type { INetwork, INetworkZone } from "../network/types";
import { Separation } from "./private/registry";

/** Properties of a zone. */
export interface NetworkZoneProps extends MovableProps {
  /**
   * How far the machines in the zone are trusted, from 0 (anybody's machines) to 100 (machines that the company depends on). A rule
   * that lets less trusted machines reach more trusted ones requires a reason.
   */
  readonly trust: number;

  /**
   * Whether rules may connect the zone with outside addresses. This alone allows no traffic: it also needs a rule of the policy.
   *
   * @default false
   */
  readonly internet?: boolean;

  /**
   * Bridges and devices of hosts, by name or PCI address, that lead only to machines of this zone, such as a VLAN that the switches
   * keep separate. All other bridges and devices are assumed to lead to the internet.
   *
   * @default - none
   */
  readonly uplinks?: readonly string[];

  /**
   * The zone's name in rules and reports: letters, digits, '-' and '_'.
   *
   * @default - the construct's id
   */
  readonly zoneName?: string;
}

/**
 * A class of networks that is separated from other classes. In an app with zones, every network requires a zone.
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
    movedFrom(this, props.formerly);
    this.zoneName = props.zoneName ?? originalId(this);
    this.trust = props.trust;
    this.internet = props.internet ?? false;
    this.uplinks = [...(props.uplinks ?? [])];

    this.validateName();
    checkWhole(this, "trust", this.trust, { least: 0, most: 100 });
    this.validateUplinks();

    Separation.of(this).addZone(this);
  }

  /** Adds a network to the zone, so that the policy checks and filters the network's stack. */
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
        `'zoneName' must be unique, '${this.zoneName}' is already used by ${holder.node.path}; choose another`,
      );
    }
  }

  private validateUplinks(): void {
    for (const uplink of this.uplinks) {
      const holder = reserve(this, "zone uplink", uplink);
      if (holder !== undefined) {
        addError(
          this,
          `'uplinks' must be unique, '${uplink}' is already used by ${holder.node.path}; give each zone its own device or VLAN`,
        );
      }
    }
  }
}
