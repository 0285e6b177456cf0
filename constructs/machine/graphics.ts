import { Size } from "../core/size";

/**
 * A graphical console that a viewer can connect to.
 *
 * @see https://libvirt.org/formatdomain.html#graphical-framebuffers
 */
export interface Graphics {
  /** The protocol. */
  readonly type: "vnc" | "spice";

  /**
   * The host's address that the console listens on.
   *
   * @default "127.0.0.1"
   */
  readonly listen?: string;

  /**
   * The host's port that the console listens on, from 5900 to 65535. No other machine on the host may have it.
   *
   * @default - libvirt chooses a free port at each start
   */
  readonly port?: number;

  /**
   * The password that a viewer must enter, with VNC at most 8 characters. Neither the state nor a plan contains it.
   *
   * @default - no password
   */
  readonly password?: string;

  /**
   * Version of `password`, at least 1. Increase it with each new password: the password is set when the version
   * changes, also while the machine runs.
   *
   * @default 1
   */
  readonly passwordVersion?: number;
}

/**
 * A graphics card.
 *
 * @see https://libvirt.org/formatdomain.html#video-devices
 */
export interface Video {
  /**
   * The card that the guest sees. Use `virtio` for guests that have a driver for it. `none` removes the card, also if
   * the machine has a graphical console.
   */
  readonly model: "virtio" | "qxl" | "vga" | "cirrus" | "bochs" | "ramfb" | "none";

  /**
   * Video memory, in whole KiB.
   *
   * @default - libvirt's default for the model
   */
  readonly memory?: Size;

  /**
   * Number of screens, from 1 to 16.
   *
   * @default 1
   */
  readonly heads?: number;

  /**
   * Whether the guest draws with the host's graphics card. It requires model `virtio`.
   *
   * @default false
   */
  readonly accel3d?: boolean;
}
