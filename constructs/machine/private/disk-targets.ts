import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { DiskBus } from "../disks";

const letters = Array.from("abcdefghijklmnopqrstuvwxyz");

const prefixOf: Readonly<Record<DiskBus, string>> = { virtio: "vd", sata: "sd", scsi: "sd", usb: "sd", ide: "hd" };

/** Assigns targets to a machine's disks: `vda`, `sdb`. */
export class DiskTargets {
  private readonly taken: Set<string>;

  /** @param reserved targets that cannot be assigned */
  constructor(
    private readonly machine: IConstruct,
    reserved: readonly string[],
  ) {
    this.taken = new Set(reserved);
  }

  /** Returns the requested target, or the first free one of the bus. */
  public assign(bus: DiskBus, requested?: string): string {
    const prefix = prefixOf[bus];
    const target = requested ?? this.firstFree(prefix);
    if (target === undefined) {
      addError(
        this.machine,
        `'disks' must have at most ${letters.length} entries on bus '${bus}'; attach further disks to another bus`,
      );
      return prefix;
    }
    if (!new RegExp(`^${prefix}[a-z]{1,2}$`).test(target)) {
      addError(
        this.machine,
        `'disks.target' must be '${prefix}' and one or two letters on bus '${bus}', got '${target}'; write it like '${prefix}b'`,
      );
    } else if (this.taken.has(target)) {
      addError(
        this.machine,
        `'disks.target' must be unique, '${target}' is already used by another disk; choose another target, or remove it`,
      );
    }
    this.taken.add(target);
    return target;
  }

  private firstFree(prefix: string): string | undefined {
    return letters.map((letter) => `${prefix}${letter}`).find((target) => !this.taken.has(target));
  }
}
