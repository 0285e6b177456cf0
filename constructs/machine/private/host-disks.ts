import type { DomainBlkiotuneDevices } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkNotEmpty, checkUnits, checkWhole } from "../../core/numbers";
import type { HostDiskLimits } from "../resources";

/** The range of I/O weights. */
export const ioWeights = { least: 10, most: 1000 };

/** Renders a machine's limits for disks of its host. */
export function makeHostDisks(
  machine: IConstruct,
  disks: Readonly<Record<string, HostDiskLimits>> | undefined,
): Record<string, DomainBlkiotuneDevices> | undefined {
  return (
    disks &&
    Object.fromEntries(Object.entries(disks).map(([path, limits]) => [path, makeHostDisk(machine, path, limits)]))
  );
}

function makeHostDisk(machine: IConstruct, path: string, limits: HostDiskLimits): DomainBlkiotuneDevices {
  const property = `resources.hostDisks[${path}]`;
  if (!path.startsWith("/")) {
    addError(
      machine,
      `keys of 'resources.hostDisks' must be paths of disks of the host, got '${path}'; write it like '/dev/sda'`,
    );
  }
  const { ioWeight, readBytesPerSecond, writeBytesPerSecond, readsPerSecond, writesPerSecond } = limits;
  checkNotEmpty(machine, property, limits);
  checkWhole(machine, `${property}.ioWeight`, ioWeight, ioWeights);
  for (const [name, size] of Object.entries({ readBytesPerSecond, writeBytesPerSecond })) {
    checkUnits(machine, `${property}.${name}`, size, "KiB");
  }
  for (const [name, number] of Object.entries({ readsPerSecond, writesPerSecond })) {
    checkWhole(machine, `${property}.${name}`, number, { least: 1 });
  }
  return {
    weight: ioWeight,
    readBytesSec: readBytesPerSecond?.toBytes(),
    writeBytesSec: writeBytesPerSecond?.toBytes(),
    readIopsSec: readsPerSecond,
    writeIopsSec: writesPerSecond,
  };
}
