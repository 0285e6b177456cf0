import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { defineVirtualNetwork } from "./private/virtual-definition";
import type { VirtualNetworkProps } from "./props";
import { VirtualNetwork } from "./virtual-network";

/** Properties of an isolated network. */
export interface IsolatedNetworkProps extends VirtualNetworkProps {
  /**
   * The network's addresses, which must not overlap those of another network on the host.
   *
   * @default - no addresses: the host has no address on the network, and there is no DHCP
   */
  readonly cidr?: Cidr;
}

/**
 * A network whose virtual machines reach each other and the host, and nothing else.
 *
 * @example
 * new IsolatedNetwork(this, "lan", { host, cidr: Cidr.parse("10.1.0.0/24") });
 *
 * @see https://libvirt.org/formatnetwork.html#isolated-network-config
 */
export class IsolatedNetwork extends VirtualNetwork {
  constructor(scope: Construct, id: string, props: IsolatedNetworkProps) {
    super(scope, id, props);
    defineVirtualNetwork(this, props, { cidr: props.cidr, forwardMode: "isolated" });
  }
}
