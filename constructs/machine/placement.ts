import type { IHost } from "../host/types";

/** What decides the host of a machine on a fleet. */
export interface MachinePlacement {
  /**
   * The host of the fleet that the machine is on.
   *
   * @default - `kvm-fleet place` chooses
   */
  readonly pinnedTo?: IHost;

  /**
   * Labels that the host must have, such as `{ disk: "ssd" }`.
   *
   * @default - none
   */
  readonly requires?: Readonly<Record<string, string>>;

  /**
   * Labels that the host should have.
   *
   * @default - none
   */
  readonly prefers?: Readonly<Record<string, string>>;

  /**
   * Whether the machine must have room on another host after the failures that its fleet survives.
   *
   * @default true
   */
  readonly mustSurvive?: boolean;
}
