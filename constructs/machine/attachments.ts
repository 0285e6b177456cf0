import type { DomainInterfaces } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { ConstructState } from "../core/construct-state";
import type { NetworkAttachment } from "./network-interfaces";

/** What a policy sets on an interface. */
export type InterfaceFilter = Pick<DomainInterfaces, "filter" | "filterParameters" | "isolated">;

interface Attachment {
  readonly attachment: NetworkAttachment;
  filter?: InterfaceFilter;
}

/** The interfaces of each machine, by name. */
const machines = new ConstructState(() => new Map<string, Attachment>());

/** Records what an interface of a machine was requested to be. */
export function recordAttachment(machine: IConstruct, name: string, attachment: NetworkAttachment): void {
  machines.of(machine).set(name, { attachment });
}

/** What an interface of a machine was requested to be; undefined for one that no VirtualMachine declares. */
export function attachmentOf(machine: IConstruct, name: string): NetworkAttachment | undefined {
  return machines.of(machine).get(name)?.attachment;
}

/**
 * Sets the filter of a machine's interface, which its domain reads when it is synthesized.
 *
 * @returns whether the machine has an interface of that name that a VirtualMachine declares
 */
export function setFilter(machine: IConstruct, name: string, filter: InterfaceFilter): boolean {
  const attachment = machines.of(machine).get(name);
  if (attachment !== undefined) {
    attachment.filter = filter;
  }
  return attachment !== undefined;
}

/** The filter that a policy set on an interface. */
export function filterOf(machine: IConstruct, name: string): InterfaceFilter | undefined {
  return machines.of(machine).get(name)?.filter;
}
