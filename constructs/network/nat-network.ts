import { defineVirtualNetwork } from "./private/virtual-definition";
import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { addError } from "../core/errors";
import { checkWhole } from "../core/numbers";
import type { PortRange } from "../core/port-range";
import { checkUplink } from "./private/uplink";
import type { VirtualNetworkProps } from "./props";
import type { DhcpRange } from "./settings";
import { VirtualNetwork } from "./virtual-network";

/** Properties of a network with a way out. */
export interface NatNetworkProps extends VirtualNetworkProps {
  /** Its addresses, apart from those of every other network on the host. */
  readonly cidr: Cidr;

  /**
   * The device of the host by which they get out, and no other.
   *
   * @default - whichever leads there
   */
  readonly uplink?: string;

  /**
   * Addresses of the host behind which they are hidden: the first and the last.
   *
   * @default - the one that the host has on the way out
   */
  readonly natAddresses?: DhcpRange;

  /**
   * Ports of the host that are used for them: the first and the last.
   *
   * @default - 1024 to 65535
   */
  readonly natPorts?: PortRange;

  /**
   * Whether IPv6 is hidden, too.
   *
   * @default - it is routed
   */
  readonly natIpv6?: boolean;
}

/**
 * A network whose virtual machines reach the world as the host, by address translation, and can't be reached from there.
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
      addError(this, `'natPorts' must end after its start, got ${ports.start} to ${ports.end}; swap them`);
    }
  }
}
