import type { DomainMigration } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import type { Migration } from "../lifecycle";

/** The longest downtime that QEMU 7.2 accepts, in milliseconds. */
const maxDowntime = 2_000_000;

/** Renders how a machine migrates. */
export function makeMigration(machine: IConstruct, migration: Migration | undefined): DomainMigration | undefined {
  if (migration === undefined) {
    return undefined;
  }
  const { bandwidth, timeout, onTimeout, ...others } = migration;
  checkUnits(machine, "migration.bandwidth", bandwidth, "MiB");
  checkWhole(machine, "migration.downtime", migration.downtime, { least: 1, most: maxDowntime });
  checkWhole(machine, "migration.parallelConnections", migration.parallelConnections, { least: 2 });
  checkWhole(machine, "migration.timeout", timeout, { least: 1 });
  if (onTimeout !== undefined && timeout === undefined) {
    addError(machine, `'migration.onTimeout' requires 'migration.timeout'; set the number of seconds`);
  }
  if (migration.compression === "xbzrle" && migration.parallelConnections !== undefined) {
    addError(
      machine,
      "'migration.compression' of 'xbzrle' cannot be combined with 'migration.parallelConnections'; use 'zlib' or 'zstd', or remove 'parallelConnections'",
    );
  }
  return { ...others, bandwidth: bandwidth?.toMebibytes("up"), timeout, onTimeout };
}
