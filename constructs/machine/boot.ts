/**
 * A kernel that is started without a boot loader.
 *
 * @see https://libvirt.org/formatdomain.html#direct-kernel-boot
 */
export interface KernelBoot {
  /** Absolute path of the kernel on the host. */
  readonly kernel: string;

  /**
   * Absolute path of its initial ramdisk on the host.
   *
   * @default - none
   */
  readonly initrd?: string;

  /**
   * What the kernel is told.
   *
   * @default - nothing
   */
  readonly commandLine?: string;
}
