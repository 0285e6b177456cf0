import type { NetworkForward, NetworkIpv4, NetworkIpv4DhcpHosts } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import type { Cidr } from "../../core/cidr";
import { ConstructState } from "../../core/construct-state";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";
import { reserve } from "../../core/uniqueness";
import { makeBandwidth } from "../bandwidth";
import { checkMtu } from "../mtu";
import type { VirtualNetworkProps } from "../props";
import type { AddressReservation, INetwork } from "../types";
import { AddressPlan } from "./address-plan";
import { defineNetwork, type NetworkKind } from "./definition";
import { checkDevice, checkNetboot, makeDns, makeDnsmasqOptions, makeIpv6, makeRoutes } from "./settings";

/** What distinguishes one kind of network with its own bridge from the others. */
export interface VirtualNetworkKind extends Omit<NetworkKind, "settings"> {
  readonly forward?: NetworkForward;
}

type IVirtualNetwork = Construct & Pick<INetwork, "host" | "networkName" | "zone" | "reserveAddress">;

/** The addresses of a network, and the DHCP reservations by MAC address. */
interface Addresses {
  plan?: AddressPlan;
  readonly reservations: Record<string, NetworkIpv4DhcpHosts>;
}

const addressesOf = new ConstructState<Addresses>(() => ({ reservations: {} }));

/** Defines a network with its own bridge. */
export function defineVirtualNetwork(
  network: IVirtualNetwork,
  props: VirtualNetworkProps,
  { forward, ...kind }: VirtualNetworkKind,
): void {
  const addresses = addressesOf.of(network);
  addresses.plan = kind.cidr && new AddressPlan(network, network.networkName, kind.cidr, props);
  validateWithoutCidr(network, props, kind.cidr);
  validateBridge(network, props.bridge);
  validateNoVlan(network, props);
  defineNetwork(network, props, {
    ...kind,
    settings: {
      forward,
      bridge: props.bridge,
      domain: props.dnsDomain === undefined ? undefined : { name: props.dnsDomain },
      ipv4: makeIpv4(network, props, kind.cidr, addresses),
      ipv6: makeIpv6(network, props.ipv6),
      dns: makeDns(network, props.dns),
      dnsmasqOptions: makeDnsmasqOptions(network, props.dns),
      routes: makeRoutes(network, props.routes),
      mtu: checkMtu(network, "mtu", props.mtu),
      bandwidth: makeBandwidth(network, "bandwidth", props.bandwidth),
      isolated: props.isolatedGuests,
    },
  });
}

/** Reserves an address for one interface, in the network's plan and in its DHCP. */
export function reserveVirtualAddress(network: IVirtualNetwork, reservation: AddressReservation): void {
  const { owner, mac, address, hostName } = reservation;
  const { plan, reservations } = addressesOf.of(network);
  if (plan === undefined) {
    addError(
      owner,
      `'address' is not supported on network '${network.networkName}', which has no 'cidr', got ${address}; set its 'cidr'`,
    );
    return;
  }
  plan.take(owner, address);
  reservations[mac] = { ip: address, name: hostName };
}

function makeIpv4(
  network: IVirtualNetwork,
  props: VirtualNetworkProps,
  cidr: Cidr | undefined,
  { plan, reservations }: Addresses,
): NetworkIpv4 | undefined {
  const seconds = props.dhcpLeaseSeconds;
  if (seconds !== 0) {
    checkWhole(network, "dhcpLeaseSeconds", seconds, { least: 120 });
  }
  const { netboot } = props;
  checkNetboot(network, netboot, plan?.range !== undefined);
  if (cidr === undefined || plan === undefined) {
    return undefined;
  }
  const { gateway, range } = plan;
  const dhcp = range && {
    ...range,
    leaseTime: seconds,
    bootp: netboot && { file: netboot.file, server: netboot.server },
    // A getter, because virtual machines reserve addresses later. Synthesis reads it after that.
    get hosts() {
      return Object.keys(reservations).length > 0 ? reservations : undefined;
    },
  };
  return { address: gateway, prefix: cidr.prefix, dhcp, tftpRoot: netboot?.tftpRoot };
}

function validateWithoutCidr(network: IVirtualNetwork, props: VirtualNetworkProps, cidr: Cidr | undefined): void {
  const given = (["gateway", "dhcp", "dhcpRange", "dhcpLeaseSeconds"] as const).find((name) => Boolean(props[name]));
  if (cidr === undefined && given !== undefined) {
    addError(network, `'${given}' requires 'cidr'; set the network's 'cidr', or remove '${given}'`);
  }
}

function validateBridge(network: IVirtualNetwork, bridge: string | undefined): void {
  if (bridge === undefined || Token.isUnresolved(bridge)) {
    return;
  }
  checkDevice(network, "bridge", bridge);
  const holder = reserve(network, network.host.uri, "bridge", bridge);
  if (holder !== undefined) {
    addError(
      network,
      `'bridge' must be unique on host '${network.host.hostName}', '${bridge}' is already used by ${holder.node.path}; rename one of them`,
    );
  }
}

/** libvirt (9.0, 11.3) refuses VLANs on a bridge of its own. */
function validateNoVlan(network: IVirtualNetwork, { portGroups = {} }: VirtualNetworkProps): void {
  for (const name of Object.keys(portGroups).filter((key) => portGroups[key]?.vlan !== undefined)) {
    addError(
      network,
      `'portGroups.${name}.vlan' requires a BridgedNetwork: a network with its own bridge has no VLANs; remove it, or create a network for each VLAN`,
    );
  }
}
