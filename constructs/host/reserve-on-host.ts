import type { IConstruct } from "constructs";
import { refuse } from "../core/errors";
import { claim } from "../core/uniqueness";
import type { IHost } from "./types";

/** Checks that a name is the only one of its kind on a host, in whichever stack of the app it is used. */
export function claimOnHost(at: IConstruct, kind: string, name: string, host: IHost): void {
  const holder = claim(at, host.uri, kind, name);
  if (holder !== undefined) {
    refuse(
      at,
      `${kind} name '${name}' is taken already on host '${host.hostName}' by ${holder.node.path}; give one of them another name`,
    );
  }
}
