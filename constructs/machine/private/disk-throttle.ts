import type { DomainDisksIotune } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkNotEmpty, checkWhole } from "../../core/numbers";
import { Size } from "../../core/size";
import type { DiskThrottle } from "../disks";

const oneByte = Size.bytes(1);

/** Renders the limits of a disk. */
export function makeIotune(
  machine: IConstruct,
  property: string,
  throttle: DiskThrottle | undefined,
): DomainDisksIotune | undefined {
  if (throttle === undefined) {
    return undefined;
  }
  const { bytesPerSecond, readBytesPerSecond, writeBytesPerSecond, ...operations } = throttle;
  const sizes = { bytesPerSecond, readBytesPerSecond, writeBytesPerSecond };
  for (const [name, size] of Object.entries(sizes)) {
    if (size?.isLessThan(oneByte) === true) {
      addError(
        machine,
        `'${property}.${name}' must be at least 1 byte, got ${size.toString()}; remove it for no limit`,
      );
    }
  }
  for (const [name, number] of Object.entries(operations)) {
    checkWhole(machine, `${property}.${name}`, number, { least: 1 });
  }
  checkNotEmpty(machine, property, throttle);
  checkTotal(machine, property, throttle, "bytesPerSecond", ["readBytesPerSecond", "writeBytesPerSecond"]);
  checkTotal(machine, property, throttle, "operationsPerSecond", ["readsPerSecond", "writesPerSecond"]);
  return {
    totalBytesSec: bytesPerSecond?.toBytes(),
    readBytesSec: readBytesPerSecond?.toBytes(),
    writeBytesSec: writeBytesPerSecond?.toBytes(),
    totalIopsSec: throttle.operationsPerSecond,
    readIopsSec: throttle.readsPerSecond,
    writeIopsSec: throttle.writesPerSecond,
  };
}

/** Checks that a total is not combined with its parts. libvirt 9.0: 'total and read/write of bytes_sec cannot be set at the same time'. */
function checkTotal(
  machine: IConstruct,
  property: string,
  throttle: DiskThrottle,
  total: keyof DiskThrottle,
  parts: readonly (keyof DiskThrottle)[],
): void {
  const part = parts.find((name) => throttle[name] !== undefined);
  if (throttle[total] !== undefined && part !== undefined) {
    addError(machine, `'${property}.${total}' cannot be combined with '${property}.${part}'; remove one of them`);
  }
}
