import type { DomainInterfaces } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { addError } from "../../core/errors";
import { isHostname } from "../../core/hostname";
import { checkAddresses } from "../../core/ip-addresses";
import { checkWhole } from "../../core/numbers";
import { checkSameHost } from "../../host/same-host";
import { makeBandwidth } from "../../network/bandwidth";
import { checkMtu } from "../../network/mtu";
import { makeVlan } from "../../network/vlan";
import { filterOf, recordAttachment } from "../attachments";
import type { NetworkAttachment } from "../network-interfaces";
import type { IVirtualMachine } from "../types";
import { checkMac, deriveMac } from "./mac-address";

/** The network interfaces of one virtual machine, as the domain is given them, by name. */
export function makeInterfaces(
  machine: IVirtualMachine,
  attachments: readonly NetworkAttachment[],
): Record<string, DomainInterfaces> {
  const interfaces: Record<string, DomainInterfaces> = {};
  for (const attachment of attachments) {
    const { network, mac, model, link, filter, isolated, queues } = attachment;
    const { name = nameFor(network.networkName) } = attachment;
    checkInterfaceName(machine, name);
    checkSameHost(machine, "'networks.network'", network.host, machine.host, "use a network there");
    if (name in interfaces) {
      addError(machine, `'networks.name' must be of one interface, got '${name}' twice; give each a 'name' of its own`);
    }
    const bandwidth = makeBandwidth(machine, "networks.bandwidth", attachment.bandwidth);
    const chosen = checkMac(machine, mac ?? deriveMac(`${machine.node.path}/${name}`));
    checkPlace(machine, attachment);
    checkAddresses(machine, "networks.guestAddresses", attachment.guestAddresses);
    recordAttachment(machine, name, attachment);
    checkWhole(machine, "networks.queues", queues, { least: 1, most: 256 });
    interfaces[name] = {
      network: network.networkReference,
      portgroup: attachment.portGroup,
      mac: chosen,
      model,
      link,
      filter,
      filterParameters: makeParameters(machine, attachment),
      isolated,
      vlan: makeVlan(machine, "networks.vlan", attachment.vlan),
      mtu: checkMtu(machine, "networks.mtu", attachment.mtu),
      queues,
      bandwidth,
    };
    reserveAddresses(machine, attachment, chosen);
  }
  return interfaces;
}

/** The interfaces with the filters that a separation policy set on them. */
export function withFilters(
  machine: IVirtualMachine,
  interfaces: Readonly<Record<string, DomainInterfaces>>,
): Record<string, DomainInterfaces> {
  return Object.fromEntries(
    Object.entries(interfaces).map(([name, settings]) => [name, { ...settings, ...filterOf(machine, name) }]),
  );
}

/** Checks that the network has what is asked of it. */
function checkPlace(machine: IVirtualMachine, attachment: NetworkAttachment): void {
  const { network, portGroup, model = "virtio", queues } = attachment;
  const { networkName: name, forwardMode, portGroups } = network;
  if (portGroup !== undefined && portGroups !== undefined && !portGroups.includes(portGroup)) {
    const known = portGroups.length > 0 ? `choose one of '${portGroups.join("', '")}'` : "give it 'portGroups'";
    addError(machine, `'networks.portGroup' must be a group of network '${name}', got '${portGroup}'; ${known}`);
  }
  const hasBridge = forwardMode !== "direct" && forwardMode !== "sriov";
  for (const property of ["isolated", "filter"] as const) {
    if (attachment[property] !== undefined && !hasBridge) {
      addError(
        machine,
        `'networks.${property}' must be left out for network '${name}', which has no bridge, got ${String(attachment[property])}; leave it out`,
      );
    }
  }
  const hasVlans = forwardMode === undefined || forwardMode === "bridge" || !hasBridge;
  if (attachment.vlan !== undefined && !hasVlans) {
    addError(
      machine,
      `'networks.vlan' must be left out for network '${name}', whose bridge has none, got one; use a BridgedNetwork on Open vSwitch`,
    );
  }
  if (queues !== undefined && model !== "virtio") {
    addError(
      machine,
      `'networks.queues' must be left out for model '${model}', got ${queues}; only 'virtio' has several`,
    );
  }
}

function makeParameters(
  machine: IVirtualMachine,
  { filter, filterParameters }: NetworkAttachment,
): DomainInterfaces["filterParameters"] {
  if (filterParameters === undefined) {
    return undefined;
  }
  if (filter === undefined) {
    addError(machine, "'networks.filterParameters' must go with a 'filter', got them alone; name the filter");
  }
  return Object.fromEntries(
    Object.entries(filterParameters).map(([name, value]) => [
      name,
      { values: typeof value === "string" ? [value] : [...value] },
    ]),
  );
}

/** Has DHCP keep the interface's address, here and wherever it may be needed. */
function reserveAddresses(
  machine: IVirtualMachine,
  { network, address, alsoReservedOn = [] }: NetworkAttachment,
  mac: string,
): void {
  if (address === undefined) {
    if (alsoReservedOn.length > 0) {
      addError(
        machine,
        "'networks.alsoReservedOn' must go with an 'address', got it alone; say which is to be reserved",
      );
    }
    return;
  }
  const hostName = isHostname(machine.vmName) ? machine.vmName : undefined;
  for (const each of new Set([network, ...alsoReservedOn])) {
    each.reserveAddress({ owner: machine, mac, address, hostName });
  }
}

/** The provider makes an alias of an interface's name, and libvirt takes no other characters in one. */
const otherCharacters = /[^A-Za-z0-9_-]/g;

function nameFor(networkName: string): string {
  return Token.isUnresolved(networkName) ? networkName : networkName.replace(otherCharacters, "-");
}

function checkInterfaceName(machine: IVirtualMachine, name: string): void {
  if (!Token.isUnresolved(name) && (name === "" || name.search(otherCharacters) >= 0)) {
    addError(machine, `'networks.name' must be letters, digits, '-' and '_', got '${name}'; leave the rest out`);
  }
}
