/**
 * Settings of one or several network interfaces of a guest.
 *
 * @see https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v2.html
 */
export interface CloudInitEthernet {
  /**
   * Name of the interface in the guest, such as `enp1s0`, or a pattern such as `en*`.
   *
   * @default - the key in `CloudInitProps.network`
   */
  readonly matchName?: string;

  /**
   * MAC address of the interface, instead of its name.
   *
   * @default - any MAC address
   */
  readonly matchMac?: string;

  /**
   * Whether the interface requests an IPv4 address by DHCP.
   *
   * @default - true if there are no `addresses`
   */
  readonly dhcp4?: boolean;

  /**
   * Whether the interface requests an IPv6 address by DHCP.
   *
   * @default - as the guest's distribution decides
   */
  readonly dhcp6?: boolean;

  /**
   * Whether the interface takes IPv6 addresses and routes from router advertisements.
   *
   * @default - as the guest's kernel decides
   */
  readonly acceptRa?: boolean;

  /**
   * Fixed addresses with the length of the prefix, such as `10.1.0.10/24` and `fd00:1::10/64`.
   *
   * @default - no fixed addresses
   */
  readonly addresses?: readonly string[];

  /**
   * The IPv4 default gateway.
   *
   * @default - the gateway from DHCP
   */
  readonly gateway4?: string;

  /**
   * The IPv6 default gateway.
   *
   * @default - the gateway from router advertisements
   */
  readonly gateway6?: string;

  /**
   * Further routes.
   *
   * @default - no further routes
   */
  readonly routes?: readonly CloudInitRoute[];

  /**
   * Addresses of DNS servers.
   *
   * @default - the DNS servers from DHCP
   */
  readonly nameservers?: readonly string[];

  /**
   * Domains in which the guest looks up short host names.
   *
   * @default - the domains from DHCP
   */
  readonly searchDomains?: readonly string[];

  /**
   * Name that the interface gets in the guest. It requires `matchMac`.
   *
   * @default - the interface keeps its name
   */
  readonly setName?: string;

  /**
   * Whether the guest starts without waiting for the interface.
   *
   * @default false
   */
  readonly optional?: boolean;

  /**
   * Size of the largest packet, in bytes.
   *
   * @default - the MTU of the network
   */
  readonly mtu?: number;
}

/** A route of a guest. */
export interface CloudInitRoute {
  /** The destination with the length of its prefix, such as `10.2.0.0/16` and `::/0`. */
  readonly to: string;

  /** The gateway. */
  readonly via: string;

  /**
   * The metric: of several routes to one destination, the guest prefers that with the lowest.
   *
   * @default - the guest's default
   */
  readonly metric?: number;

  /**
   * Whether the gateway can be reached directly although it is in none of the interface's networks.
   *
   * @default false
   */
  readonly onLink?: boolean;
}

/**
 * What cloud-init reads as network-config, version 2.
 *
 * @see https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v2.html
 */
export function networkConfig(ethernets: Readonly<Record<string, CloudInitEthernet>>): object {
  return {
    version: 2,
    ethernets: Object.fromEntries(Object.entries(ethernets).map(([key, ethernet]) => [key, render(ethernet)])),
  };
}

function render(ethernet: CloudInitEthernet): object {
  const { matchName, matchMac, nameservers, searchDomains, gateway4, gateway6, routes = [] } = ethernet;
  const all = [
    ...(gateway4 === undefined ? [] : [{ to: "0.0.0.0/0", via: gateway4 }]),
    ...(gateway6 === undefined ? [] : [{ to: "::/0", via: gateway6 }]),
    ...routes.map(({ onLink, ...route }) => ({ ...route, "on-link": onLink })),
  ];
  const hasMatch = matchName !== undefined || matchMac !== undefined;
  const hasDns = nameservers !== undefined || searchDomains !== undefined;
  return {
    match: hasMatch ? { name: matchName, macaddress: matchMac } : undefined,
    "set-name": ethernet.setName,
    dhcp4: ethernet.dhcp4 ?? ethernet.addresses === undefined,
    dhcp6: ethernet.dhcp6,
    "accept-ra": ethernet.acceptRa,
    addresses: ethernet.addresses,
    // 'gateway4' and 'gateway6' themselves are deprecated in netplan.
    routes: all.length === 0 ? undefined : all,
    nameservers: hasDns ? { search: searchDomains, addresses: nameservers } : undefined,
    optional: ethernet.optional,
    mtu: ethernet.mtu,
  };
}
