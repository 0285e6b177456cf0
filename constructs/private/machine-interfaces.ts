import type { DomainInterfaces } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IVirtualMachine } from "../virtual-machine";
import type { NetworkAttachment } from "../virtual-machine-devices";
import { refuse } from "./findings";
import { checkSameHost } from "./host-agreement";
import { isHostname } from "./hostname";
import { checkMac, deriveMac } from "./mac-address";
import { makeBandwidth } from "./machine-throttles";

/** The network interfaces of one virtual machine, as the domain is given them, by name. */
export function makeInterfaces(
  machine: IVirtualMachine,
  attachments: readonly NetworkAttachment[],
): Record<string, DomainInterfaces> {
  const interfaces: Record<string, DomainInterfaces> = {};
  for (const attachment of attachments) {
    const { network, mac, model, link, filter, name = nameFor(attachment.network.networkName) } = attachment;
    checkInterfaceName(machine, name);
    checkSameHost(machine, "'networks.network'", network.host, machine.host, "use a network there");
    if (name in interfaces) {
      refuse(machine, `'networks.name' must be of one interface, got '${name}' twice; give each a 'name' of its own`);
    }
    const bandwidth = makeBandwidth(machine, "networks.bandwidth", attachment.bandwidth);
    const chosen = checkMac(machine, mac ?? deriveMac(`${machine.node.path}/${name}`));
    interfaces[name] = { network: network.networkReference, mac: chosen, model, link, filter, bandwidth };
    reserve(machine, attachment, chosen);
  }
  return interfaces;
}

/** Has DHCP keep the interface's address, here and wherever it may be needed. */
function reserve(
  machine: IVirtualMachine,
  { network, address, alsoReservedOn = [] }: NetworkAttachment,
  mac: string,
): void {
  if (address === undefined) {
    if (alsoReservedOn.length > 0) {
      refuse(machine, "'networks.alsoReservedOn' must go with an 'address', got it alone; say which is to be reserved");
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
    refuse(machine, `'networks.name' must be letters, digits, '-' and '_', got '${name}'; leave the rest out`);
  }
}
