import { isIP, isIPv4, isIPv6 } from "node:net";
import { Token } from "cdktf";
import type { CloudInitEthernet } from "../cloud-init-network";

/** Returns the problems of typed network settings. Values that contain a token are not checked. */
export function networkProblems(ethernets: Readonly<Record<string, CloudInitEthernet>>): string[] {
  return Object.values(ethernets).flatMap(ethernetProblems);
}

function ethernetProblems(ethernet: CloudInitEthernet): string[] {
  const { addresses = [], routes = [], nameservers = [], gateway4, gateway6, matchMac, setName } = ethernet;
  return [
    ...wrong("addresses", addresses, isPrefixed, "addresses with a prefix length", "10.1.0.10/24' and 'fd00:1::10/64"),
    ...wrong("gateway4", [gateway4], isIPv4, "an IPv4 address", "10.1.0.1"),
    ...wrong("gateway6", [gateway6], isIPv6, "an IPv6 address", "fd00:1::1"),
    ...wrong("nameservers", nameservers, isAddress, "IPv4 or IPv6 addresses", "10.1.0.1' and 'fd00:1::1"),
    ...wrong(
      "routes.to",
      routes.map((route) => route.to),
      (to) => to === "default" || isPrefixed(to),
      "destinations with a prefix length",
      "10.2.0.0/16' and '::/0",
    ),
    ...wrong(
      "routes.via",
      routes.map((route) => route.via),
      isAddress,
      "IPv4 or IPv6 addresses",
      "10.1.0.2' and 'fd00:1::2",
    ),
    ...wrong(
      "matchMac",
      [matchMac],
      (mac) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac),
      "a MAC address",
      "52:54:00:12:34:56",
    ),
    ...(setName !== undefined && matchMac === undefined
      ? ["'cloudInit.network.setName' requires 'matchMac', by which the guest finds the interface; set it"]
      : []),
  ];
}

function wrong(
  property: string,
  values: readonly (string | undefined)[],
  isRight: (value: string) => boolean,
  must: string,
  like: string,
): string[] {
  return values
    .filter((value) => value !== undefined && !Token.isUnresolved(value) && !isRight(value))
    .map((value) => `'cloudInit.network.${property}' must be ${must}, got '${value}'; write it like '${like}'`);
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

function isPrefixed(text: string): boolean {
  const [address = "", length, ...more] = text.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && length !== undefined && /^\d{1,3}$/.test(length) && Number(length) <= most;
}
