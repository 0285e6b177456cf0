/**
 * A kernel that is started directly, without a boot loader.
 *
 * @see https://libvirt.org/formatdomain.html#direct-kernel-boot
 */
export interface KernelBoot {
  /** Absolute path of the kernel on the host. */
  readonly kernel: string;

  /**
   * Absolute path of the initial RAM disk on the host.
   *
   * @default - no initial RAM disk
   */
  readonly initrd?: string;

  /**
   * The kernel's command line.
   *
   * @default - an empty command line
   */
  readonly commandLine?: string;
}
