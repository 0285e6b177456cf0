import type { DomainDisksIotune, DomainInterfacesBandwidth } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { Size } from "../../core/size";
import type { NetworkBandwidth } from "../network-interfaces";
import type { DiskThrottle } from "../disks";
import { refuse } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";

const oneByte = Size.bytes(1);

/** How much may be read from a disk and written to it, as the domain is given it. */
export function makeIotune(
  machine: IConstruct,
  property: string,
  throttle: DiskThrottle | undefined,
): DomainDisksIotune | undefined {
  if (throttle === undefined) {
    return undefined;
  }
  const { bytesPerSecond, readBytesPerSecond, writtenBytesPerSecond, ...operations } = throttle;
  const sizes = { bytesPerSecond, readBytesPerSecond, writtenBytesPerSecond };
  for (const [name, size] of Object.entries(sizes)) {
    if (size?.isLessThan(oneByte) === true) {
      refuse(
        machine,
        `'${property}.${name}' must be at least 1 byte, got ${size.toString()}; leave it out for no limit`,
      );
    }
  }
  for (const [name, number] of Object.entries(operations)) {
    checkWhole(machine, `${property}.${name}`, number, { least: 1 });
  }
  checkNotEmpty(machine, property, throttle);
  checkTotal(machine, property, throttle, "bytesPerSecond", ["readBytesPerSecond", "writtenBytesPerSecond"]);
  checkTotal(machine, property, throttle, "operationsPerSecond", ["readsPerSecond", "writesPerSecond"]);
  return {
    totalBytesSec: bytesPerSecond?.toBytes(),
    readBytesSec: readBytesPerSecond?.toBytes(),
    writeBytesSec: writtenBytesPerSecond?.toBytes(),
    totalIopsSec: throttle.operationsPerSecond,
    readIopsSec: throttle.readsPerSecond,
    writeIopsSec: throttle.writesPerSecond,
  };
}

/** libvirt 9.0: 'total and read/write of bytes_sec cannot be set at the same time'. */
function checkTotal(
  machine: IConstruct,
  property: string,
  throttle: DiskThrottle,
  total: keyof DiskThrottle,
  parts: readonly (keyof DiskThrottle)[],
): void {
  const part = parts.find((name) => throttle[name] !== undefined);
  if (throttle[total] !== undefined && part !== undefined) {
    refuse(machine, `'${property}.${total}' must stand alone, got '${part}' too; leave one of them out`);
  }
}

/** How fast an interface may be, as the domain is given it. */
export function makeBandwidth(
  machine: IConstruct,
  property: string,
  bandwidth: NetworkBandwidth | undefined,
): DomainInterfacesBandwidth | undefined {
  if (bandwidth === undefined) {
    return undefined;
  }
  checkNotEmpty(machine, property, bandwidth);
  for (const direction of ["inbound", "outbound"] as const) {
    for (const rate of ["average", "peak", "burst"] as const) {
      checkUnits(machine, `${property}.${direction}.${rate}`, bandwidth[direction]?.[rate], "KiB");
    }
  }
  const { inbound, outbound } = bandwidth;
  return {
    inboundAverage: inbound?.average.toKibibytes("up"),
    inboundPeak: inbound?.peak?.toKibibytes("up"),
    inboundBurst: inbound?.burst?.toKibibytes("up"),
    outboundAverage: outbound?.average.toKibibytes("up"),
    outboundPeak: outbound?.peak?.toKibibytes("up"),
    outboundBurst: outbound?.burst?.toKibibytes("up"),
  };
}

function checkNotEmpty(machine: IConstruct, property: string, limits: object): void {
  if (Object.values(limits).every((limit) => limit === undefined)) {
    refuse(machine, `'${property}' must limit something, got no limit; leave it out`);
  }
}
