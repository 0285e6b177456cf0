/**
 * The architecture of a machine's processors.
 *
 * @example
 * Architecture.of("riscv64");
 *
 * @see https://libvirt.org/formatdomain.html#operating-system-booting
 */
export class Architecture {
  /** 64-bit x86. */
  public static readonly X86_64 = Architecture.of("x86_64");

  /** 64-bit ARM. Its guests have machine type `virt` and UEFI, and a CPU that can run 64-bit code. */
  public static readonly AARCH64 = Architecture.of("aarch64");

  /** Any other architecture that the host has an emulator for. */
  public static of(name: string): Architecture {
    return new Architecture(name);
  }

  private constructor(public readonly name: string) {}
}
