import type { NetworkForward, NetworkIpv4, NetworkIpv4DhcpHosts } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import type { Cidr } from "../core/cidr";
import { refuse } from "../core/errors";
import { checkWhole } from "../core/numbers";
import { claim } from "../core/uniqueness";
import { makeBandwidth } from "./bandwidth";
import { checkMtu } from "./mtu";
import { Network } from "./network";
import { AddressPlan } from "./private/address-plan";
import { checkDevice, makeDns, makeIpv6, makeRoutes } from "./private/settings";
import type { VirtualNetworkProps } from "./props";
import type { AddressReservation, ForwardMode } from "./types";

/** What tells the kinds of such networks apart. */
export interface VirtualNetworkKind {
  readonly forwardMode: ForwardMode;
  readonly uplink?: string;
  readonly cidr?: Cidr;
  readonly forward?: NetworkForward;
}

/**
 * A network with a bridge of its own, with DHCP and DNS by libvirt. Make one of its kinds.
 *
 * A change of its DHCP, of names in its DNS and of its groups goes unnoticed; for any other it is started again, which
 * interrupts the traffic of running guests for about a second.
 *
 * @example
 * new IsolatedNetwork(this, "lan", { host, cidr: Cidr.parse("10.1.0.0/24"), mtu: 9000 });
 *
 * @see https://libvirt.org/formatnetwork.html
 */
export abstract class VirtualNetwork extends Network {
  private readonly addresses?: AddressPlan;
  private readonly reservations: Record<string, NetworkIpv4DhcpHosts>;

  protected constructor(scope: Construct, id: string, props: VirtualNetworkProps, kind: VirtualNetworkKind) {
    const reservations: Record<string, NetworkIpv4DhcpHosts> = {};
    let addresses: AddressPlan | undefined;
    super(scope, id, props, (network) => {
      addresses = kind.cidr && new AddressPlan(network, network.networkName, kind.cidr, props);
      validateWithoutCidr(network, props, kind.cidr);
      validateBridge(network, props.bridge);
      return {
        ...kind,
        settings: {
          forward: kind.forward,
          bridge: props.bridge,
          domain: props.dnsDomain === undefined ? undefined : { name: props.dnsDomain },
          ipv4: makeIpv4(network, props, kind.cidr, addresses, reservations),
          ipv6: makeIpv6(network, props.ipv6),
          dns: makeDns(network, props.dns),
          routes: makeRoutes(network, props.routes),
          mtu: checkMtu(network, "mtu", props.mtu),
          bandwidth: makeBandwidth(network, "bandwidth", props.bandwidth),
          isolated: props.isolatedGuests,
        },
      };
    });
    this.addresses = addresses;
    this.reservations = reservations;
  }

  public reserveAddress(reservation: AddressReservation): void {
    const { owner, mac, address, hostName } = reservation;
    if (this.addresses === undefined) {
      refuse(
        owner,
        `'address' must be left out for network '${this.networkName}', which has no 'cidr', got ${address}; give it one`,
      );
      return;
    }
    this.addresses.take(owner, address);
    this.reservations[mac] = { ip: address, name: hostName };
  }
}

function makeIpv4(
  network: Network,
  props: VirtualNetworkProps,
  cidr: Cidr | undefined,
  addresses: AddressPlan | undefined,
  reservations: Record<string, NetworkIpv4DhcpHosts>,
): NetworkIpv4 | undefined {
  const seconds = props.dhcpLeaseSeconds;
  if (seconds !== 0) {
    checkWhole(network, "dhcpLeaseSeconds", seconds, { least: 120 });
  }
  if (cidr === undefined || addresses === undefined) {
    return undefined;
  }
  const { gateway, range } = addresses;
  const dhcp = range && {
    ...range,
    leaseTime: seconds,
    // Read when the stack is synthesized: virtual machines reserve addresses after this.
    get hosts() {
      return Object.keys(reservations).length > 0 ? reservations : undefined;
    },
  };
  return { address: gateway, prefix: cidr.prefix, dhcp };
}

function validateWithoutCidr(network: Network, props: VirtualNetworkProps, cidr: Cidr | undefined): void {
  const given = (["gateway", "dhcp", "dhcpRange", "dhcpLeaseSeconds"] as const).find((name) => Boolean(props[name]));
  if (cidr === undefined && given !== undefined) {
    refuse(network, `'${given}' must be left out for a network without a 'cidr', got one; give the network a 'cidr'`);
  }
}

function validateBridge(network: Network, bridge: string | undefined): void {
  if (bridge === undefined || Token.isUnresolved(bridge)) {
    return;
  }
  checkDevice(network, "bridge", bridge);
  const holder = claim(network, network.host.uri, "bridge", bridge);
  if (holder !== undefined) {
    refuse(
      network,
      `bridge '${bridge}' is taken already on host '${network.host.hostName}' by ${holder.node.path}; give one of them another`,
    );
  }
}
