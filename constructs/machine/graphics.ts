import { Size } from "../core/size";

/**
 * A screen that can be looked at from outside.
 *
 * @see https://libvirt.org/formatdomain.html#graphical-framebuffers
 */
export interface Graphics {
  /** The protocol. */
  readonly type: "vnc" | "spice";

  /**
   * Address on the host that it is offered at.
   *
   * @default "127.0.0.1"
   */
  readonly listen?: string;

  /**
   * Port on the host, 5900 or above, and of no other machine.
   *
   * @default - libvirt chooses
   */
  readonly port?: number;

  /**
   * What a viewer must know. It is in no state and no plan.
   *
   * @default - none is asked for
   */
  readonly password?: string;

  /**
   * To be raised with each new password: then it is set, also while the machine runs.
   *
   * @default 1
   */
  readonly passwordVersion?: number;
}

/**
 * A graphics card. `virtio` is the one for guests that know it, `none` is no card at all.
 *
 * @see https://libvirt.org/formatdomain.html#video-devices
 */
export interface Video {
  /** What the guest sees. */
  readonly model: "virtio" | "qxl" | "vga" | "cirrus" | "bochs" | "ramfb" | "none";

  /**
   * Its memory, in whole KiB.
   *
   * @default - what libvirt gives the model
   */
  readonly memory?: Size;

  /**
   * How many screens it has.
   *
   * @default 1
   */
  readonly heads?: number;

  /**
   * Whether the guest draws with the host's card, with `virtio`.
   *
   * @default false
   */
  readonly accel3d?: boolean;
}
