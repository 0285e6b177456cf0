import type { DomainConfig } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import type { VirtualMachineProps } from "../props";
import { addError } from "../../core/errors";

/** What starts the guest, as the domain is given it. */
export function makeFirmware(
  machine: IConstruct,
  { firmware, secureBoot, machine: board }: VirtualMachineProps,
): Pick<DomainConfig, "firmware" | "efi"> {
  if (secureBoot !== true) {
    return { firmware };
  }
  if (firmware === "bios") {
    addError(machine, "'secureBoot' must go with firmware 'efi', got 'bios'; leave 'firmware' out, or this");
  }
  if (board !== undefined && /^pc(-i440fx-.*)?$/.test(board.name)) {
    addError(machine, `'secureBoot' must go with machine type Q35, got '${board.name}'; leave 'machine' out, or this`);
  }
  return { firmware: "efi", efi: { secureBoot: true } };
}
