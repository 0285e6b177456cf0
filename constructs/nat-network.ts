import type { Construct } from "constructs";
import type { Cidr } from "./cidr";
import { Network, type NetworkProps } from "./network";

/** Properties of a network with a way out. */
export interface NatNetworkProps extends NetworkProps {
  /** Its addresses, apart from those of every other network on the host. */
  readonly cidr: Cidr;
}

/**
 * A network whose virtual machines reach the world as the host, by address translation, and can't be reached from there.
 *
 * @example
 * new NatNetwork(this, "nat", { host, cidr: Cidr.parse("10.2.0.0/24") });
 *
 * @see https://libvirt.org/formatnetwork.html#nat-based-network
 */
export class NatNetwork extends Network {
  constructor(scope: Construct, id: string, props: NatNetworkProps) {
    super(scope, id, props, { cidr: props.cidr, forwardMode: "nat" });
  }
}
