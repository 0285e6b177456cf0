import type { Size } from "../core/size";

/**
 * What a machine is to be doing, whoever changes it. `paused` keeps its memory where it is, `saved` on the host's disk, from
 * where it goes on as if nothing had been.
 */
export type MachineState = "running" | "paused" | "saved" | "stopped";

/**
 * What becomes of a change that a running guest can't take over: with `live-only` the plan fails, with `defer` it waits for
 * the guest's next start, with `restart` the guest is shut down and started again for it.
 */
export type ChangePolicy = "live-only" | "defer" | "restart";

/** How a machine is shut down, when it is stopped, restarted, replaced or destroyed. */
export interface Shutdown {
  /**
   * Seconds that the guest has for it; 0 cuts its power at once.
   *
   * @default 30
   */
  readonly timeout?: number;

  /**
   * How it is asked: by the power button, or by the guest agent, which the machine then needs.
   *
   * @default - the agent where it is connected, and the power button otherwise
   */
  readonly mode?: "acpi" | "agent";

  /**
   * What happens after that time: its power is cut, or it keeps running and the change fails.
   *
   * @default "force"
   */
  readonly onTimeout?: "force" | "fail";
}

/**
 * How a machine moves while it runs, when its `host` changes.
 *
 * @see https://libvirt.org/migration.html
 */
export interface Migration {
  /**
   * What its memory, and each disk that is copied, may take a second: a whole number of MiB.
   *
   * @default - no limit
   */
  readonly bandwidth?: Size;

  /**
   * Milliseconds that the guest may pause at the end.
   *
   * @default - QEMU's own 300
   */
  readonly downtime?: number;

  /**
   * Whether the guest is slowed down where it changes its memory faster than that can be sent.
   *
   * @default false
   */
  readonly autoConverge?: boolean;

  /**
   * Whether the guest may go on at its new host before all its memory is there. It is lost if the connection then is.
   *
   * @default false
   */
  readonly postCopy?: boolean;

  /**
   * How memory is compressed on its way; `zlib` and `zstd` are for memory that goes over `parallelConnections`.
   *
   * @default - not at all
   */
  readonly compression?: "xbzrle" | "zlib" | "zstd";

  /**
   * Over how many connections memory goes, at least 2.
   *
   * @default - one; with `zlib` and `zstd` 2
   */
  readonly parallelConnections?: number;

  /**
   * Whether memory and disks are encrypted on their way, with the certificates that the hosts' `qemu.conf` names.
   *
   * @default false
   */
  readonly tls?: boolean;

  /**
   * Seconds after which `onTimeout` is done.
   *
   * @default - it may take as long as it does
   */
  readonly timeout?: number;

  /**
   * What becomes of a guest that has not arrived by then: `abort` leaves it where it is, `suspend` pauses it until it has
   * arrived, `force` sends it over at once: with `postCopy` running, otherwise with as long a pause as it takes.
   *
   * @default "abort"
   */
  readonly onTimeout?: "abort" | "suspend" | "force";

  /**
   * Whether the hosts share its disks. `auto` goes by the pools: those of one network storage are shared, others copied.
   *
   * @default "auto"
   */
  readonly storage?: "auto" | "shared" | "copy";
}
