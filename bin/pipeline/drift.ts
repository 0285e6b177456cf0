import { type HostAddresses, hostsOf, runProviderCommand } from "./provider-command";
import { checkShape } from "./shape";
import type { Stack } from "./stacks";
import { pullState } from "./terraform";

/** What the hosts have otherwise than the states say, as the provider reports it. */
export interface DriftReport {
  readonly hosts: readonly DriftHost[];
  /** How many objects were compared. */
  readonly compared: number;
  /** How many objects cannot be read now, such as volumes in a stopped pool. A plan keeps their state, too. */
  readonly inactive: number;
  readonly changed: readonly { readonly object: StateObject; readonly attributes: readonly ChangedAttribute[] }[];
  readonly gone: readonly StateObject[];
  /** Objects that their hosts did not tell, although the hosts answer. */
  readonly unread: readonly { readonly object: StateObject; readonly error: string }[];
  readonly undeclared: readonly UndeclaredObject[];
}

export interface DriftHost {
  readonly name: string;
  readonly uri: string;
  /** Why the host could not be asked; empty where it answered. */
  readonly error: string;
  /** How many of its objects were not compared because of that. */
  readonly unread: number;
}

/** An object of a state. */
export interface StateObject {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  /** The resource's name in the configuration. */
  readonly resource: string;
  readonly host: string;
}

export interface ChangedAttribute {
  readonly path: string;
  /** The value in the state. Null where it is unset, or sensitive. */
  readonly was: unknown;
  /** The value on the host. Null where it is unset, or sensitive. */
  readonly is: unknown;
  readonly sensitive: boolean;
}

/** An object on a host that no state has there. */
export interface UndeclaredObject {
  readonly type: string;
  readonly host: string;
  readonly name: string;
  readonly uuid: string;
  readonly state: string;
}

/** The states of stacks, and the hosts to compare them with. It contains the secrets that are in the states. */
export interface DriftRequest {
  readonly hosts: HostAddresses;
  readonly stacks: readonly StackState[];
}

export interface StackState {
  readonly name: string;
  /** The state as `terraform state pull` prints it. */
  readonly state: string;
  /** Whether the objects of the stack are compared. Otherwise they only count as declared. */
  readonly compare: boolean;
}

/**
 * Compares the states of stacks with their hosts.
 *
 * @param selected the stacks to compare
 * @param all the stacks of the app: what the others have is declared, too
 */
export async function readDrift(
  selected: readonly Stack[],
  all: readonly Stack[],
  report: (line: string) => void,
): Promise<DriftReport> {
  const request = await driftRequest(selected, all, report);
  if (Object.keys(request.hosts).length === 0) {
    return { hosts: [], compared: 0, inactive: 0, changed: [], gone: [], unread: [], undeclared: [] };
  }
  report("compare with the hosts");
  return parseDriftReport(await runProviderCommand(selected, "drift", "compare the states with the hosts", request));
}

/** Reads the states of all stacks. */
export async function driftRequest(
  selected: readonly Stack[],
  all: readonly Stack[],
  report: (line: string) => void,
): Promise<DriftRequest> {
  const stacks: StackState[] = [];
  for (const stack of all) {
    stacks.push({ name: stack.name, state: await pullState(stack, report), compare: selected.includes(stack) });
  }
  return { hosts: hostsOf(selected), stacks };
}

/** Checks the report that the provider prints. */
export function parseDriftReport(value: unknown): DriftReport {
  const object = { stack: "string", address: "string", type: "string", resource: "string", host: "string" } as const;
  checkShape(value, {
    hosts: [{ name: "string", uri: "string", error: "string", unread: "number" }],
    compared: "number",
    inactive: "number",
    changed: [{ object, attributes: [{ path: "string", was: "any", is: "any", sensitive: "boolean" }] }],
    gone: [object],
    unread: [{ object, error: "string" }],
    undeclared: [{ type: "string", host: "string", name: "string", uuid: "string", state: "string" }],
  });
  return value as DriftReport;
}
