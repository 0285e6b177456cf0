import type { DomainConfig } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { Architecture } from "../architecture";
import type { VirtualMachineProps } from "../props";

/** Renders a machine's firmware. */
export function makeFirmware(
  machine: IConstruct,
  { firmware, secureBoot, machine: board, architecture }: VirtualMachineProps,
): Pick<DomainConfig, "firmware" | "efi"> {
  if (secureBoot !== true) {
    return { firmware };
  }
  if (firmware === "bios") {
    addError(machine, "'secureBoot' requires firmware 'efi', got 'bios'; remove 'firmware' or 'secureBoot'");
  }
  if (board !== undefined && /^pc(-i440fx-.*)?$/.test(board.name)) {
    addError(machine, `'secureBoot' requires machine type Q35, got '${board.name}'; remove 'machine' or 'secureBoot'`);
  }
  if (architecture !== undefined && architecture.name !== Architecture.X86_64.name) {
    addError(
      machine,
      `'secureBoot' requires architecture 'x86_64', got '${architecture.name}'; remove 'architecture' or 'secureBoot'`,
    );
  }
  return { firmware: "efi", efi: { secureBoot: true } };
}
