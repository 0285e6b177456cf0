import type { DomainDisksOptions } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";
import type { DiskBus, DiskCache, DiskOptions } from "../disks";
import { makeDiskLabels } from "./confinement";

/** Settings of a disk that its options depend on. */
export interface DiskSettings {
  readonly bus: DiskBus;
  readonly cache?: DiskCache;
  readonly format: string;
}

/** Renders the options of a disk. */
export function makeDiskOptions(
  machine: IConstruct,
  property: string,
  options: DiskOptions,
  disk: DiskSettings,
): DomainDisksOptions | undefined {
  const { io, discard, detectZeroes, queues, ioThread, serial, readOnly, shared, labels } = options;
  checkWhole(machine, `${property}.queues`, queues, { least: 1 });
  checkWhole(machine, `${property}.ioThread`, ioThread, { least: 1 });
  if (ioThread !== undefined && disk.bus !== "virtio") {
    addError(
      machine,
      `'${property}.ioThread' requires bus 'virtio', got '${disk.bus}'; change the bus, or remove 'ioThread'`,
    );
  }
  if (queues !== undefined && disk.bus !== "virtio") {
    addError(
      machine,
      `'${property}.queues' requires bus 'virtio', got '${disk.bus}'; change the bus, or remove 'queues'`,
    );
  }
  if (io === "native" && disk.cache !== "none" && disk.cache !== "directsync") {
    addError(
      machine,
      `'${property}.io' of 'native' requires cache 'none' or 'directsync'; set one of these, or remove 'io'`,
    );
  }
  if (readOnly === true && (disk.bus === "sata" || disk.bus === "ide")) {
    addError(
      machine,
      `'${property}.readOnly' is not supported on bus '${disk.bus}'; use another bus, or a CD-ROM drive`,
    );
  }
  if (shared === true && disk.format !== "raw") {
    addError(
      machine,
      `'${property}.shared' requires format 'raw', got '${disk.format}', which only one machine can write to; use a raw disk`,
    );
  }
  if (serial !== undefined && !Token.isUnresolved(serial) && !/^[A-Za-z0-9_.+ -]+$/.test(serial)) {
    addError(
      machine,
      `'${property}.serial' must be letters, digits, '_', '.', '+', '-' and spaces, got '${serial}'; remove other characters`,
    );
  }
  const made: DomainDisksOptions = {
    io,
    discard: discard === true ? "unmap" : undefined,
    detectZeroes: detectZeroes !== true ? undefined : discard === true ? "unmap" : "on",
    queues,
    iothread: ioThread,
    serial,
    readOnly: readOnly === true ? true : undefined,
    shareable: shared === true ? true : undefined,
    seclabel: makeDiskLabels(machine, property, labels),
  };
  return Object.values(made).some((value) => value !== undefined) ? made : undefined;
}
