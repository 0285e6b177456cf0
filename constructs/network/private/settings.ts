import { isIP, isIPv4, isIPv6 } from "node:net";
import type {
  NetworkDns as Dns,
  NetworkIpv6 as Ipv6,
  NetworkDnsHosts,
  NetworkIpv6DhcpHosts,
  NetworkRoutes,
} from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { isHostname } from "../../core/hostname";
import { checkWhole } from "../../core/numbers";
import type { NetworkBoot, NetworkDns, NetworkIpv6, NetworkRoute } from "../settings";

/** Checks the name of a bridge or a device. Linux limits it to IFNAMSIZ, which is 16 with the final zero byte. */
export function checkDevice(at: IConstruct, property: string, name: string): void {
  if (!Token.isUnresolved(name) && (!/^[^\s/:]{1,15}$/.test(name) || name === "." || name === "..")) {
    addError(
      at,
      `'${property}' must be 1 to 15 characters without spaces, '/' and ':', got '${name}'; choose another name`,
    );
  }
}

/** Renders the IPv6 settings of a network. */
export function makeIpv6(at: IConstruct, ipv6: NetworkIpv6 | undefined): Ipv6 | undefined {
  if (ipv6 === undefined) {
    return undefined;
  }
  const { address, prefix = 64, dhcpRange, reservations } = ipv6;
  checkWhole(at, "ipv6.prefix", prefix, { least: 1, most: 127 });
  const hosts = Object.entries(reservations ?? {});
  const given: readonly (readonly [property: string, address: string | undefined])[] = [
    ["ipv6.address", address],
    ["ipv6.dhcpRange.start", dhcpRange?.start],
    ["ipv6.dhcpRange.end", dhcpRange?.end],
    ...hosts.map(([name, kept]) => [`ipv6.reservations.${name}`, kept] as const),
  ];
  for (const [property, text] of given) {
    if (text !== undefined && !Token.isUnresolved(text) && !isIPv6(text)) {
      addError(at, `'${property}' must be an IPv6 address, got '${text}'; write it like 'fd00:1::1'`);
    }
  }
  const kept: Record<string, NetworkIpv6DhcpHosts> = Object.fromEntries(hosts.map(([name, ip]) => [name, { ip }]));
  const dhcp =
    dhcpRange === undefined && hosts.length === 0
      ? undefined
      : { ...dhcpRange, hosts: hosts.length > 0 ? kept : undefined };
  return { address, prefix, dhcp };
}

/** Renders the DNS settings of a network. */
export function makeDns(at: IConstruct, dns: NetworkDns | undefined): Dns | undefined {
  if (dns === undefined) {
    return undefined;
  }
  const { enabled, forwarders, hosts } = dns;
  for (const forwarder of forwarders ?? []) {
    const [, , address = ""] = /^(\/[^/]+\/)?(.*)$/.exec(forwarder) ?? [];
    const isDomainAlone = address === "" && forwarder !== "";
    if (!Token.isUnresolved(forwarder) && isIP(address) === 0 && !isDomainAlone) {
      addError(
        at,
        `'dns.forwarders' must be addresses of servers, got '${forwarder}'; write '10.0.0.53', or '/example.org/10.0.0.53' for one domain`,
      );
    }
  }
  const named: Record<string, NetworkDnsHosts> = {};
  for (const [address, names] of Object.entries(hosts ?? {})) {
    if (isIP(address) === 0) {
      addError(at, `keys of 'dns.hosts' must be IP addresses, got '${address}'; write them like '10.0.0.10'`);
    }
    const bad = names.find((name) => !Token.isUnresolved(name) && !name.split(".").every(isHostname));
    if (bad !== undefined) {
      addError(at, `'dns.hosts' must be host names, got '${bad}' for ${address}; use letters, digits and '-'`);
    }
    named[address] = { names };
  }
  const made = { enabled, forwarders, hosts: hosts && named };
  return Object.values(made).some((value) => value !== undefined) ? made : undefined;
}

/** Renders the options of dnsmasq. */
export function makeDnsmasqOptions(at: IConstruct, dns: NetworkDns | undefined): string[] | undefined {
  const options: string[] = [];
  for (const [domain, address] of Object.entries(dns?.wildcards ?? {})) {
    if (!domain.split(".").every(isHostname)) {
      addError(at, `keys of 'dns.wildcards' must be domains, got '${domain}'; write them like 'apps.example.org'`);
    }
    if (!Token.isUnresolved(address) && isIP(address) === 0) {
      addError(at, `'dns.wildcards' must be IP addresses, got '${address}' for ${domain}; write them like '10.0.0.5'`);
    }
    options.push(`address=/${domain}/${address}`);
  }
  options.push(...(dns?.dnsmasqOptions ?? []));
  return options.length > 0 ? options : undefined;
}

/** Checks what guests boot from the network. */
export function checkNetboot(at: IConstruct, netboot: NetworkBoot | undefined, hasDhcp: boolean): void {
  if (netboot === undefined) {
    return;
  }
  const { tftpRoot, server } = netboot;
  if (!hasDhcp) {
    addError(
      at,
      "'netboot' requires DHCP, which tells guests what to load; set 'cidr' and 'dhcp', or remove 'netboot'",
    );
  }
  if (tftpRoot !== undefined && !Token.isUnresolved(tftpRoot) && !tftpRoot.startsWith("/")) {
    addError(at, `'netboot.tftpRoot' must be an absolute path on the host, got '${tftpRoot}'; begin it with '/'`);
  }
  if (server !== undefined && !Token.isUnresolved(server) && !isIPv4(server)) {
    addError(at, `'netboot.server' must be an IPv4 address, got '${server}'; write it like '10.0.0.2'`);
  }
}

/** Renders the routes of a network. */
export function makeRoutes(
  at: IConstruct,
  routes: readonly NetworkRoute[] | undefined,
): Record<string, NetworkRoutes> | undefined {
  const made: Record<string, NetworkRoutes> = {};
  for (const { destination, gateway, metric } of routes ?? []) {
    const [network = "", bits = ""] = destination.split("/");
    const most = isIPv4(network) ? 32 : 128;
    if (isIP(network) === 0 || !/^\d+$/.test(bits) || Number(bits) > most) {
      addError(
        at,
        `'routes.destination' must be an address with a prefix length, got '${destination}'; write it like '10.9.0.0/16'`,
      );
    } else if (!Token.isUnresolved(gateway) && isIP(gateway) !== isIP(network)) {
      addError(
        at,
        `'routes.gateway' must have the same address family as ${destination}, got '${gateway}'; use an address of a guest`,
      );
    }
    checkWhole(at, "routes.metric", metric, { least: 1 });
    if (destination in made) {
      addError(at, `'routes.destination' must be unique, '${destination}' is listed twice; remove one of them`);
    }
    made[destination] = { gateway, metric };
  }
  return routes && made;
}
