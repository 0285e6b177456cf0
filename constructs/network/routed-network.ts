import { defineVirtualNetwork } from "./private/virtual-definition";
import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { addError } from "../core/errors";
import { checkUplink } from "./private/uplink";
import type { VirtualNetworkProps } from "./props";
import { VirtualNetwork } from "./virtual-network";

/** Properties of a network that the host routes. */
export interface RoutedNetworkProps extends VirtualNetworkProps {
  /** Its addresses, apart from those of every other network on the host. */
  readonly cidr: Cidr;

  /**
   * The device of the host by which they get out, and no other.
   *
   * @default - whichever leads there
   */
  readonly uplink?: string;

  /**
   * Whether libvirt adds rules to the host's firewall that let its traffic through. Without, whoever sets the firewall up
   * does, and `uplink` is left out.
   *
   * @default true
   */
  readonly firewall?: boolean;
}

/**
 * A network whose virtual machines reach the world by their own addresses, with the host as their router.
 *
 * The world must know that the way to them is by this host.
 *
 * @example
 * new RoutedNetwork(this, "dmz", { host, cidr: Cidr.parse("10.3.0.0/24") });
 *
 * @see https://libvirt.org/formatnetwork.html#routed-network-config
 */
export class RoutedNetwork extends VirtualNetwork {
  constructor(scope: Construct, id: string, props: RoutedNetworkProps) {
    const { cidr, uplink, firewall = true } = props;
    const mode = firewall ? "route" : "open";
    super(scope, id, props);
    defineVirtualNetwork(this, props, {
      cidr,
      uplink,
      forwardMode: mode,
      forward: { mode, devices: uplink === undefined ? undefined : [uplink] },
    });
    checkUplink(this, uplink);
    this.validateOpen(uplink, firewall);
  }

  private validateOpen(uplink: string | undefined, firewall: boolean): void {
    if (uplink !== undefined && !firewall) {
      addError(
        this,
        `'uplink' must be left out without 'firewall', which holds it, got '${uplink}'; leave one of them out`,
      );
    }
  }
}
