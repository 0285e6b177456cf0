/** How a virtual CPU relates to the host's. */
export type CpuMode = "host-passthrough" | "host-model" | "maximum" | "custom";

/**
 * What processor a guest sees.
 *
 * @example
 * Cpu.model("Skylake-Client");
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export class Cpu {
  /** The host's own, all of it; the machine can move only to hosts with the same processor. */
  public static readonly HOST_PASSTHROUGH = new Cpu("host-passthrough");

  /** The nearest that libvirt knows by name, which other hosts may have too. */
  public static readonly HOST_MODEL = new Cpu("host-model");

  /** Everything that QEMU can provide here. */
  public static readonly MAXIMUM = new Cpu("maximum");

  /** What distributions of the 2020s ask for, on every x86 host with AES and SSE 4.2. */
  public static readonly NEHALEM = Cpu.model("Nehalem");

  /** Intel servers from 2017 on. */
  public static readonly SKYLAKE_SERVER = Cpu.model("Skylake-Server");

  /** AMD servers from 2019 on. */
  public static readonly EPYC_ROME = Cpu.model("EPYC-Rome");

  /** Any other that the hosts know, by its name in `virsh cpu-models x86_64`; a token is taken as it is. */
  public static model(name: string): Cpu {
    return new Cpu("custom", name);
  }

  private constructor(
    public readonly mode: CpuMode,
    public readonly model?: string,
  ) {}
}
