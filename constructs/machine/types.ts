import type { IConstruct } from "constructs";
import type { IHost } from "../host/types";

/** A virtual machine, as other constructs refer to it. */
export interface IVirtualMachine extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly vmName: string;
}
