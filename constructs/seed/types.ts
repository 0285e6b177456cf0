import type { SeedConfig } from "@cdktf/provider-libvirt";

/** What a seed contains, for one machine. */
export type SeedContent = Pick<
  SeedConfig,
  "cloudInit" | "configDrive" | "ignition" | "combustion" | "label" | "files" | "content"
>;

/** A file on a seed: text, which may contain tokens, or bytes. */
export type SeedFile = string | Uint8Array;

/** What a guest configures itself with. Any number of machines can use the same object. */
export interface ISeed {
  /** What reads the seed, as in messages. */
  readonly reader: string;

  /** Whether the guest can be made to run the seed again. If not, it uses the seed at its first boot only. */
  readonly runsAgain: boolean;

  /** The name by which the guest finds the seed in QEMU's fw_cfg. Undefined if it finds a disk by its label. */
  readonly fwCfg?: string;

  /**
   * Returns the errors in this data, which the virtual machine that uses it reports.
   *
   * @param machineName name of the machine
   */
  problems(machineName: string): string[];

  /**
   * Renders the data for one virtual machine.
   *
   * @param machineName name of the machine
   * @param rerun whether the guest runs the seed again whenever its content changes
   */
  render(machineName: string, rerun?: boolean): SeedContent;
}
