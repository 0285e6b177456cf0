/**
 * How a security driver of the host confines a machine. Without a word about a driver, it gives each machine a label of its
 * own, which is what you want.
 *
 * @see https://libvirt.org/formatdomain.html#security-label
 */
export type DriverConfinement = StaticLabel | BaseLabel | Unconfined;

/** A label that you choose, such as `+1000:+1000` of `dac`, the user and the group of QEMU. */
export interface StaticLabel {
  /** The label. */
  readonly label: string;

  /**
   * Whether libvirt gives the machine's disks and other files this label at each start.
   *
   * @default false
   */
  readonly relabel?: boolean;
}

/** A context of SELinux to which libvirt adds categories of the machine's own. */
export interface BaseLabel {
  /** The context: `system_u:system_r:svirt_t:s0`. */
  readonly baseLabel: string;
}

/** No confinement by the driver. */
export interface Unconfined {
  /** Why, and until when. Plans that create or change the machine show it. */
  readonly none: string;
}

/** How the host confines a machine, by security driver. Each takes effect when the guest next starts. */
export interface Confinement {
  /**
   * AppArmor, as Debian, Ubuntu and SUSE have it.
   *
   * @default - a profile of the machine's own
   */
  readonly apparmor?: StaticLabel | Unconfined;

  /**
   * SELinux, as Fedora and Red Hat have it.
   *
   * @default - categories of the machine's own
   */
  readonly selinux?: DriverConfinement;

  /**
   * The user and the group that QEMU runs as.
   *
   * @default - those that the host's `qemu.conf` names
   */
  readonly dac?: StaticLabel | Unconfined;
}

/** How a disk is labelled: `false` leaves its label as it is, and it has to permit the machine's access already. */
export type DiskLabels = Readonly<Partial<Record<keyof Confinement, string | false>>>;
