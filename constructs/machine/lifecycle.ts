import type { Size } from "../core/size";

/**
 * A run state.
 *
 * A `paused` machine keeps its memory in the host's memory. A `saved` one keeps it on the host's disk (libvirt's managed
 * save) and resumes from there where it stopped.
 */
export type MachineState = "running" | "paused" | "saved" | "stopped";

/**
 * How a change is handled that a running guest cannot take over.
 *
 * - `live-only`: the plan fails
 * - `defer`: the change takes effect when the guest next starts
 * - `restart`: the guest is shut down and started again to apply the change
 */
export type ChangePolicy = "live-only" | "defer" | "restart";

/**
 * How a machine is shut down, when it is stopped, restarted, replaced or destroyed.
 *
 * @see https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainShutdownFlags
 */
export interface Shutdown {
  /**
   * Seconds that the guest has to shut down. 0 cuts its power at once.
   *
   * @default 30
   */
  readonly timeout?: number;

  /**
   * How the guest is told to shut down: by the ACPI power button, or by the guest agent, which requires `guestAgent`.
   *
   * @default - the guest agent if it is connected, the power button otherwise
   */
  readonly mode?: "acpi" | "agent";

  /**
   * What happens after `timeout`: `force` cuts the guest's power, `fail` keeps it running and fails the change.
   *
   * @default "force"
   */
  readonly onTimeout?: "force" | "fail";
}

/**
 * How a machine migrates while it runs, when its `host` changes.
 *
 * @see https://libvirt.org/migration.html
 */
export interface Migration {
  /**
   * The bandwidth, per second, for the memory and for each disk that is copied: a whole number of MiB.
   *
   * @default - no limit
   */
  readonly bandwidth?: Size;

  /**
   * The longest pause of the guest at the end of the migration, in milliseconds, from 1 to 2,000,000.
   *
   * @default - QEMU's default, 300
   */
  readonly downtime?: number;

  /**
   * Whether the guest is slowed down if it changes its memory faster than the memory can be sent.
   *
   * @default false
   */
  readonly autoConverge?: boolean;

  /**
   * Whether `onTimeout: "force"` may let the guest continue on the new host before all of its memory has been sent.
   *
   * If the connection between the hosts is lost in that phase, the guest is lost.
   *
   * @default false
   */
  readonly postCopy?: boolean;

  /**
   * How the memory is compressed while it is sent.
   *
   * `zlib` and `zstd` compress memory that is sent over parallel connections; libvirt 9.0 does not know them. `xbzrle` cannot
   * be combined with `parallelConnections`.
   *
   * @default - no compression
   */
  readonly compression?: "xbzrle" | "zlib" | "zstd";

  /**
   * Number of connections over which the memory is sent, at least 2.
   *
   * @default - one connection; 2 with compression `zlib` and `zstd`
   */
  readonly parallelConnections?: number;

  /**
   * Whether the memory and the disks are encrypted while they are sent, with the certificates that `qemu.conf` on the hosts
   * names.
   *
   * @default false
   */
  readonly tls?: boolean;

  /**
   * Seconds after which `onTimeout` applies.
   *
   * @default - no time limit
   */
  readonly timeout?: number;

  /**
   * What happens to a migration that has not finished within `timeout`, which is required.
   *
   * - `abort`: the migration is cancelled and the guest stays on its host
   * - `suspend`: the guest is paused until the migration has finished
   * - `force`: the guest is switched over at once. With `postCopy` it keeps running, otherwise it is paused for as long as
   *   the rest of its memory takes
   *
   * @default "abort"
   */
  readonly onTimeout?: "abort" | "suspend" | "force";

  /**
   * Whether the hosts share the machine's disks (`shared`) or the disks are copied (`copy`). With `auto` the disks in pools
   * of the same network storage are shared and all others are copied.
   *
   * @default "auto"
   */
  readonly storage?: "auto" | "shared" | "copy";
}
