import type { DomainInterfaces } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IVirtualMachine } from "../virtual-machine";
import type { NetworkAttachment } from "../virtual-machine-devices";
import { refuse } from "./findings";
import { checkSameHost } from "./host-agreement";
import { isHostname } from "./hostname";
import { checkMac, deriveMac } from "./mac-address";

/** The network interfaces of one virtual machine, as the domain is given them, by name. */
export function makeInterfaces(
  machine: IVirtualMachine,
  attachments: readonly NetworkAttachment[],
): Record<string, DomainInterfaces> {
  const interfaces: Record<string, DomainInterfaces> = {};
  for (const { network, address, mac, model, name = nameFor(network.networkName) } of attachments) {
    checkInterfaceName(machine, name);
    checkSameHost(machine, "'networks.network'", network.host, machine.host, "use a network there");
    if (name in interfaces) {
      refuse(machine, `'networks.name' must be of one interface, got '${name}' twice; give each a 'name' of its own`);
    }
    const chosen = checkMac(machine, mac ?? deriveMac(`${machine.node.path}/${name}`));
    interfaces[name] = { network: network.networkReference, mac: chosen, model };
    if (address !== undefined) {
      const hostName = isHostname(machine.vmName) ? machine.vmName : undefined;
      network.reserveAddress({ owner: machine, mac: chosen, address, hostName });
    }
  }
  return interfaces;
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
