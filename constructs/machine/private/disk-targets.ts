import type { IConstruct } from "constructs";
import type { DiskBus } from "../disks";
import { addError } from "../../core/errors";

const letters = Array.from("abcdefghijklmnopqrstuvwxyz");

const prefixOf: Readonly<Record<DiskBus, string>> = { virtio: "vd", sata: "sd", scsi: "sd", usb: "sd", ide: "hd" };

/** Which of a machine's disks has which name: `vda`, `sdb`. */
export class DiskTargets {
  private readonly taken: Set<string>;

  /** @param reserved names that are not for the asking */
  constructor(
    private readonly machine: IConstruct,
    reserved: readonly string[],
  ) {
    this.taken = new Set(reserved);
  }

  /** Takes the name that is asked for, or the first that is free on the bus. */
  public take(bus: DiskBus, asked?: string): string {
    const prefix = prefixOf[bus];
    const target = asked ?? this.firstFree(prefix);
    if (target === undefined) {
      addError(this.machine, `'disks' must be at most ${letters.length} on bus '${bus}', got more; use another bus`);
      return prefix;
    }
    if (!new RegExp(`^${prefix}[a-z]{1,2}$`).test(target)) {
      addError(
        this.machine,
        `'disks.target' must be '${prefix}' and a letter on bus '${bus}', got '${target}'; write it like '${prefix}b'`,
      );
    } else if (this.taken.has(target)) {
      addError(
        this.machine,
        `'disks.target' must be of one disk, got '${target}' twice; choose another, or leave it out`,
      );
    }
    this.taken.add(target);
    return target;
  }

  private firstFree(prefix: string): string | undefined {
    return letters.map((letter) => `${prefix}${letter}`).find((target) => !this.taken.has(target));
  }
}
