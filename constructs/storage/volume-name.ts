import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import { checkName } from "../core/names";
import { reserve } from "../core/uniqueness";
import { storageOf } from "./shared-storage";
import type { IStoragePool } from "./types";

/** Checks the name of a volume, and that it is the only one of that name in its pool. */
export function checkVolumeName(at: IConstruct, property: string, name: string, pool: IStoragePool): void {
  checkName(at, property, name);
  const holder = reserve(at, "volume", storageOf(pool), name);
  if (holder !== undefined) {
    addError(
      at,
      `volume name must be unique in pool '${pool.poolName}' on host '${pool.host.hostName}', '${name}' is already used ` +
        `by ${holder.node.path}; rename one of them`,
    );
  }
}
