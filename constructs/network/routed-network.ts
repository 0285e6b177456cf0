import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { addError } from "../core/errors";
import { checkUplink } from "./private/uplink";
import { defineVirtualNetwork } from "./private/virtual-definition";
import type { VirtualNetworkProps } from "./props";
import { VirtualNetwork } from "./virtual-network";

/** Properties of a network that the host routes. */
export interface RoutedNetworkProps extends VirtualNetworkProps {
  /** The network's addresses, which must not overlap those of another network on the host. */
  readonly cidr: Cidr;

  /**
   * The only device of the host through which the guests reach other networks. It requires `firewall`.
   *
   * @default - any device, as the host's routes say
   */
  readonly uplink?: string;

  /**
   * Whether libvirt adds rules to the host's firewall that accept the network's traffic. Without them, set up the
   * firewall yourself.
   *
   * @default true
   */
  readonly firewall?: boolean;
}

/**
 * A network whose virtual machines reach other networks with their own addresses. The host is their router.
 *
 * The other networks need a route to this network through the host.
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
        `'uplink' requires 'firewall', whose rules enforce it, got '${uplink}'; remove 'uplink', or turn 'firewall' on`,
      );
    }
  }
}
