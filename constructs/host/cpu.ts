/**
 * How the guest's CPU relates to the host's.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export type CpuMode = "host-passthrough" | "host-model" | "maximum" | "custom";

/**
 * Whether a guest has a CPU feature.
 *
 * - `force`: the guest has it even if the host does not
 * - `require`: the guest has it, and starts only on a host that has it
 * - `optional`: the guest has it if the host has it
 * - `disable`: the guest does not have it
 * - `forbid`: the guest does not have it, and starts only on a host that lacks it
 */
export type CpuFeaturePolicy = "force" | "require" | "optional" | "disable" | "forbid";

/** The CPU cache that a guest sees: the host's, QEMU's own of level 3, or none. */
export type CpuCache = "passthrough" | "emulate" | "disable";

/**
 * Details of a CPU. A change takes effect when the guest next starts.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export interface CpuOptions {
  /**
   * Features that differ from those of the mode or the model, by libvirt's name: `vmx`, `pcid`.
   *
   * @default - the features of the mode or the model
   */
  readonly features?: Readonly<Record<string, CpuFeaturePolicy>>;

  /**
   * What libvirt compares with the host when the machine starts: nothing; whether the host has the model and the
   * features; or whether the guest gets exactly these.
   *
   * @default - `partial` for a named model with KVM, `none` otherwise
   */
  readonly check?: "none" | "partial" | "full";

  /**
   * Whether features that would keep the machine from migrating are left out. Only for the host's CPU and the maximum.
   *
   * @default true
   */
  readonly migratable?: boolean;

  /**
   * The vendor that the guest reads from the CPU, 12 characters. Only for a model and for the host's model.
   *
   * @default - the vendor of the model
   */
  readonly vendorId?: string;

  /**
   * The CPU cache that the guest sees. `passthrough` is only for the host's CPU and the maximum.
   *
   * @default - the hypervisor's choice
   */
  readonly cache?: CpuCache;

  /**
   * The size of physical addresses in bits, which limits the guest's memory; `host` for the host's size.
   *
   * @default - the hypervisor's choice
   */
  readonly physicalAddressBits?: number | "host";
}

/**
 * The CPU that a guest sees.
 *
 * @example
 * Cpu.model("Skylake-Client").with({ features: { vmx: "disable" } });
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
    public readonly options: CpuOptions = {},
  ) {}

  /** The same CPU with other details. They add to those that it has already. */
  public with(options: CpuOptions): Cpu {
    const features = { ...this.options.features, ...options.features };
    return new Cpu(this.mode, this.model, { ...this.options, ...options, features });
  }
}
