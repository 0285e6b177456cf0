import type { IConstruct } from "constructs";
import type { NetworkAttachment } from "./network-interfaces";

const attachments = new WeakMap<IConstruct, Map<string, NetworkAttachment>>();

/** Notes what an interface of a machine was asked to be, by its name. */
export function noteLeg(machine: IConstruct, name: string, attachment: NetworkAttachment): void {
  const legs = attachments.get(machine) ?? new Map<string, NetworkAttachment>();
  attachments.set(machine, legs);
  legs.set(name, attachment);
}

/** What a machine's interfaces were asked to be, by name. */
export function legsOf(machine: IConstruct): ReadonlyMap<string, NetworkAttachment> {
  return attachments.get(machine) ?? new Map<string, NetworkAttachment>();
}
