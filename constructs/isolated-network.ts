import type { Construct } from "constructs";
import type { Cidr } from "./cidr";
import { Network, type NetworkProps } from "./network";

/** Properties of an isolated network. */
export interface IsolatedNetworkProps extends NetworkProps {
  /**
   * Its addresses, apart from those of every other network on the host.
   *
   * @default - none: the host has no address on it, and gives none
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
export class IsolatedNetwork extends Network {
  constructor(scope: Construct, id: string, props: IsolatedNetworkProps) {
    super(scope, id, props, { cidr: props.cidr });
  }
}
