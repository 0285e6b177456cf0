import type { DomainInterfaces } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { addError } from "../../core/errors";
import { originalPath } from "../../core/former-paths";
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
import { checkPciAddress } from "./bus-address";
import { checkMac, deriveMac } from "./mac-address";

/** Renders a machine's network interfaces, by name, and reserves their addresses. */
export function makeInterfaces(
  machine: IVirtualMachine,
  attachments: readonly NetworkAttachment[],
): Record<string, DomainInterfaces> {
  const interfaces: Record<string, DomainInterfaces> = {};
  const ordered = areOrdered(machine, attachments);
  for (const [index, attachment] of attachments.entries()) {
    const { network, mac, model, link, filter, isolated, queues } = attachment;
    const { name = defaultName(network.networkName) } = attachment;
    checkInterfaceName(machine, name);
    checkSameHost(machine, "'networks.network'", network.host, machine.host, "use a network there");
    if (name in interfaces) {
      addError(
        machine,
        `'networks.name' must be unique, '${name}' is already used by another interface; set another 'name'`,
      );
    }
    const bandwidth = makeBandwidth(machine, "networks.bandwidth", attachment.bandwidth);
    const macAddress = checkMac(machine, mac ?? deriveMac(`${originalPath(machine)}/${name}`));
    checkNetworkSupport(machine, attachment);
    checkAddresses(machine, "networks.guestAddresses", attachment.guestAddresses);
    recordAttachment(machine, name, attachment);
    checkWhole(machine, "networks.queues", queues, { least: 1, most: 256 });
    interfaces[name] = {
      network: network.networkReference,
      portgroup: attachment.portGroup,
      mac: macAddress,
      model,
      link,
      filter,
      filterParameters: makeFilterParameters(machine, attachment),
      isolated,
      vlan: makeVlan(machine, "networks.vlan", attachment.vlan),
      mtu: checkMtu(machine, "networks.mtu", attachment.mtu),
      queues,
      bandwidth,
      position: ordered ? index + 1 : undefined,
      address: checkPciAddress(machine, "networks.busAddress", attachment.busAddress),
    };
    reserveAddresses(machine, attachment, macAddress);
  }
  return interfaces;
}

/** Whether the interfaces get addresses in the order of the list: several do, unless they state their addresses. */
function areOrdered(machine: IVirtualMachine, attachments: readonly NetworkAttachment[]): boolean {
  const stated = attachments.filter(({ busAddress }) => busAddress !== undefined);
  if (stated.length > 0 && stated.length < attachments.length) {
    addError(
      machine,
      `'networks.busAddress' must be set for all interfaces or for none, got ${stated.length} of ${attachments.length}; set the others, or remove it`,
    );
  }
  return stated.length === 0 && attachments.length > 1;
}

/** Adds the filters that a separation policy has set to the interfaces. */
export function withFilters(
  machine: IVirtualMachine,
  interfaces: Readonly<Record<string, DomainInterfaces>>,
): Record<string, DomainInterfaces> {
  return Object.fromEntries(
    Object.entries(interfaces).map(([name, settings]) => [name, { ...settings, ...filterOf(machine, name) }]),
  );
}

/** Checks that the network supports the settings of the interface. */
function checkNetworkSupport(machine: IVirtualMachine, attachment: NetworkAttachment): void {
  const { network, portGroup, model = "virtio", queues } = attachment;
  const { networkName: name, forwardMode, portGroups } = network;
  if (portGroup !== undefined && portGroups !== undefined && !portGroups.includes(portGroup)) {
    const known = portGroups.length > 0 ? `use one of '${portGroups.join("', '")}'` : "add 'portGroups' to the network";
    addError(machine, `'networks.portGroup' must be a port group of network '${name}', got '${portGroup}'; ${known}`);
  }
  const hasBridge = forwardMode !== "direct" && forwardMode !== "sriov";
  for (const property of ["isolated", "filter"] as const) {
    if (attachment[property] !== undefined && !hasBridge) {
      addError(
        machine,
        `'networks.${property}' is not supported on network '${name}', which has no bridge, got ${String(attachment[property])}; remove it`,
      );
    }
  }
  const hasVlans = forwardMode === undefined || forwardMode === "bridge" || !hasBridge;
  if (attachment.vlan !== undefined && !hasVlans) {
    addError(
      machine,
      `'networks.vlan' is not supported on network '${name}', whose bridge has no VLANs; use a BridgedNetwork, or remove 'vlan'`,
    );
  }
  if (queues !== undefined && model !== "virtio") {
    addError(
      machine,
      `'networks.queues' requires model 'virtio', got '${model}'; change the model, or remove 'queues'`,
    );
  }
}

function makeFilterParameters(
  machine: IVirtualMachine,
  { filter, filterParameters }: NetworkAttachment,
): DomainInterfaces["filterParameters"] {
  if (filterParameters === undefined) {
    return undefined;
  }
  if (filter === undefined) {
    addError(
      machine,
      "'networks.filterParameters' requires 'networks.filter'; set the filter, or remove the parameters",
    );
  }
  return Object.fromEntries(
    Object.entries(filterParameters).map(([name, value]) => [
      name,
      { values: typeof value === "string" ? [value] : [...value] },
    ]),
  );
}

/** Reserves the interface's address in DHCP, on its network and on the networks that it may migrate to. */
function reserveAddresses(
  machine: IVirtualMachine,
  { network, address, alsoReservedOn = [] }: NetworkAttachment,
  mac: string,
): void {
  if (address === undefined) {
    if (alsoReservedOn.length > 0) {
      addError(machine, "'networks.alsoReservedOn' requires 'networks.address'; set the address to reserve");
    }
    return;
  }
  const hostName = isHostname(machine.vmName) ? machine.vmName : undefined;
  for (const each of new Set([network, ...alsoReservedOn])) {
    each.reserveAddress({ owner: machine, mac, address, hostName });
  }
}

/** Characters that an interface's name cannot have: the provider uses it in an alias, and libvirt refuses them there. */
const otherCharacters = /[^A-Za-z0-9_-]/g;

function defaultName(networkName: string): string {
  return Token.isUnresolved(networkName) ? networkName : networkName.replace(otherCharacters, "-");
}

function checkInterfaceName(machine: IVirtualMachine, name: string): void {
  if (!Token.isUnresolved(name) && (name === "" || name.search(otherCharacters) >= 0)) {
    addError(machine, `'networks.name' must be letters, digits, '-' and '_', got '${name}'; remove other characters`);
  }
}
