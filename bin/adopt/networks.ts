import { isIPv4 } from "node:net";
import { networkCidr } from "../../separation";
import type { Attributes } from "../pipeline/adoptable";
import { flag, group, number, same, text } from "./attributes";
import { Expression, type Value } from "./code";
import type { Definition } from "./pools";

const makers: Readonly<Record<string, string>> = {
  nat: "new NatNetwork",
  route: "new RoutedNetwork",
  none: "new IsolatedNetwork",
};

/** The construct for a network; undefined for a mode that is not written yet. */
export function networkDefinition(config: Attributes): Definition | undefined {
  const forward = group(config, "forward");
  const mode = text(forward, "mode") ?? "none";
  const autostart = flag(config, "autostart");
  const bridge = text(config, "bridge");
  if (mode === "bridge" && bridge !== undefined) {
    const openVSwitch = config.virtualport === "openvswitch" ? true : undefined;
    return { maker: "new BridgedNetwork", props: { bridge, openVSwitch, autostart } };
  }
  const maker = makers[mode];
  if (maker === undefined) return undefined;
  const addresses = addressProps(group(config, "ipv4"));
  if (addresses === undefined && mode !== "none") return undefined;
  const ipv6 = group(config, "ipv6");
  const { devices } = forward;
  const uplink: unknown = Array.isArray(devices) && devices.length === 1 ? devices[0] : undefined;
  return {
    maker,
    props: {
      ...addresses,
      uplink: typeof uplink === "string" ? uplink : undefined,
      natPorts: mode === "nat" ? same(group(forward, "nat_ports"), "start", "end") : undefined,
      natIpv6: mode === "nat" ? flag(forward, "nat_ipv6") : undefined,
      ipv6: text(ipv6, "address") === undefined ? undefined : same(ipv6, "address", "prefix"),
      dnsDomain: text(group(config, "domain"), "name"),
      // A name that libvirt chose may be in use by another network after a replacement.
      bridge: bridge === undefined || /^virbr\d+$/.test(bridge) ? undefined : bridge,
      mtu: number(config, "mtu"),
      isolatedGuests: flag(config, "isolated"),
      autostart,
    },
  };
}

/** The addresses of a network; undefined where it has none. */
function addressProps(ipv4: Attributes): Record<string, Value | undefined> | undefined {
  const [address, prefix] = [text(ipv4, "address"), number(ipv4, "prefix")];
  if (address === undefined || !isIPv4(address) || prefix === undefined) return undefined;
  const cidr = networkCidr(address, prefix, 4);
  const first = numberOf(cidr.replace(/\/.*$/, ""));
  const isFirst = numberOf(address) === first + 1;
  const dhcp = group(ipv4, "dhcp");
  const [start, end] = [text(dhcp, "start") ?? "", text(dhcp, "end") ?? ""];
  const isAll = isFirst && numberOf(start) === first + 2 && numberOf(end) === first + 2 ** (32 - prefix) - 2;
  return {
    cidr: new Expression(`Cidr.parse("${cidr}")`, ["Cidr"]),
    gateway: isFirst ? undefined : address,
    dhcp: ipv4.dhcp === undefined ? false : undefined,
    dhcpRange: start === "" || end === "" || isAll ? undefined : { start, end },
    dhcpLeaseSeconds: number(dhcp, "lease_time"),
  };
}

/** The number of an IPv4 address. */
function numberOf(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
