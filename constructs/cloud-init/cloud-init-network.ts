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
   * Fixed addresses with the length of the prefix, such as `10.1.0.10/24`.
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
   * Further routes: the destination with the length of its prefix (`to`), and the gateway (`via`).
   *
   * @default - no further routes
   */
  readonly routes?: readonly { readonly to: string; readonly via: string }[];

  /**
   * Addresses of DNS servers.
   *
   * @default - the DNS servers from DHCP
   */
  readonly nameservers?: readonly string[];

  /**
   * Size of the largest packet, in bytes.
   *
   * @default - the MTU of the network
   */
  readonly mtu?: number;
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
  const { matchName, matchMac, nameservers, gateway4, routes = [] } = ethernet;
  const all = [...(gateway4 === undefined ? [] : [{ to: "0.0.0.0/0", via: gateway4 }]), ...routes];
  const hasMatch = matchName !== undefined || matchMac !== undefined;
  return {
    match: hasMatch ? { name: matchName, macaddress: matchMac } : undefined,
    dhcp4: ethernet.dhcp4 ?? ethernet.addresses === undefined,
    addresses: ethernet.addresses,
    // 'gateway4' itself is deprecated in netplan.
    routes: all.length === 0 ? undefined : all,
    nameservers: nameservers && { addresses: nameservers },
    mtu: ethernet.mtu,
  };
}
