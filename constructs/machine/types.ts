import type { IConstruct } from "constructs";
import type { IHost } from "../host/types";

/** A virtual machine, as other constructs refer to it. */
export interface IVirtualMachine extends IConstruct {
  /** The host that the machine is on. */
  readonly host: IHost;

  /** Name of the machine on its host. */
  readonly vmName: string;
}
