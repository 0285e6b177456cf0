import { type HostAddresses, hostsOf, runProviderCommand } from "./provider-command";
import { checkShape } from "./shape";
import type { Stack } from "./stacks";

/** What an operator does with machines outside of a deployment. */
export type Act = "start" | "stop" | "reboot" | "snapshot";

/** What the provider is asked to do, in JSON. */
export interface ActRequest {
  readonly hosts: HostAddresses;
  readonly act: Act;
  readonly machines: readonly ActedMachine[];
}

export interface ActedMachine {
  /** Path of the construct. */
  readonly name: string;
  readonly domain: string;
  readonly host: string;
  readonly shutdown: {
    /** In seconds. 0 cuts the power at once, null is the provider's default. */
    readonly timeout: number | null;
    /** `acpi`, `agent`, or empty to leave it to libvirt. */
    readonly mode: string;
    /** `force` or `fail`. */
    readonly onTimeout: string;
  };
  /** Null unless the act is `snapshot`. */
  readonly snapshot: TakenSnapshot | null;
}

/** The snapshot to take. */
export interface TakenSnapshot {
  readonly name: string;
  readonly memory: boolean;
  readonly quiesce: boolean;
}

/** The result for each machine, in the order of the request. */
export interface ActReport {
  readonly machines: readonly { readonly name: string; readonly state: string; readonly error: string }[];
}

/** Has the provider act on machines, all at the same time. */
export async function act(stacks: readonly Stack[], request: Omit<ActRequest, "hosts">): Promise<ActReport> {
  const purpose = `${request.act} machines`;
  return parseActReport(await runProviderCommand(stacks, "act", purpose, { hosts: hostsOf(stacks), ...request }));
}

/** Checks the report of an act. */
export function parseActReport(value: unknown): ActReport {
  checkShape(value, { machines: [{ name: "string", state: "string", error: "string" }] });
  return value as ActReport;
}
