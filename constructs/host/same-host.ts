import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import type { IHost } from "./types";

/** Whether two constructs mean the same host of the same stack. */
export function isSameHost(one: IHost, other: IHost): boolean {
  return one === other || (one.hostName === other.hostName && TerraformStack.of(one) === TerraformStack.of(other));
}

/** Checks that an object that a construct uses is on the construct's host. */
export function checkSameHost(at: IConstruct, what: string, its: IHost, host: IHost, fix: string): void {
  if (!isSameHost(its, host)) {
    addError(at, `${what} must be on host '${host.hostName}', got one on '${its.hostName}'; ${fix}`);
  }
}

/** Checks that the construct's host belongs to the construct's stack, whose provider block contains it. */
export function checkHost(at: IConstruct, host: IHost): void {
  const stack = TerraformStack.of(at);
  const other = TerraformStack.of(host);
  if (stack !== other) {
    addError(
      at,
      `'host' must be a Host of stack '${stack.node.path}', got '${host.hostName}' of '${other.node.path}'; ` +
        "add a Host with the same 'uri' to this stack",
    );
  }
}
