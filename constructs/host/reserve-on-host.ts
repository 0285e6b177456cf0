import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import { reserve } from "../core/uniqueness";
import type { IHost } from "./types";

/** Checks that a name is unique among the names of its kind on a host, in all stacks of the app. */
export function reserveOnHost(at: IConstruct, kind: string, name: string, host: IHost): void {
  const holder = reserve(at, host.uri, kind, name);
  if (holder !== undefined) {
    addError(
      at,
      `${kind} name must be unique on host '${host.hostName}', '${name}' is already used by ${holder.node.path}; rename one of them`,
    );
  }
}
