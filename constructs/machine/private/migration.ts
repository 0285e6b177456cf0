import type { DomainMigration } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import type { Migration } from "../lifecycle";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";

/** The longest pause that QEMU 7.2 can be told, in milliseconds. */
const longestPause = 2_000_000;

/** How one virtual machine moves, as the domain is given it. */
export function makeMigration(machine: IConstruct, migration: Migration | undefined): DomainMigration | undefined {
  if (migration === undefined) {
    return undefined;
  }
  const { bandwidth, timeout, onTimeout, ...others } = migration;
  checkUnits(machine, "migration.bandwidth", bandwidth, "MiB");
  checkWhole(machine, "migration.downtime", migration.downtime, { least: 1, most: longestPause });
  checkWhole(machine, "migration.parallelConnections", migration.parallelConnections, { least: 2 });
  checkWhole(machine, "migration.timeout", timeout, { least: 1 });
  if (onTimeout !== undefined && timeout === undefined) {
    addError(
      machine,
      `'migration.onTimeout' must go with a 'migration.timeout', got '${onTimeout}' alone; say after how many seconds`,
    );
  }
  if (migration.compression === "xbzrle" && migration.parallelConnections !== undefined) {
    addError(
      machine,
      "'migration.compression' must be 'zlib' or 'zstd' over 'parallelConnections', got 'xbzrle'; use one of them, or one connection",
    );
  }
  return { ...others, bandwidth: bandwidth?.toMebibytes("up"), timeout, onTimeout };
}
