import type { LabHost } from "./fleet";
import type { HostKind } from "./host-kind";

/** What every host of a lab can do, whatever it runs in. */
export interface HostControl {
  readonly name: string;
  readonly kind: HostKind;
  /** The URI through which this machine reaches it. */
  readonly uri: string;
  /** Its address on the fabric. */
  readonly address: string;

  /** Returns its entry in the lab's file. */
  describe(): LabHost;

  /** Reports whether its libvirtd answers a call. */
  answers(): Promise<boolean>;

  /** Returns the names of its domains, whether running or not. */
  domains(): Promise<string[]>;
}
