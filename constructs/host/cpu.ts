/**
 * How the guest's CPU relates to the host's.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export type CpuMode = "host-passthrough" | "host-model" | "maximum" | "custom";

/**
 * The CPU that a guest sees.
 *
 * @example
 * Cpu.model("Skylake-Client");
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export class Cpu {
  /** The host's CPU with all its features. The machine can migrate only to hosts with the same CPU. */
  public static readonly HOST_PASSTHROUGH = new Cpu("host-passthrough");

  /** The named model nearest to the host's CPU. Other hosts may support it too. */
  public static readonly HOST_MODEL = new Cpu("host-model");

  /** Every feature that QEMU can provide on the host. */
  public static readonly MAXIMUM = new Cpu("maximum");

  /** A model that distributions of the 2020s require. Every x86 host with AES and SSE 4.2 supports it. */
  public static readonly NEHALEM = Cpu.model("Nehalem");

  /** Intel servers since 2017. */
  public static readonly SKYLAKE_SERVER = Cpu.model("Skylake-Server");

  /** AMD servers since 2019. */
  public static readonly EPYC_ROME = Cpu.model("EPYC-Rome");

  /** Any other model that the hosts support, by its name in `virsh cpu-models x86_64`. A token is accepted as it is. */
  public static model(name: string): Cpu {
    return new Cpu("custom", name);
  }

  private constructor(
    public readonly mode: CpuMode,
    public readonly model?: string,
  ) {}
}
