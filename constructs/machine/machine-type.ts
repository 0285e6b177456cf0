/**
 * A machine type: the board that a guest sees.
 *
 * A name without a version is the newest version that the host has when the machine is created.
 *
 * @example
 * MachineType.of("pc-q35-7.2");
 *
 * @see https://libvirt.org/formatdomain.html#operating-system-booting
 */
export class MachineType {
  /** Q35: a board with PCI Express, in the newest version that the host has. */
  public static readonly Q35 = MachineType.of("q35");

  /** i440FX: a board of 1996 with PCI, in the newest version that the host has. For guests without support for Q35. */
  public static readonly PC = MachineType.of("pc");

  /** Any other machine type that the host has, or one version of a type, such as `pc-q35-7.2`. */
  public static of(name: string): MachineType {
    return new MachineType(name);
  }

  private constructor(public readonly name: string) {}
}
