import type { Attributes } from "../pipeline/adoptable";
import { entriesOf, flag, group, number, text } from "./attributes";
import { Expression, type Value, Varying } from "./code";
import type { Site, UsedNetwork } from "./site";

/** The interfaces of a machine on networks. Those on a bridge or a device are left out: the machine has no property for them. */
export function interfaceProps(config: Attributes, machine: string, parts: Site): readonly Value[] | undefined {
  const all = entriesOf(config, "interfaces").flatMap(([name, nic], index) => {
    const network = parts.network(text(nic, "network") ?? "");
    return network === undefined ? [] : [interfaceProp(name, nic, index, machine, network)];
  });
  return all.length === 0 ? undefined : all;
}

function interfaceProp(
  name: string,
  nic: Attributes,
  index: number,
  machine: string,
  network: UsedNetwork,
): Record<string, Value | undefined> {
  const mac = text(nic, "mac");
  const address = mac === undefined ? undefined : reservedFor(mac, machine, network);
  const which = index === 0 ? "" : String(index + 1);
  return {
    network: new Expression(network.variable),
    name,
    mac: mac === undefined ? undefined : new Varying(`mac${which}`, mac),
    address: address === undefined ? undefined : new Varying(`address${which}`, address),
    model: text(nic, "model"),
    link: text(nic, "link"),
    filter: text(nic, "filter"),
    portGroup: text(nic, "portgroup"),
    isolated: flag(nic, "isolated"),
    mtu: number(nic, "mtu"),
    queues: number(nic, "queues"),
  };
}

/** The address that a network reserves for an interface of a machine. */
function reservedFor(mac: string, machine: string, { object, isAdopted }: UsedNetwork): string | undefined {
  if (!isAdopted) return undefined;
  const reservation = group(group(group(group(object.config, "ipv4"), "dhcp"), "hosts"), mac.toLowerCase());
  const name = text(reservation, "name");
  return name === undefined || name === machine ? text(reservation, "ip") : undefined;
}
