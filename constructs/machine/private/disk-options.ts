import type { DomainDisksOptions } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import type { DiskBus, DiskCache, DiskOptions } from "../disks";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";

/** What the options of a disk must agree with. */
export interface OptionedDisk {
  readonly bus: DiskBus;
  readonly cache?: DiskCache;
  readonly format: string;
}

/** How a disk is read and written, as the domain is given it. */
export function makeDiskOptions(
  machine: IConstruct,
  property: string,
  options: DiskOptions,
  disk: OptionedDisk,
): DomainDisksOptions | undefined {
  const { io, discard, detectZeroes, queues, serial, readOnly, shared } = options;
  checkWhole(machine, `${property}.queues`, queues, { least: 1 });
  if (queues !== undefined && disk.bus !== "virtio") {
    addError(
      machine,
      `'${property}.queues' must be left out on bus '${disk.bus}', got ${queues}; only 'virtio' has several`,
    );
  }
  if (io === "native" && disk.cache !== "none" && disk.cache !== "directsync") {
    addError(
      machine,
      `'${property}.io' must not be 'native' with the host's cache; set the cache to 'none' or 'directsync'`,
    );
  }
  if (readOnly === true && (disk.bus === "sata" || disk.bus === "ide")) {
    addError(
      machine,
      `'${property}.readOnly' must not be true on bus '${disk.bus}'; use another bus, or a CD-ROM drive`,
    );
  }
  if (shared === true && disk.format !== "raw") {
    addError(
      machine,
      `'${property}.shared' must go with format 'raw', got '${disk.format}', which only one machine can write to`,
    );
  }
  if (serial !== undefined && !Token.isUnresolved(serial) && !/^[A-Za-z0-9_.+ -]+$/.test(serial)) {
    addError(
      machine,
      `'${property}.serial' must be letters, digits, '_', '.', '+', '-' and spaces, got '${serial}'; take the others out`,
    );
  }
  const made: DomainDisksOptions = {
    io,
    discard: discard === true ? "unmap" : undefined,
    detectZeroes: detectZeroes !== true ? undefined : discard === true ? "unmap" : "on",
    queues,
    serial,
    readOnly: readOnly === true ? true : undefined,
    shareable: shared === true ? true : undefined,
  };
  return Object.values(made).some((value) => value !== undefined) ? made : undefined;
}
