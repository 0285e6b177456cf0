import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { DiskBus } from "../disks";

const pci = /^[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/;
const drive = /^(0|[1-9][0-9]{0,4})(:(0|[1-9][0-9]{0,4})){3}$/;

/** Checks a PCI address that a guest sees. */
export function checkPciAddress(at: IConstruct, property: string, address: string | undefined): string | undefined {
  if (address !== undefined && !Token.isUnresolved(address) && !pci.test(address)) {
    addError(
      at,
      `'${property}' must be a PCI address in lower case like 0000:05:00.0, got '${address}'; write domain, bus, slot and function`,
    );
  }
  return address;
}

/** Checks the address of a disk on its bus. */
export function checkDiskAddress(
  at: IConstruct,
  property: string,
  address: string | undefined,
  bus: DiskBus,
): string | undefined {
  if (address === undefined || Token.isUnresolved(address) || bus === "virtio") {
    return checkPciAddress(at, property, address);
  }
  if (bus === "usb") {
    addError(at, `'${property}' cannot be combined with bus 'usb', whose ports libvirt chooses; remove '${property}'`);
  } else if (!drive.test(address)) {
    addError(
      at,
      `'${property}' must be the controller, bus, target and unit like 0:0:0:1 on bus '${bus}', got '${address}'; write four numbers`,
    );
  }
  return address;
}
