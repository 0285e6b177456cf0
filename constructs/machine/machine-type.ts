/**
 * What board a guest finds itself on.
 *
 * @example
 * MachineType.of("pc-q35-7.2");
 *
 * @see https://libvirt.org/formatdomain.html#operating-system-booting
 */
export class MachineType {
  /** PCI Express, as every computer since 2010; the host's newest version of it. */
  public static readonly Q35 = MachineType.of("q35");

  /** PCI of 1996, for guests that know nothing newer; the host's newest version of it. */
  public static readonly PC = MachineType.of("pc");

  /** Any other that the hosts know, or one version of one, such as `pc-q35-7.2`. */
  public static of(name: string): MachineType {
    return new MachineType(name);
  }

  private constructor(public readonly name: string) {}
}
