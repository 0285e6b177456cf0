import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { addError } from "../core/errors";
import { checkWhole } from "../core/numbers";
import type { PortRange } from "../core/port-range";
import { checkUplink } from "./private/uplink";
import { defineVirtualNetwork } from "./private/virtual-definition";
import type { VirtualNetworkProps } from "./props";
import type { DhcpRange } from "./settings";
import { VirtualNetwork } from "./virtual-network";

/** Properties of a network with address translation. */
export interface NatNetworkProps extends VirtualNetworkProps {
  /** The network's addresses, which must not overlap those of another network on the host. */
  readonly cidr: Cidr;

  /**
   * The only device of the host through which the guests reach other networks.
   *
   * @default - any device, as the host's routes say
   */
  readonly uplink?: string;

  /**
   * The host's addresses that the guests' addresses are translated to.
   *
   * @default - the host's address on the device that the traffic leaves through
   */
  readonly natAddresses?: DhcpRange;

  /**
   * The host's ports that the guests' ports are translated to.
   *
   * @default - 1024 to 65535
   */
  readonly natPorts?: PortRange;

  /**
   * Whether IPv6 addresses are translated too.
   *
   * @default false - IPv6 is routed
   */
  readonly natIpv6?: boolean;
}

/**
 * A network whose virtual machines reach other networks with the host's address, by address translation. They cannot be
 * reached from there.
 *
 * @example
 * new NatNetwork(this, "nat", { host, cidr: Cidr.parse("10.2.0.0/24") });
 *
 * @see https://libvirt.org/formatnetwork.html#nat-based-network
 */
export class NatNetwork extends VirtualNetwork {
  constructor(scope: Construct, id: string, props: NatNetworkProps) {
    const { cidr, uplink, natAddresses, natPorts, natIpv6 } = props;
    super(scope, id, props);
    defineVirtualNetwork(this, props, {
      cidr,
      uplink,
      forwardMode: "nat",
      forward: { mode: "nat", devices: uplink === undefined ? undefined : [uplink], natAddresses, natPorts, natIpv6 },
    });
    checkUplink(this, uplink);
    this.validatePorts(natPorts);
  }

  private validatePorts(ports: PortRange | undefined): void {
    checkWhole(this, "natPorts.start", ports?.start, { least: 1, most: 65_535 });
    checkWhole(this, "natPorts.end", ports?.end, { least: 1, most: 65_535 });
    if (ports !== undefined && ports.end < ports.start) {
      addError(this, `'natPorts' must not end before its start, got ${ports.start} to ${ports.end}; swap them`);
    }
  }
}
